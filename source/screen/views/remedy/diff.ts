import type { Change } from '../../../remedy/plan.js';
import { glyphs } from '../../glyphs.js';
import { row, segment, segmentsWidth, type Row } from '../../row.js';
import { width, wrap } from '../../text.js';

/** `tasks.max  4 → 6  (+50 %)`, a key a line; what is too long for a line stands on two. */
export function diffRows(changes: readonly Change[], columns: number): readonly Row[] {
  if (changes.length === 0) return [row(segment('nothing would change', 'dim'))];
  const key = Math.min(36, Math.max(...changes.map(change => width(change.key))));
  return changes.flatMap(change => {
    const from = change.from ?? 'not set';
    const to = change.to ?? 'not set';
    if (key + width(from) + width(to) + Math.max(16, width(growth(change)) + 5) <= columns) {
      return [
        row(
          segment(`${change.key.padEnd(key)}  `, 'strong'),
          segment(from),
          segment(` ${glyphs.arrow} `, 'dim'),
          segment(to, 'strong'),
          segment(growth(change), 'dim'),
        ),
      ];
    }
    const grows = segment(growth(change), 'dim');
    const both = [segment(`  ${from}`), segment(` ${glyphs.arrow} `, 'dim'), segment(to, 'strong'), grows];
    if (segmentsWidth(both) <= columns) return [row(segment(change.key, 'strong')), row(...both)];
    const lines = (sign: string, text: string): readonly Row[] =>
      wrap(text, Math.max(8, columns - 4)).map((line, i) =>
        row(segment(`${i === 0 ? sign : ' '} `, 'dim'), segment(line)),
      );
    return [row(segment(change.key, 'strong'), grows), ...lines('-', from), ...lines('+', to)];
  });
}

/** What the line comes to, or by how much a number grows. */
function growth({ key, from, to, note }: Change): string {
  if (note !== undefined) return `   (${note})`;
  // `leader of orders/3  1 → 2` names brokers: only keys of a configuration, and counts, are quantities.
  if (/[\s/]/.test(key)) return '';
  const before = Number(from);
  const after = Number(to);
  if (from === undefined || to === undefined || !(before > 0) || !Number.isFinite(after)) return '';
  const share = Math.round((after / before - 1) * 100);
  return `   (${share >= 0 ? '+' : ''}${share} %)`;
}
