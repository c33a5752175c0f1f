import type { Millis } from '../core/clock.js';
import type { ReadonlySeries } from './series.js';

/** Rates are told every few seconds. */
const step: Millis = 5_000;
const shortest: Millis = 1_000;
/** No means are over longer than the five minutes of a seldom scrape; a broken recording may say so, and is not laid out in full. */
const longest: Millis = 900_000;

/** A rate over time, of which each value is the mean of the `over` ms before it. */
export type Means = { readonly series: ReadonlySeries; readonly over: Millis };

/**
 * Rates of end offsets are means of half a minute, those of a metrics store of five minutes where it scrapes seldom, and what a scrape
 * tells is some seconds old. Side by side they differ in the first seconds of each burst, though nobody falls behind. So they are
 * compared over one span, which is laid out with values that each reach `over` back.
 *
 * Undefined where nothing was known in that time. Reaches less far back where less was seen.
 */
export function meanOver(means: Means, span: Millis, at: Millis): number | undefined {
  const { series } = means;
  const over = Math.max(shortest, means.over);
  const whole = Math.min(span, longest);
  const tiles = Math.max(1, Math.ceil(whole / over));
  const apart = tiles > 1 ? (whole - over) / (tiles - 1) : 0;
  return mean(Array.from({ length: tiles }, (_, i) => series.at(at - i * apart)));
}

/** How late a metrics store may be that tells means over so long: one scrape of the six in its window, and the time until kmon asks. */
export function behindBy(over: Millis): Millis {
  return Math.min(over, longest) / 6 + step;
}

/**
 * Between what the mean over `span` ms lies, taken at each of these times, less up to `late` ms: whoever may be so late tells of one of them.
 * Undefined where nothing was known then.
 */
export function meansLately(
  means: Means,
  span: Millis,
  late: Millis,
  times: readonly Millis[],
): { readonly least: number; readonly most: number } | undefined {
  let [least, most] = [Infinity, -Infinity];
  for (let by = 0; by <= late; by += step) {
    const value = mean(times.map(at => meanOver(means, span, at - by) ?? NaN));
    if (value === undefined) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return least <= most ? { least, most } : undefined;
}

/** Of those that are known; undefined where none is. */
function mean(values: readonly number[]): number | undefined {
  const known = values.filter(value => !Number.isNaN(value));
  return known.length === 0 ? undefined : known.reduce((a, b) => a + b, 0) / known.length;
}
