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
    out.push(heatCell(worst(values, from, to), scale));
  }
  return out.length > 0 ? out : [segment('')];
}

/** The largest known value of this part; not known only where none is. */
function worst(values: readonly number[], from: number, to: number): number {
  let most = NaN;
  for (let i = from; i < to; i++) {
    const value = values[i] ?? NaN;
    if (!(value <= most) && !Number.isNaN(value)) most = value;
  }
  return most;
}
