import { failure } from '../core/failure.js';
import { seen, unknown, type Known } from '../core/known.js';
import type { Millis } from '../core/clock.js';
import type { ReadonlySeries } from './series.js';

/**
 * Slope by Theil and Sen: the median of the slopes between all pairs of points. One outlier, or the sawtooth of
 * commits, hardly moves it. Beyond `most` points an even choice of them is used.
 */
export function theilSen(times: readonly Millis[], values: readonly number[], most = 60): number | undefined {
  const step = Math.max(1, times.length / most);
  const slopes: number[] = [];
  for (let i = 0; i < times.length; i += step) {
    const a = Math.floor(i);
    for (let j = i + step; j < times.length; j += step) {
      const b = Math.floor(j);
      const dt = (times[b] ?? NaN) - (times[a] ?? NaN);
      if (dt > 0) slopes.push(((values[b] ?? NaN) - (values[a] ?? NaN)) / dt);
    }
  }
  const middle = median(slopes);
  return middle === undefined ? undefined : middle * 1000;
}

/** What a slope must rest on before it is said. */
export const enough = { samples: 4, span: 15_000 } as const;

/** Units per second over the last `window` ms up to `at`; unknown until there are enough samples over enough time. */
export function slopeOf(series: ReadonlySeries, window: Millis, at: Millis, subject: string): Known<number> {
  const { times, values } = series.since(at - window, at);
  const first = times[0];
  const last = times[times.length - 1];
  if (
    first === undefined ||
    last === undefined ||
    times.length < enough.samples ||
    last - first < enough.span
  )
    return tooEarly(subject, at);
  const slope = theilSen(times, values);
  return slope === undefined ? tooEarly(subject, at) : seen(slope, last);
}

export function tooEarly<T>(subject: string, at: Millis): Known<T> {
  return unknown(
    failure('absent', subject, `needs ${enough.samples} samples over ${enough.span / 1000} s`),
    at,
  );
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

export function median(values: readonly number[]): number | undefined {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  const upper = sorted[half];
  if (upper === undefined) return undefined;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? upper) + upper) / 2;
}
