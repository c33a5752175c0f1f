import type { Millis } from '../core/clock.js';
import type { Known } from '../core/known.js';
import type { CommitEvent } from './commit-view.js';
import type { ReadonlySeries } from './series.js';
import type { GroupPartitionView, TimeLag } from './snapshot.js';

/** A fact of a partition at one moment, each asked for by its number: they never change. */
export type RowFacts = {
  readonly topic: string;
  committed(partition: number): Known<number>;
  end(partition: number): Known<number>;
  lag(partition: number): Known<number>;
  timeLag(partition: number): Known<TimeLag>;
  lost(partition: number): Known<number>;
  consume(partition: number): Known<number>;
  arrival(partition: number): Known<number>;
  series(partition: number): ReadonlySeries;
  rewindsOf(partition: number): readonly Millis[];
  eventsOf(partition: number): readonly CommitEvent[];
  unmoved(partition: number): GroupPartitionView['unmoved'];
  start(partition: number): Known<number>;
  removal(partition: number): Known<number>;
  timeToLoss(partition: number): Known<Millis>;
};

/**
 * A partition of a group, of which every fact is made when it is read: there are a dozen, each with its reason where it is not known,
 * and who looks at thousands of rows reads two or three of them.
 */
export class GroupRow implements GroupPartitionView {
  /** Hidden also from who lists what a row says. */
  readonly #facts: RowFacts;

  constructor(
    facts: RowFacts,
    readonly partition: number,
    readonly owner: string | undefined,
    readonly leader: number | undefined,
  ) {
    this.#facts = facts;
  }

  get topic(): string {
    return this.#facts.topic;
  }

  get committed(): Known<number> {
    return this.#facts.committed(this.partition);
  }

  get end(): Known<number> {
    return this.#facts.end(this.partition);
  }

  get lag(): Known<number> {
    return this.#facts.lag(this.partition);
  }

  get timeLag(): Known<TimeLag> {
    return this.#facts.timeLag(this.partition);
  }

  get lost(): Known<number> {
    return this.#facts.lost(this.partition);
  }

  get consume(): Known<number> {
    return this.#facts.consume(this.partition);
  }

  get arrival(): Known<number> {
    return this.#facts.arrival(this.partition);
  }

  get series(): ReadonlySeries {
    return this.#facts.series(this.partition);
  }

  get rewinds(): readonly Millis[] {
    return this.#facts.rewindsOf(this.partition);
  }

  get events(): readonly CommitEvent[] {
    return this.#facts.eventsOf(this.partition);
  }

  get unmoved(): GroupPartitionView['unmoved'] {
    return this.#facts.unmoved(this.partition);
  }

  get start(): Known<number> {
    return this.#facts.start(this.partition);
  }

  get removal(): Known<number> {
    return this.#facts.removal(this.partition);
  }

  get timeToLoss(): Known<Millis> {
    return this.#facts.timeToLoss(this.partition);
  }
}
