import type { Millis } from '../core/clock.js';
import { failure } from '../core/failure.js';
import { isKnown, seen, unknown, type Known } from '../core/known.js';
import type { TopicLineUp, TopicPicture } from './group-topic-picture.js';
import { unkept } from './not-kept.js';
import { SamplesUntil } from './samples-until.js';
import type { ReadonlySeries } from './series.js';
import type { GroupPartitionView } from './snapshot.js';

/**
 * What a group had committed in a topic at a past moment, of which the history of each partition's lag is left: for the rest of
 * what is known of a partition, times all partitions of all groups, there is no memory.
 */
export class PastTopicPicture implements TopicPicture {
  readonly topic: string;

  constructor(
    private readonly lineUp: TopicLineUp,
    /** Of the whole group. */
    private readonly groupLag: Known<number>,
    private readonly at: Millis,
  ) {
    this.topic = lineUp.topic;
  }

  each(look: (partition: number) => void): void {
    for (let p = 0; p < this.lineUp.lines.length; p++) if (this.has(p)) look(p);
  }

  has(partition: number): boolean {
    return (this.lineUp.lines[partition] ?? -1) !== -1;
  }

  lag(partition: number): Known<number> {
    const series = this.series(partition);
    const lag = series.at(this.at);
    if (!Number.isNaN(lag)) return seen(lag, series.timeBefore(this.at));
    if (series.length > 0 && !isKnown(this.groupLag))
      return unknown(this.groupLag.unknown, this.groupLag.since);
    const detail = series.length > 0 ? 'it was not known then' : 'its history was not kept';
    return unknown(failure('absent', `lag of ${this.name(partition)}`, detail), this.at);
  }

  /** Of then. */
  lagNow(partition: number): number {
    return this.lastLag(partition);
  }

  lastLag(partition: number): number {
    return this.series(partition).at(this.at);
  }

  view(partition: number, owner: string | undefined, leader: number | undefined): GroupPartitionView {
    return {
      topic: this.topic,
      partition,
      committed: this.unkept('commit', partition),
      end: this.unkept('log end', partition),
      lag: this.lag(partition),
      timeLag: this.unkept('time lag', partition),
      lost: this.unkept('records lost', partition),
      consume: this.unkept('consumption', partition),
      arrival: this.unkept('arrival', partition),
      series: this.series(partition),
      ...(owner !== undefined && { owner }),
      ...(leader !== undefined && { leader }),
      rewinds: (this.lineUp.rewinds.get(partition) ?? []).filter(at => at <= this.at),
      events: this.lineUp.story.events.filter(e => e.partition === partition),
      unmoved: this.unkept('age of the commit', partition),
      start: this.unkept('log start', partition),
      removal: this.unkept('removal', partition),
      timeToLoss: this.unkept('time to loss', partition),
    };
  }

  private series(partition: number): ReadonlySeries {
    const { history, lines, moment } = this.lineUp;
    return new SamplesUntil(history.series(lines[partition] ?? -1, moment), this.at);
  }

  private unkept(what: string, partition: number): Known<never> {
    return unkept(`${what} of ${this.name(partition)}`, this.at);
  }

  private name(partition: number): string {
    return `${this.topic}/${partition}`;
  }
}
