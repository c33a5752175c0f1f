import { segment, type Segment } from '../row.js';
import type { Token } from '../theme.js';

/**
 * A share 0…1 as a bar of `width` cells; the cell in which the limit lies stands out, so that how much is left is seen. Beyond the
 * limit the bar is a warning. Without a limit none is marked.
 */
export function bar(share: number, limit: number | undefined, width: number): readonly Segment[] {
  if (width <= 0) return [];
  const filled = Math.round(Math.min(1, Math.max(0, share)) * width);
  const mark = limit === undefined ? -1 : Math.min(width - 1, Math.floor(limit * width));
  const as: Token = limit !== undefined && share >= limit ? 'warning' : 'first';
  return Array.from({ length: width }, (_, cell) => {
    if (cell === mark) return segment(cell < filled ? '┼' : '│', cell < filled ? as : 'dim');
    return cell < filled ? segment('█', as) : segment('░', 'dim');
  });
}
