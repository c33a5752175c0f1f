import type { Millis } from '../../core/clock.js';
import type { ReadonlySeries } from '../../model/series.js';
import { timeOfDay } from '../format.js';
import { glyphs } from '../glyphs.js';

/** Widths of a column that people can count with, in ms. */
const niceBuckets = [2, 5, 10, 15, 30, 60, 120, 180, 300, 600].map(seconds => seconds * 1000);

/** The columns of everything that is drawn over time: `columns` buckets, the last one holding `to`. */
export type TimeAxis = { readonly to: Millis; readonly bucket: Millis; readonly columns: number };

/** The finest axis that still holds `span` ms. */
export function timeAxis(to: Millis, span: Millis, columns: number, finest: Millis = 2000): TimeAxis {
  const wanted = span / Math.max(1, columns);
  const bucket = niceBuckets.find(b => b >= wanted && b >= finest) ?? 600_000;
  return { to, bucket, columns };
}

/**
 * The narrowest column in which each sample of the series finds a place: columns finer than the sampling would show
 * gaps where nothing was missed. By the median of the last and of the first spacings, so that an outage does not widen the
 * columns, and what a metrics store had of the past, in steps of its own, is drawn without holes.
 */
export function finestBucket(...lines: readonly ReadonlySeries[]): Millis {
  let widest = 0;
  for (const line of lines) widest = Math.max(widest, spacing(line, line.length - looked), spacing(line, 1));
  return 1.5 * widest;
}

/** So many spacings tell. */
const looked = 16;
/** Where they are put together: all lines of a list are looked at for each frame. */
const gaps = new Float64Array(looked);

/** Columns of a heatmap: ten seconds, or wider where the samples are further apart. */
export function heatBucket(lines: readonly ReadonlySeries[]): Millis {
  const finest = Math.max(10_000, finestBucket(...lines.slice(0, 4)));
  return niceBuckets.find(bucket => bucket >= finest) ?? 600_000;
}

/**
 * Where a heatmap ends: now, or with the newest sample while the column of now has just begun and has none. Else all lines would end in
 * "not known" for a moment of each column. What is missing for longer is a gap.
 */
export function heatEnd(at: Millis, bucket: Millis, lines: readonly ReadonlySeries[]): Millis {
  const newest = Math.max(...lines.slice(0, 4).map(newestOf));
  return Math.floor(at / bucket) - Math.floor(newest / bucket) === 1 ? newest : at;
}

/** When it was last seen, or asked about: the newest sample may be of a sweep that is not over, and not of this line yet. */
function newestOf(line: ReadonlySeries): Millis {
  const last = line.length - 1;
  if (last < 0) return -Infinity;
  return last > 0 && Number.isNaN(line.valueAt(last)) ? line.timeAt(last - 1) : line.timeAt(last);
}

function spacing(line: ReadonlySeries, from: number): Millis {
  const first = Math.max(1, from);
  let count = 0;
  for (let i = first; i < Math.min(first + looked, line.length); i++) {
    // Questions without an answer come ever more seldom: they say nothing of how often there is something to draw.
    if (!isValue(line, i - 1) || !isValue(line, i)) continue;
    const gap = line.startAt(i) - line.timeAt(i - 1);
    // Put in its place among the few: to sort them makes three objects for each of hundreds of lines.
    let at = count++;
    for (; at > 0 && (gaps[at - 1] ?? 0) > gap; at--) gaps[at] = gaps[at - 1] ?? 0;
    gaps[at] = gap;
  }
  return count === 0 ? 0 : (gaps[count >> 1] ?? 0);
}

function isValue(line: ReadonlySeries, i: number): boolean {
  return !Number.isNaN(line.valueAt(i));
}

/** Start of the column, ms; columns count from the left. */
export function columnStart(axis: TimeAxis, column: number): Millis {
  return (Math.floor(axis.to / axis.bucket) - (axis.columns - 1 - column)) * axis.bucket;
}

/** The column that holds a time, or undefined where the axis does not reach. */
export function columnOf(axis: TimeAxis, at: Millis): number | undefined {
  const column = axis.columns - 1 - (Math.floor(axis.to / axis.bucket) - Math.floor(at / axis.bucket));
  return column >= 0 && column < axis.columns ? column : undefined;
}

/** Times of day under the columns, at whole minutes so that they move with the data: `└14:05     14:10`. */
export function axisLabels(axis: TimeAxis): string {
  const precision = axis.bucket * 12 >= 60_000 ? 'minutes' : 'seconds';
  const size = precision === 'minutes' ? 5 : 8;
  const out = new Array<string>(axis.columns).fill(' ');
  const every = niceStep(axis, size + 5);
  let free = 0;
  for (let column = 0; column < axis.columns; column++) {
    const start = columnStart(axis, column);
    if (start % every !== 0 || column < free || column + size + 1 > axis.columns) continue;
    const label = glyphs.corner + timeOfDay(start, precision);
    for (const [i, glyph] of Array.from(label).entries()) out[column + i] = glyph;
    free = column + size + 2;
  }
  return out.join('').trimEnd();
}

function niceStep(axis: TimeAxis, columns: number): Millis {
  const steps = [30, 60, 120, 300, 600, 900, 1800, 3600, 7200].map(seconds => seconds * 1000);
  return steps.find(step => step % axis.bucket === 0 && step / axis.bucket >= columns) ?? 7_200_000;
}
