import { row, segment, type Row } from '../row.js';
import { glyphs } from '../glyphs.js';
import { windowFrom } from './window.js';

/** The lines from `scroll` on; the last line says how many are below. */
export function scrolledRows(all: readonly Row[], room: number, scroll: number): readonly Row[] {
  if (all.length <= room) return all;
  const { items, above, below } = windowFrom(all, Math.max(1, room - 1), scroll);
  const marks = `${above > 0 ? glyphs.above : ''}${below > 0 ? glyphs.below : ''}`;
  const hint = below > 0 ? `${below} more below` : 'end';
  return [...items, row(segment(`   ${marks} ${hint}`, 'dim'))];
}

/** The largest scroll that still fills the room. */
export function lastScrollOf(all: readonly Row[], room: number): number {
  return all.length <= room ? 0 : all.length - Math.max(1, room - 1);
}

/** The scroll that shows line `line` among `room`: where it is not in sight, with as much above it as below. */
export function inSight(scroll: number, line: number, room: number): number {
  const isSeen = line > scroll && line < scroll + room - 1;
  return isSeen ? scroll : Math.max(0, line - Math.floor(room / 2));
}
