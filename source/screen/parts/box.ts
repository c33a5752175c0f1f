import { fitSegments, row, segment, type Row } from '../row.js';
import { truncate, width } from '../text.js';
import type { Size } from '../ui.js';
import { glyphs } from '../glyphs.js';

/**
 * Rows in a frame with a title. The foot always stays: where the rows do not fit, the lower part of the body gives
 * way and says so.
 */
export function box(title: string, body: readonly Row[], foot: readonly Row[], size: Size): readonly Row[] {
  const { columns } = size;
  const name = truncate(title, columns - 8);
  const top = row(
    segment('╭─ ', 'dim'),
    segment(name, 'title'),
    segment(` ${'─'.repeat(Math.max(0, columns - width(name) - 6))}─╮`, 'dim'),
  );
  const bottom = row(segment(`╰${'─'.repeat(Math.max(0, columns - 2))}╯`, 'dim'));
  const feet = foot.length > 0 && isAiry(size) ? [row(''), ...foot] : foot;
  const room = boxRoom(foot, size);
  const cut = body.length > room;
  const kept = cut
    ? [
        ...body.slice(0, room - 1),
        row(
          segment(
            `${glyphs.below} ${body.length - room + 1} more lines: enlarge the window to read them`,
            'warning',
          ),
        ),
      ]
    : body;
  return [top, ...[...kept, ...feet].map(one => framed(one, columns)), bottom];
}

/** Rows of a body that a frame of this size holds above such a foot. */
export function boxRoom(foot: readonly Row[], size: Size): number {
  return Math.max(1, size.rows - 2 - foot.length - (foot.length > 0 && isAiry(size) ? 1 : 0));
}

/** Where every row counts, nothing parts the foot from the body. */
function isAiry({ rows }: Size): boolean {
  return rows >= 12;
}

function framed(one: Row, columns: number): Row {
  const segments = [segment('│ ', 'dim'), ...fitSegments(one.segments, columns - 4), segment(' │', 'dim')];
  return one.selected ? { segments, selected: true } : { segments };
}
