/**
 * Rows as kmon writes them: characters that are a cell and a grapheme each whatever stands beside them, and codes that set a style.
 * All else is left to the libraries.
 */
import { oneCell } from '../../source/screen/one-cell.js';

const plainRow = new RegExp(`^(?:[${oneCell}]|\\u001b\\[[\\d;]*m)*$`);

export const escape = 0x1b;

export function isPlainRow(text: string): boolean {
  return plainRow.test(text);
}

/** Cells that a plain row takes. */
export function widthOfPlainRow(row: string): number {
  let width = row.length;
  for (let i = row.indexOf('\u001b'); i !== -1; i = row.indexOf('\u001b', i + 1))
    width -= row.indexOf('m', i) + 1 - i;
  return width;
}
