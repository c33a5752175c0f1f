import { blank, fitSegments, segment, type Row } from '../row.js';

/** Two columns of rows, the left one `leftWidth` cells wide. */
export function beside(
  left: readonly Row[],
  right: readonly Row[],
  leftWidth: number,
  columns: number,
): readonly Row[] {
  const height = Math.max(left.length, right.length);
  return Array.from({ length: height }, (_, i) => ({
    segments: [
      ...fitSegments((left[i] ?? blank).segments, leftWidth),
      segment('  '),
      ...fitSegments((right[i] ?? blank).segments, Math.max(0, columns - leftWidth - 2)),
    ],
  }));
}
