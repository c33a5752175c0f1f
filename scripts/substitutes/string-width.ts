/** `string-width` for the bundle: Ink asks it for each row of each frame, and it cuts all of it into graphemes. Plain rows are counted. */
import stringWidth, { type Options } from 'string-width';
import { isPlainRow, widthOfPlainRow } from './plain-row.js';

export default function width(text: string, options?: Options): number {
  return options === undefined && isPlainRow(text) ? widthOfPlainRow(text) : stringWidth(text, options);
}
