import type { Millis } from '../core/clock.js';
import { failure, type Failure } from '../core/failure.js';
import { isKnown, lost, orNaN, seen, unknown, type Known } from '../core/known.js';
import type { FlowPartition } from './flow-partition.js';
import type { History } from './history.js';
import { drawn, totalLag } from './lag.js';
import type { Series } from './series.js';
import type { LagBounds } from './snapshot.js';
import { behindBy, meansLately, type Means } from './spans.js';
import { enough, slopeOf, tooEarly } from './trend.js';

/** Over (about) so long rates by end offsets are means. */
export const rateWindow: Millis = 30_000;
const slopeWindow: Millis = 60_000;
/** A trend that has turned is said from this on: a minute's slope would still praise or blame what has ended. */
const turnWindow: Millis = 25_000;

/** What the ends of both clusters come to, all partitions of a flow together: its lag, how that grows, what arrives and what is written. */
export class FlowLag {
  readonly series: Readonly<Record<'lag' | 'arrival' | 'write', Series>>;
  lag: Known<LagBounds>;
  slope: Known<number>;
  arrival: Known<number>;
  write: Known<number>;
  /** Σ (S − T) over time, of the same `paired` partitions. */
  private readonly difference: Series;
  private paired = 0;

  constructor(
    private readonly connector: string,
    history: History,
    at: Millis,
  ) {
    this.difference = history.forFlow();
    const not = (what: string): Known<never> =>
      unknown(failure('early', `${what} of ${connector}`, 'not observed yet'), at);
    this.write = not('write rate');
    this.arrival = not('arrival rate');
    this.lag = not('lag');
    this.slope = not('growth of lag');
    this.series = { write: history.forFlow(), arrival: history.forFlow(), lag: history.forFlow() };
  }

  /**
   * Brings lag and rates up to date after the source's ends were read. `told`: records/s that tasks say they write, as means, for where the
   * target's end is no measure; `restarted`: when they last were.
   */
  judge(all: readonly FlowPartition[], told: Means, restarted: Millis | undefined, at: Millis): void {
    this.lag = totalLag(
      `lag of ${this.connector}`,
      all.map(p => p.lag),
      this.lag,
      at,
    );
    this.series.lag.push(at, isKnown(this.lag) ? drawn(this.lag.value) : NaN);
    this.arrival = rate(
      `arrival rate of ${this.connector}`,
      all.map(p => ({ perSecond: p.arrival.perSecond(rateWindow), failed: p.sourceFailed })),
      this.arrival,
      at,
    );
    this.series.arrival.push(at, orNaN(this.arrival));
    this.write = rate(
      `write rate of ${this.connector}`,
      all.map(p => ({ perSecond: p.write.perSecond(rateWindow), failed: p.targetFailed })),
      this.write,
      at,
    );
    this.series.write.push(at, orNaN(this.write));
    this.slope = this.slopeNow(all, told, restarted, at);
  }

  /** Other partitions, or other positions of the same: what S − T was says nothing of what it is. */
  compareAnew(): void {
    this.difference.clear();
  }

  /** Growth of Σ (S − T), pair by pair; where the target's end is no measure, arrival less what tasks say they wrote. */
  private slopeNow(
    all: readonly FlowPartition[],
    told: Means,
    restarted: Millis | undefined,
    at: Millis,
  ): Known<number> {
    const subject = `growth of lag of ${this.connector}`;
    const failed = all.find(p => p.sourceFailed)?.sourceFailed;
    if (failed !== undefined) return lost(this.slope, failed, at);
    const pairs = all.flatMap(p => p.position.difference ?? []);
    if (pairs.length !== this.paired) this.difference.clear();
    this.paired = pairs.length;
    if (pairs.length === 0 || pairs.length < all.length)
      return this.slopeByMetrics(subject, told, restarted, at);
    const total = pairs.reduce((sum, { records }) => sum + records, 0);
    const newest = Math.max(...pairs.map(pair => pair.at));
    if (!(newest <= this.difference.timeAt(this.difference.length - 1))) this.difference.push(newest, total);
    const minute = slopeOf(this.difference, slopeWindow, at, subject);
    const recent = slopeOf(this.difference, turnWindow, at, subject);
    const turned = isKnown(minute) && isKnown(recent) && minute.value * recent.value < 0;
    return turned ? recent : minute;
  }

  private slopeByMetrics(
    subject: string,
    told: Means,
    restarted: Millis | undefined,
    at: Millis,
  ): Known<number> {
    if (restarted !== undefined && at - restarted < slopeWindow) return tooEarly(subject, at);
    const arrived = this.series.arrival.since(at - slopeWindow, at);
    const written = told.series.since(at - slopeWindow, at);
    if (arrived.times.length === 0 || written.times.length === 0)
      return lost(
        this.slope,
        failure('absent', subject, 'neither the target’s end offsets nor write rates are known'),
        at,
      );
    const span = Math.min(spanOf(arrived.times), spanOf(written.times));
    if (span < enough.span || written.times.length < enough.samples) return tooEarly(subject, at);
    return seen(this.unwritten(told, written.times, at), at);
  }

  /** Records/s that arrive and are not written, for certain: what metrics tell may be some seconds old. */
  private unwritten(told: Means, times: readonly Millis[], at: Millis): number {
    const span = Math.max(rateWindow, told.over);
    // What is a mean over more than half a minute needs so much less of a minute to be made even.
    const even = times.filter(time => time > at - Math.max(enough.span, slopeWindow + rateWindow - span));
    const arrival = { series: this.series.arrival, over: rateWindow };
    const arrived = meansLately(arrival, span, behindBy(told.over), even);
    const written = meansLately(told, span, 0, even);
    if (arrived === undefined || written === undefined) return 0;
    return Math.max(0, arrived.least - written.most) + Math.min(0, arrived.most - written.least);
  }
}

/** The sum of rates of partitions; those with one reading only do not count yet, failed ones make it unknown. */
function rate(
  subject: string,
  parts: readonly { readonly perSecond: number | undefined; readonly failed: Failure | undefined }[],
  before: Known<number>,
  at: Millis,
): Known<number> {
  const failed = parts.filter(p => p.failed !== undefined);
  const reason = failed[0]?.failed;
  if (reason !== undefined) {
    const some = failure(
      'partial',
      subject,
      `${failed.length} of ${parts.length} partitions: ${reason.subject}`,
    );
    return lost(before, failed.length === parts.length ? reason : some, at);
  }
  const rates = parts.flatMap(p => p.perSecond ?? []);
  if (rates.length === 0) return lost(before, failure('early', subject, 'needs two readings'), at);
  return seen(
    rates.reduce((a, b) => a + b, 0),
    at,
  );
}

function spanOf(times: readonly Millis[]): Millis {
  return (times[times.length - 1] ?? 0) - (times[0] ?? 0);
}
