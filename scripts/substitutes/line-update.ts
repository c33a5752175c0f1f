/**
 * Ink's `line-update.js` for the bundle: what leads from one row to the next. It cuts both into graphemes to find the first column that
 * changed; of plain rows each character is a column.
 */
import updated from '../../node_modules/ink/build/line-update.js';
import { escape, isPlainRow, widthOfPlainRow } from './plain-row.js';

const eraseEndLine = '\u001b[K';

export default function lineUpdate(previous: string, next: string, columns: number | undefined): string {
  if (columns === undefined || !(columns >= 1) || !isPlainRow(previous) || !isPlainRow(next))
    return updated(previous, next, columns);
  const full = cursorTo(0) + eraseEndLine + next;
  const { at, column, styles } = sharedBegin(previous, next);
  const isTooWide = Math.max(widthOfPlainRow(previous), widthOfPlainRow(next)) > columns;
  if (column === 0 || column >= columns || isTooWide) return full;
  const partial = cursorTo(column) + eraseEndLine + styles + next.slice(at);
  return partial.length < full.length ? partial : full;
}

/** How far two rows are the same: up to which place of the text, to which column, and by which codes. */
function sharedBegin(
  previous: string,
  next: string,
): { readonly at: number; readonly column: number; readonly styles: string } {
  const most = Math.min(previous.length, next.length);
  let shared = 0;
  while (shared < most && previous.charCodeAt(shared) === next.charCodeAt(shared)) shared++;
  let column = 0;
  let styles = '';
  let at = 0;
  while (at < shared) {
    if (next.charCodeAt(at) !== escape) {
      column++;
      at++;
      continue;
    }
    const end = next.indexOf('m', at) + 1;
    // A code that differs at its end is written as a whole.
    if (end > shared) break;
    styles += next.slice(at, end);
    at = end;
  }
  return { at, column, styles };
}

/** From 0. */
function cursorTo(column: number): string {
  return `\u001b[${column + 1}G`;
}
