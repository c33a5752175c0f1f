import type { Millis } from '../core/clock.js';
import { failure } from '../core/failure.js';
import { isKnown, mapKnown, seen, unknown, type Known } from '../core/known.js';
import type { Picture } from './columns.js';
import type { CommitStory } from './commit-events.js';
import type { CommitEvent } from './commit-view.js';
import { GroupRow, type RowFacts } from './group-row.js';
import { column } from './group-topic-columns.js';
import type { LagHistory } from './lag-history.js';
import type { ReadonlySeries } from './series.js';
import type { GroupPartitionView, TimeLag } from './snapshot.js';
import type { TopicOffsets } from './topic-offsets.js';
import { fact, type Troubles } from './troubles.js';

/** What befell a group's commits in a topic, and where the past lies: line by partition, −1 where it had no commit. */
export type TopicLineUp = {
  readonly topic: string;
  readonly history: LagHistory;
  readonly moment: number;
  readonly lines: Int32Array;
  /** Of all time: it goes on. */
  readonly rewinds: ReadonlyMap<number, readonly Millis[]>;
  readonly story: CommitStory;
};

export type TopicPicture = Pick<
  GroupTopicPicture,
  'topic' | 'each' | 'has' | 'lag' | 'lagNow' | 'lastLag' | 'view'
>;

/** What a group had committed in a topic at one moment; rows are made when they are asked for. */
export class GroupTopicPicture implements RowFacts {
  constructor(
    readonly topic: string,
    private readonly cells: Picture,
    private readonly troubles: Troubles,
    private readonly history: LagHistory,
    private readonly moment: number,
    private readonly lines: Int32Array,
    private readonly rewinds: ReadonlyMap<number, readonly Millis[]>,
    readonly story: CommitStory,
    private readonly ends: ReturnType<TopicOffsets['picture']> | undefined,
  ) {}

  each(look: (partition: number) => void): void {
    for (let p = 0; p < this.lines.length; p++) if (this.has(p)) look(p);
  }

  /** Partitions from 0 on, among them those without a commit. */
  get rows(): number {
    return this.lines.length;
  }

  has(partition: number): boolean {
    return (this.lines[partition] ?? -1) !== -1;
  }

  /** NaN where not known. */
  lagNow(partition: number): number {
    const isTold = Number.isNaN(this.cells.get(column.lagTrouble, partition));
    return isTold ? this.cells.get(column.lag, partition) : NaN;
  }

  /** As it was last known; NaN where it never was. */
  lastLag(partition: number): number {
    return this.cells.get(column.lag, partition);
  }

  lag(partition: number): Known<number> {
    return fact(this.cells, this.troubles, column.lag, partition) ?? this.unread('lag', partition);
  }

  view(partition: number, owner: string | undefined, leader: number | undefined): GroupPartitionView {
    return new GroupRow(this, partition, owner, leader);
  }

  committed(partition: number): Known<number> {
    return fact(this.cells, this.troubles, column.committed, partition) ?? this.unread('commit', partition);
  }

  end(partition: number): Known<number> {
    return this.ends?.end(partition) ?? this.unread('end', partition);
  }

  start(partition: number): Known<number> {
    return this.ends?.start(partition) ?? this.unread('log start', partition);
  }

  consume(partition: number): Known<number> {
    const perSecond = this.cells.get(column.consumed, partition);
    return this.rate('consumption', partition, perSecond, this.committedAt(partition));
  }

  arrival(partition: number): Known<number> {
    const at = timeOf(this.ends?.end(partition)) ?? this.committedAt(partition);
    return this.rate('arrival', partition, this.ends?.arrival(partition) ?? NaN, at);
  }

  series(partition: number): ReadonlySeries {
    return this.history.series(this.lines[partition] ?? -1, this.moment);
  }

  rewindsOf(partition: number): readonly Millis[] {
    return this.rewinds.get(partition) ?? [];
  }

  eventsOf(partition: number): readonly CommitEvent[] {
    return this.story.events.filter(e => e.partition === partition);
  }

  /** Since when its commit is what it is, NaN where not known; negative where it was when kmon first looked. */
  unmovedSince(partition: number): Millis {
    return this.cells.get(column.unmoved, partition);
  }

  /** (C − S) ÷ (R − Q): what is left before the commit, at the pace at which retention gains on it. */
  timeToLoss(partition: number): Known<Millis> {
    const subject = `time to loss of ${this.topic}/${partition}`;
    const committed = this.committed(partition);
    if (!isKnown(committed)) return committed;
    if (this.ends?.compacted === true)
      return unknown(failure('unsupported', subject, 'compaction removes records too'), committed.at);
    const start = this.start(partition);
    if (!isKnown(start)) return unknown(start.unknown, start.since);
    const left = committed.value - start.value;
    if (left <= 0) return seen(0, start.at);
    const [removal, consumed] = [this.removal(partition), this.cells.get(column.consumed, partition)];
    if (!isKnown(removal)) return unknown(removal.unknown, removal.since);
    if (Number.isNaN(consumed)) return unknown(failure('early', subject, 'needs two readings'), committed.at);
    if (removal.value <= consumed)
      return unknown(failure('unsupported', subject, 'retention does not gain on it'), start.at);
    return seen((left / (removal.value - consumed)) * 1000, start.at);
  }

  unmoved(partition: number): GroupPartitionView['unmoved'] {
    const since = this.unmovedSince(partition);
    if (Number.isNaN(since)) return this.unread('commit', partition);
    return seen({ since: Math.abs(since), bound: since < 0 }, this.committedAt(partition));
  }

  removal(partition: number): Known<number> {
    const perSecond = this.ends?.removal(partition) ?? NaN;
    const at = timeOf(this.ends?.start(partition)) ?? this.committedAt(partition);
    if (!Number.isNaN(perSecond)) return seen(perSecond, at);
    const subject = `removal of ${this.topic}/${partition}`;
    const detail = 'the log start has not moved often enough: a log begins at a segment';
    return unknown(failure('early', subject, detail), at);
  }

  timeLag(partition: number): Known<TimeLag> {
    const lag = this.lag(partition);
    if (!isKnown(lag)) return unknown(lag.unknown, lag.since);
    const age = this.cells.get(column.age, partition);
    if (!Number.isNaN(age)) return seen({ ms: Math.abs(age), bound: age < 0 }, lag.at);
    const subject = `time lag of ${this.topic}/${partition}`;
    return unknown(failure('early', subject, 'needs two readings of the log end'), lag.at);
  }

  lost(partition: number): Known<number> {
    if (this.ends?.compacted === true) {
      const subject = `records lost of ${this.topic}/${partition}`;
      return unknown(
        failure('unsupported', subject, 'compaction removes records too'),
        this.committedAt(partition),
      );
    }
    const start = this.start(partition);
    const committed = this.committed(partition);
    if (!isKnown(committed)) return committed;
    return mapKnown(start, first => Math.max(0, first - committed.value));
  }

  private rate(what: string, partition: number, perSecond: number, at: Millis): Known<number> {
    if (!Number.isNaN(perSecond)) return seen(perSecond, at);
    const subject = `${what} of ${this.topic}/${partition}`;
    return unknown(failure('early', subject, 'needs two readings'), at);
  }

  private unread<T = never>(what: string, partition: number): Known<T> {
    const subject = `${what} of ${this.topic}/${partition}`;
    return unknown(failure('early', subject, 'its offsets were not read yet'), this.committedAt(partition));
  }

  /** 0 where it was never read. */
  private committedAt(partition: number): Millis {
    const at = this.cells.get(column.committedAt, partition);
    return Number.isNaN(at) ? 0 : at;
  }
}

function timeOf(k: Known<unknown> | undefined): Millis | undefined {
  return k && (isKnown(k) ? k.at : k.since);
}
