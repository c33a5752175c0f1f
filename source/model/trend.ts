import { duration } from '../core/units.js';
import { failure } from '../core/failure.js';
import { seen, unknown, type Known } from '../core/known.js';
import type { Millis } from '../core/clock.js';
import { middle } from './middle.js';
import type { Points, ReadonlySeries } from './series.js';

/** Where slopes are put together: all groups ask at every tick. */
let slopes = new Float64Array(2_048);

/**
 * Slope by Theil and Sen: the median of the slopes between all pairs of points. One outlier, or the sawtooth of
 * commits, hardly moves it. Beyond `most` points an even choice of them is used.
 */
export function theilSen(times: readonly Millis[], values: readonly number[], most = 60): number | undefined {
  const step = Math.max(1, times.length / most);
  const chosen = Math.ceil(times.length / step) + 1;
  if (slopes.length < (chosen * chosen) / 2) slopes = new Float64Array(Math.ceil((chosen * chosen) / 2));
  let size = 0;
  for (let i = 0; i < times.length; i += step) {
    const a = Math.floor(i);
    for (let j = i + step; j < times.length; j += step) {
      const b = Math.floor(j);
      // In seconds before the division: a rate ÷ ms × 1000 is rounded twice, and may leave the range of the steps.
      const seconds = ((times[b] ?? NaN) - (times[a] ?? NaN)) / 1000;
      if (seconds > 0) slopes[size++] = ((values[b] ?? NaN) - (values[a] ?? NaN)) / seconds;
    }
  }
  return middle(slopes, size);
}

/**
 * What a slope must rest on before it is said: three of the intervals of 5 s at which positions are asked for, each of which may be a second
 * shorter. A span of 15 s would wait for a fifth sample wherever they lie a little closer.
 */
export const enough = { samples: 4, span: 12_000 } as const;

/** `needs 4 samples over 12 s` */
export const needsEnough = `needs ${enough.samples} samples over ${duration(enough.span)}`;

/** Whether there are enough samples for `slopeOf`: costs next to nothing. */
export function hasSlope(series: ReadonlySeries, window: Millis, at: Millis): boolean {
  let count = 0;
  let first = NaN;
  let last = NaN;
  const end = series.countUpTo(at);
  for (let i = series.countUpTo(at - window); i < end; i++) {
    if (Number.isNaN(series.valueAt(i))) continue;
    last = series.timeAt(i);
    if (count++ === 0) first = last;
  }
  return count >= enough.samples && last - first >= enough.span;
}

/** Units per second over the last `window` ms up to `at`; unknown until there are enough samples over enough time. */
export function slopeOf(series: ReadonlySeries, window: Millis, at: Millis, subject: string): Known<number> {
  if (!hasSlope(series, window, at)) return tooEarly(subject, at);
  const { times, values } = series.since(at - window, at);
  const slope = theilSen(times, values);
  return slope === undefined ? tooEarly(subject, at) : seen(slope, times[times.length - 1] ?? at);
}

export function tooEarly<T>(subject: string, at: Millis): Known<T> {
  return unknown(failure('early', subject, needsEnough), at);
}

/** What "rising" is judged by; see `trendOf`. */
export const risingWhen = {
  /** At least so much of what arrives is not consumed. */
  effect: 0.03,
  /** One-sided 1 % of the normal distribution. */
  z: 2.33,
  /** The newest part, which must rise too. */
  recent: 300_000,
  /** The least that is judged, and so many commit periods at least: lag is a sawtooth of that period. */
  window: 900_000,
  commitPeriods: 10,
} as const;

/** As many points as the test looks at: 4,005 pairs. */
const mostPoints = 90;

export type Trend = {
  readonly rising: boolean;
  /** Records/s over the window, by Theil and Sen, and over the newest five minutes of it. */
  readonly slope: number;
  readonly recent: number;
  /** Growth as a share of what arrives, 0…1 for a growing lag. */
  readonly effect: number;
  /** By Mann and Kendall: how surely it is no accident, were the samples independent. */
  readonly z: number;
  /** What it was judged over, ms, and how many samples that were. */
  readonly over: Millis;
  readonly samples: number;
};

/**
 * Whether a lag rises: by at least 3 % of what arrives (its growth is arrival − consumption), by Mann and Kendall, and still. The
 * effect is what keeps false alarms away: queues are autocorrelated, so that Mann and Kendall alone call one healthy group in seven
 * rising. Unknown until five minutes and ten commit periods were seen.
 */
export function trendOf(
  series: ReadonlySeries,
  {
    consume,
    commitPeriod,
    at,
  }: { readonly consume: number; readonly commitPeriod: Millis; readonly at: Millis },
  subject: string,
): Known<Trend> {
  const periods = risingWhen.commitPeriods * commitPeriod;
  const { times, values } = thinned(series.since(at - Math.max(risingWhen.window, periods), at));
  const last = times[times.length - 1] ?? NaN;
  const over = last - (times[0] ?? NaN);
  const least = Math.max(risingWhen.recent, periods);
  const newest = series.since(at - risingWhen.recent, at);
  const slope = theilSen(times, values, mostPoints);
  const recent = theilSen(newest.times, newest.values);
  // Samples lie apart: a window is full but for the time between two of them.
  if (!(over >= 0.9 * least) || slope === undefined || recent === undefined)
    return unknown(failure('early', subject, `needs ${duration(least)} of samples`), at);
  const arrival = consume + slope;
  const effect = arrival > 0 ? slope / arrival : 0;
  const z = mannKendall(values);
  const rising = effect >= risingWhen.effect && z > risingWhen.z && recent > 0;
  return seen({ rising, slope, recent, effect, z, over, samples: times.length }, last);
}

/** The test of Mann and Kendall for a trend: a standard normal number where there is none and samples are independent. */
export function mannKendall(values: readonly number[]): number {
  const n = values.length;
  const ties = new Map<number, number>();
  let s = 0;
  for (const [i, a] of values.entries()) {
    ties.set(a, (ties.get(a) ?? 0) + 1);
    for (let j = i + 1; j < n; j++) s += Math.sign((values[j] ?? NaN) - a);
  }
  let variance = n * (n - 1) * (2 * n + 5);
  for (const t of ties.values()) variance -= t * (t - 1) * (2 * t + 5);
  return s === 0 || variance === 0 ? 0 : (s - Math.sign(s)) / Math.sqrt(variance / 18);
}

/** An even choice of them, the newest included. */
function thinned({ times, values }: Points): Points {
  const n = times.length;
  if (n <= mostPoints) return { times, values };
  const chosen = Array.from({ length: mostPoints }, (_, i) => Math.round((i * (n - 1)) / (mostPoints - 1)));
  return { times: chosen.map(i => times[i] ?? NaN), values: chosen.map(i => values[i] ?? NaN) };
}

/**
 * Time until lag is 0: lag ÷ (consume − arrival), said only where consumption exceeds arrival by 2 % or more;
 * below that the quotient is noise.
 */
export function drainTime(
  subject: string,
  lag: Known<number>,
  slope: Known<number>,
  consume: Known<number>,
  at: Millis,
): Known<Millis> {
  const why = `time to drain of ${subject}`;
  if (!('value' in lag)) return unknown(lag.unknown, lag.since);
  if (lag.value === 0) return seen(0, lag.at);
  if (!('value' in slope)) return unknown(slope.unknown, slope.since);
  const pace = -slope.value;
  const arrival = 'value' in consume ? Math.max(0, consume.value - pace) : 0;
  if (pace <= 0 || pace < 0.02 * arrival)
    return unknown(failure('unsupported', why, 'it does not drain'), at);
  return seen((lag.value / pace) * 1000, lag.at);
}

export function median(values: ArrayLike<number>): number | undefined {
  return middle(Float64Array.from(values));
}
