import type { Millis } from '../../../core/clock.js';
import { count, duration } from '../../../core/units.js';
import type { ReadonlySeries } from '../../../model/series.js';
import type { View } from '../../../session/view.js';
import { niceMax, peak, sparkline } from '../../parts/sparkline.js';
import { finestBucket, timeAxis } from '../../parts/time-axis.js';
import { segment, type Segment } from '../../row.js';

const quarter = 15 * 60_000;
const maxWidth = 6;
/** No column is narrower, however young the session is. */
const narrowest = 10_000;

/** The columns of the lines of one panel are alike, and no finer than what is sampled least often in it. */
export type SparkScale = (columns: number) => Millis;

/** The last quarter of an hour, or what was observed if it is less. */
export function sparkScale(view: View, lines: readonly ReadonlySeries[]): SparkScale {
  const finest = Math.max(narrowest, finestBucket(...lines));
  const observed = Math.max(60_000, view.at - view.startedAt);
  return columns => timeAxis(view.at, Math.min(quarter, observed), columns, finest).bucket;
}

/** How much time a line of so many columns shows. */
export function spanTitle(scale: SparkScale, columns: number): string {
  return `last ${duration(scale(columns) * columns)}`;
}

/** The history of a level, with the top of its scale beside it where there is room. */
export function trend(
  at: Millis,
  series: ReadonlySeries,
  scale: SparkScale,
  width: number,
): readonly Segment[] {
  const columns = width >= 8 + maxWidth ? width - maxWidth : width;
  const values = series.buckets(at, scale(columns), columns, 'last');
  if (values.every(Number.isNaN)) return [];
  const max = niceMax(peak(values));
  return [segment(sparkline(values, max), 'first'), segment(columns < width ? ` ${count(max)}` : '', 'dim')];
}
