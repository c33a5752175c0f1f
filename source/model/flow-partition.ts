import type { Millis } from '../core/clock.js';
import { failure, type Failure } from '../core/failure.js';
import { lost, seen, unknown, type Known } from '../core/known.js';
import { PartitionPosition, type Copying } from './positions.js';
import { CounterRate } from './rates.js';
import type { RemovalPace } from './removal-pace.js';
import { drawn } from './lag.js';
import type { PartitionSeries } from './lag-history.js';
import type { LagBounds } from './snapshot.js';

/** One source partition of a flow: where MirrorMaker 2 stands in it, and how fast both ends grow. */
export class FlowPartition {
  readonly position: PartitionPosition;
  /** Growth of the source's end: what producers append. */
  readonly arrival = new CounterRate();
  /** Growth of the target's end: what MirrorMaker 2 writes. */
  readonly write = new CounterRate();
  lag: Known<LagBounds>;
  sourceFailed: Failure | undefined;
  targetFailed: Failure | undefined;
  /** Records/s that retention removes at the source; NaN until enough of it was seen. */
  removal = NaN;
  /** First offset that the source still has; NaN where not known. */
  start = NaN;
  private flushed = NaN;
  private flushedAt: Millis = NaN;

  constructor(
    readonly topic: string,
    readonly partition: number,
    readonly series: PartitionSeries,
    copying: Copying,
    at: Millis,
  ) {
    this.position = new PartitionPosition(copying);
    this.lag = unknown(failure('early', this.subject, 'its offsets were not read yet'), at);
  }

  /** Where the flushed position moved: the time since it last did, NaN at the first time. Else undefined. */
  observeFlushed(asked: Millis, answered: Millis, offset: number): Millis | undefined {
    const moved = offset > this.flushed;
    const before = this.flushedAt;
    this.flushed = offset;
    this.position.observeN(asked, answered, offset);
    if (!moved) return undefined;
    this.flushedAt = answered;
    return answered - before;
  }

  observeStart(offset: number, removals: RemovalPace, at: Millis): void {
    this.removal = removals.push(this.partition, at, offset, this.start);
    this.start = offset;
    this.position.observeStart(offset);
  }

  observeTarget(
    asked: Millis,
    answered: Millis,
    end: number,
    failed: Failure | undefined,
    flush: Millis,
    epoch = NaN,
  ): void {
    this.targetFailed = failed;
    if (failed !== undefined) this.position.targetLost();
    else if (!Number.isNaN(end)) {
      this.position.observeT(asked, answered, end, flush, epoch);
      this.write.push(answered, end);
    }
  }

  observeSource(
    asked: Millis,
    answered: Millis,
    end: number,
    failed: Failure | undefined,
    epoch = NaN,
  ): void {
    this.sourceFailed = failed;
    if (failed === undefined && !Number.isNaN(end)) {
      this.position.observeS(asked, answered, end, epoch);
      this.arrival.push(answered, end);
    }
    this.judge(answered);
    this.series.push(answered, 'value' in this.lag ? drawn(this.lag.value) : NaN);
  }

  /** Records/s that producers append, over (about) the last `window` ms. */
  arrivalRate(window: Millis): Known<number> {
    const at = this.arrival.newest;
    const perSecond = this.arrival.perSecond(window);
    const subject = `arrival of ${this.topic}/${this.partition}`;
    const since = Number.isNaN(at) ? 0 : at;
    if (this.sourceFailed !== undefined) return unknown(this.sourceFailed, since);
    return perSecond === undefined
      ? unknown(failure('early', subject, 'needs two readings'), since)
      : seen(perSecond, at);
  }

  /** Brings `lag` up to date with what was observed; it is as old as the pair of end offsets that it rests on. */
  private judge(at: Millis): void {
    const bounds = this.position.bounds();
    if (this.sourceFailed !== undefined) this.lag = lost(this.lag, this.sourceFailed, at);
    else if (bounds !== undefined) {
      const pair = this.position.difference;
      this.lag = seen(pair ? { ...bounds, asked: pair.asked } : bounds, pair?.at ?? at);
    } else this.lag = lost(this.lag, failure('early', this.subject, 'no flushed position yet'), at);
  }

  private get subject(): string {
    return `lag of ${this.topic}/${this.partition}`;
  }
}
