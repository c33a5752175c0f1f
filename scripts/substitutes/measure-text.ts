/** Ink's `measure-text.js` for the bundle: to count a plain row is quicker than to find it among the last thousands, which stay in memory. */
import measured from '../../node_modules/ink/build/measure-text.js';
import { isPlainRow, widthOfPlainRow } from './plain-row.js';

export default function measureText(text: string): ReturnType<typeof measured> {
  return text !== '' && isPlainRow(text) ? { width: widthOfPlainRow(text), height: 1 } : measured(text);
}
