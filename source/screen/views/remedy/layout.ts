import { box, boxRoom } from '../../parts/box.js';
import { lastScrollOf, scrolledRows } from '../../parts/scroll.js';
import { glyphs } from '../../glyphs.js';
import { row, segment, type Row } from '../../row.js';
import type { Size } from '../../ui.js';

/** What a dialog shows, before it is known how much of it fits. */
export type Dialog = {
  readonly title: string;
  /** All of it, in the order in which it is read. */
  readonly body: readonly Row[];
  /** Always there, below. */
  readonly foot: readonly Row[];
  /** Where the body does not fit: what stays, and what is scrolled below it. Absent where all of it is scrolled. */
  readonly tight?: (room: number) => { readonly stays: readonly Row[]; readonly scrolls: readonly Row[] };
  /** The row of the body that must be seen, where it has a cursor. */
  readonly cursor?: number;
};

/** The rows of a dialog, and the largest scroll that still fills it. */
export function layOut(
  dialog: Dialog,
  scroll: number,
  size: Size,
): { readonly rows: readonly Row[]; readonly last: number } {
  const { title, body, foot } = dialog;
  const room = boxRoom(foot, size);
  const framed = (rows: readonly Row[]): readonly Row[] => box(title, rows, foot, size);
  if (body.length <= room) return { rows: framed(body), last: 0 };
  const { stays, scrolls } = dialog.tight?.(room) ?? { stays: [], scrolls: body };
  const left = Math.max(1, room - stays.length);
  const last = lastScrollOf(scrolls, left);
  const from = dialog.cursor === undefined ? scroll : aroundCursor(dialog.cursor, left, last);
  return { rows: framed([...stays, ...scrolledRows(scrolls, left, from)]), last };
}

/** At most so many rows; the last one says how many are left out. */
export function clipped(rows: readonly Row[], room: number, where: string): readonly Row[] {
  if (rows.length <= room) return rows;
  const kept = Math.max(0, room - 1);
  const text = `${glyphs.below} ${rows.length - kept} more ${where}`;
  return [...rows.slice(0, kept), row(segment(text, 'warning'))];
}

/** The first of the rows, which says by its end that there are more. */
export function firstOf(rows: readonly Row[]): readonly Row[] {
  const [first] = rows;
  return first === undefined || rows.length === 1 ? rows : [row(...first.segments, segment(' …', 'dim'))];
}

/** The scroll that shows the row in the middle; the row after it is a part of it, as a rule. */
function aroundCursor(cursor: number, room: number, last: number): number {
  return Math.max(0, Math.min(last, cursor - Math.floor((room - 1) / 2)));
}
