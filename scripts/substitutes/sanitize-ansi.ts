/** Ink's `sanitize-ansi.js` for the bundle: it cuts each row of each frame into tokens, to find what plain rows do not have. */
import sanitized from '../../node_modules/ink/build/sanitize-ansi.js';
import { isPlainRow } from './plain-row.js';

export default function sanitizeAnsi(text: string): string {
  return isPlainRow(text) ? text : sanitized(text);
}
