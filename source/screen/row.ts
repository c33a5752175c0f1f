import type { Token } from './theme.js';
import { cells, isSimple, width } from './text.js';

/** A run of text in one meaning; the theme decides how the meaning looks. */
export type Segment = { readonly text: string; readonly as: Token };

/** One line of the screen. */
export type Row = { readonly segments: readonly Segment[]; readonly selected?: boolean };

export function segment(text: string, as: Token = 'text'): Segment {
  return { text, as };
}

export function row(...parts: readonly (Segment | string)[]): Row {
  return { segments: parts.map(part => (typeof part === 'string' ? segment(part) : part)) };
}

export const blank: Row = { segments: [] };

export function segmentsWidth(segments: readonly Segment[]): number {
  let sum = 0;
  for (const part of segments) sum += width(part.text);
  return sum;
}

/**
 * The row in exactly `columns` cells, neighbours of one meaning merged. Whatever is drawn goes through here: a wide
 * character that would be cut in half becomes a space, a harmful one `?`, and what does not fit ends in `…`.
 */
export function fitRow(r: Row, columns: number): Row {
  const segments = fitSegments(r.segments, columns);
  return r.selected ? { segments, selected: true } : { segments };
}

export function fitSegments(segments: readonly Segment[], columns: number): readonly Segment[] {
  if (columns <= 0) return [];
  const cut = segmentsWidth(segments) > columns;
  const room = cut ? columns - 1 : columns;
  const out: { text: string; as: Token }[] = [];
  let used = 0;
  const put = (text: string, as: Token): void => {
    const last = out.at(-1);
    if (last?.as === as) last.text += text;
    else out.push({ text, as });
  };
  for (const part of segments) {
    const head = firstCells(part.text, room - used);
    used += width(head);
    if (head !== '') put(head, part.as);
    if (used >= room) break;
  }
  if (cut) put('…', out.at(-1)?.as ?? 'text');
  const rest = columns - used - (cut ? 1 : 0);
  if (rest > 0) put(' '.repeat(rest), 'text');
  return out;
}

/** As much of the text as fits, harmful characters replaced. */
function firstCells(text: string, room: number): string {
  if (isSimple(text)) return text.slice(0, room);
  let out = '';
  let used = 0;
  for (const cell of cells(text)) {
    if (used + cell.width > room) break;
    out += cell.glyph;
    used += cell.width;
  }
  return out;
}

/** Two parts on one line, the second against the right edge; the first gives way. */
export function spread(
  left: readonly Segment[],
  right: readonly Segment[],
  columns: number,
): readonly Segment[] {
  const room = columns - segmentsWidth(right);
  if (room < 1) return fitSegments(left, columns);
  return [...fitSegments(left, room), ...right];
}

/** The text without its meanings: for tests and for measuring. */
export function plainText(r: Row): string {
  return r.segments.map(part => part.text).join('');
}
