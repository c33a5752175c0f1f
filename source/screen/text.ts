import stringWidth from 'string-width';
import { oneCell } from './one-cell.js';

/**
 * Text in terminal cells. Names come from outside (a group's name may be any string), so everything that is drawn
 * passes through `cells`, which keeps only what every terminal draws with the same width and in the same direction.
 */
export type Cell = { readonly glyph: string; readonly width: 1 | 2 };

/** One character a cell, all of them safe: nearly everything that kmon draws, so it must be quick to tell. */
const simple = new RegExp(`^[${oneCell}]*$`);
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

const narrowLetters =
  /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Georgian}\p{Script=Armenian}]$/u;
const wideLetters = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\uac00-\ud7a3]$/u;
const substitute: Cell = { glyph: '?', width: 1 };

/** Whether every character of the text takes one cell as it is. */
export function isSimple(text: string): boolean {
  return simple.test(text);
}

/** Control characters, bidirectional text, emoji and lone marks become `?`; an accent that does not compose is dropped. */
export function cells(text: string): readonly Cell[] {
  if (isSimple(text)) return Array.from(text, glyph => ({ glyph, width: 1 }));
  const out: Cell[] = [];
  for (const { segment } of segmenter.segment(text.normalize('NFC'))) out.push(harmless(segment));
  return out;
}

function harmless(grapheme: string): Cell {
  const base = String.fromCodePoint(grapheme.codePointAt(0) ?? 63);
  if (isSimple(base)) return { glyph: base, width: 1 };
  // Beyond the first 65,536 characters terminals know different versions of Unicode, and disagree about widths.
  if (base.length > 1) return substitute;
  if (!narrowLetters.test(base) && !wideLetters.test(base)) return substitute;
  const width = stringWidth(base);
  return width === 1 || width === 2 ? { glyph: base, width } : substitute;
}

/** Cells that the text takes when it is drawn. */
export function width(text: string): number {
  if (isSimple(text)) return text.length;
  return cells(text).reduce((sum, cell) => sum + cell.width, 0);
}

/** The text in at most `columns` cells; what does not fit ends in `…`. */
export function truncate(text: string, columns: number, ellipsis = '…'): string {
  if (columns <= 0) return '';
  if (isSimple(text)) return text.length <= columns ? text : text.slice(0, columns - 1) + ellipsis;
  const all = cells(text);
  if (all.reduce((sum, cell) => sum + cell.width, 0) <= columns) return all.map(cell => cell.glyph).join('');
  let used = 0;
  let out = '';
  for (const cell of all) {
    if (used + cell.width > columns - 1) break;
    out += cell.glyph;
    used += cell.width;
  }
  return out + ellipsis;
}

/** The middle is left out, so that both ends of a long name stay readable. */
export function truncateMiddle(text: string, columns: number): string {
  if (width(text) <= columns) return truncate(text, columns);
  if (columns < 5) return truncate(text, columns);
  const all = cells(text);
  const tail: string[] = [];
  let used = 0;
  for (const cell of [...all].reverse()) {
    if (used + cell.width > Math.floor((columns - 1) / 2)) break;
    tail.unshift(cell.glyph);
    used += cell.width;
  }
  let out = '';
  let head = 0;
  for (const cell of all) {
    if (head + cell.width > columns - 1 - used) break;
    out += cell.glyph;
    head += cell.width;
  }
  return `${out}…${tail.join('')}`;
}

/** Exactly `columns` cells: truncated or padded with spaces. */
export function fit(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const cut = truncate(text, columns);
  const space = ' '.repeat(Math.max(0, columns - width(cut)));
  return align === 'left' ? cut + space : space + cut;
}

/** Lines of at most `columns` cells, broken at spaces where there are any. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (width(joined) <= columns) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (width(line) > columns && columns > 0) {
      let head = '';
      for (const cell of cells(line)) {
        if (width(head) + cell.width > columns) break;
        head += cell.glyph;
      }
      if (head === '') break;
      lines.push(head);
      line = line.normalize('NFC').slice(head.length);
    }
  }
  lines.push(line);
  return lines;
}
