import { segment, type Segment } from '../row.js';
import { heatCell, type HeatScale } from './heat.js';

/**
 * One cell a partition in at most `columns` cells. Where there are more partitions than cells, neighbours fold into
 * one cell that shows the worst of them, so that no outlier disappears.
 */
export function heatStrip(values: readonly number[], scale: HeatScale, columns: number): readonly Segment[] {
  if (columns <= 0) return [];
  const cellCount = Math.min(values.length, columns);
  const out: Segment[] = [];
  for (let cell = 0; cell < cellCount; cell++) {
    const from = Math.floor((cell * values.length) / cellCount);
    const to = Math.floor(((cell + 1) * values.length) / cellCount);
    out.push(heatCell(worst(values.slice(from, to)), scale));
  }
  return out.length > 0 ? out : [segment('')];
}

/** The largest known value; not known only where none is. */
function worst(values: readonly number[]): number {
  const known = values.filter(value => !Number.isNaN(value));
  return known.length > 0 ? Math.max(...known) : NaN;
}
