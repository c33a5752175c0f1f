import { glyphs } from '../glyphs.js';
import { fitSegments, segment, segmentsWidth, type Row, type Segment } from '../row.js';

/** A column of fixed width; the layout may let it grow, or leave it out where the screen is narrow. */
export type Column<T> = {
  readonly id: string;
  readonly title: string | ((width: number) => string);
  readonly align?: 'left' | 'right';
  readonly width: number;
  /** Cells beyond `width` that it can use. */
  readonly grow?: number;
  /** Columns with the highest number leave first; 0 never leaves. */
  readonly leaves: number;
  readonly cell: (item: T, width: number) => readonly Segment[];
};

/** As wide as the longest of these texts, within bounds: names that are told apart by their middle are worth more than a growing column. */
export function widthFor(texts: readonly string[], least: number, most: number): number {
  let longest = least;
  for (const text of texts) if (text.length > longest) longest = text.length;
  return Math.min(longest, most);
}

export type Laid<T> = { readonly column: Column<T>; readonly width: number };

const gap = 2;
/** In less room a note says nothing, and cuts the cell before it. */
const leastNote = 10;
/** One cell at the left edge for the cursor of the list. */
const margin = 1;

/** The columns that fit, in their order, with what is left over shared among those that can grow. */
export function layOut<T>(columns: readonly Column<T>[], available: number): readonly Laid<T>[] {
  let kept = [...columns];
  while (needed(kept) > available) {
    const most = Math.max(...kept.map(column => column.leaves));
    if (most <= 0) break;
    const leaving = kept.findLast(column => column.leaves === most);
    kept = kept.filter(column => column !== leaving);
  }
  const laid = kept.map(column => ({ column, width: column.width }));
  let spare = available - needed(kept);
  for (let progress = true; spare > 0 && progress;) {
    progress = false;
    for (const one of laid) {
      if (spare <= 0 || one.width >= one.column.width + (one.column.grow ?? 0)) continue;
      one.width++;
      spare--;
      progress = true;
    }
  }
  return laid;
}

function needed<T>(columns: readonly Column<T>[]): number {
  return (
    margin + columns.reduce((sum, column) => sum + column.width, 0) + gap * Math.max(0, columns.length - 1)
  );
}

/** Titles over the columns; the first one names the table, by `name` where that depends on what is shown. */
export function tableTitle<T>(
  laid: readonly Laid<T>[],
  columns: number,
  name?: (width: number) => string,
): Row {
  const parts: Segment[] = [segment(' ')];
  for (const [i, { column, width }] of laid.entries()) {
    if (i > 0) parts.push(segment(' '.repeat(gap)));
    const title = i === 0 && name ? name : column.title;
    const text = typeof title === 'string' ? title : title(width);
    parts.push(...aligned([segment(text, i === 0 ? 'title' : 'dim')], width, column.align));
  }
  return { segments: fitSegments(parts, columns) };
}

export type RowOptions = {
  readonly selected?: boolean;
  /** Written over all columns behind the one named: why there is nothing to show in them. */
  readonly note?: { readonly after: string; readonly text: string };
};

export function tableRow<T>(
  laid: readonly Laid<T>[],
  item: T,
  columns: number,
  options: RowOptions = {},
): Row {
  const parts: Segment[] = [segment(options.selected ? glyphs.cursor : ' ', 'key')];
  for (const [i, { column, width }] of laid.entries()) {
    if (i > 0) parts.push(segment(' '.repeat(gap)));
    parts.push(...aligned(column.cell(item, width), width, column.align));
    if (options.note?.after === column.id && columns - segmentsWidth(parts) >= leastNote) {
      parts.push(segment(' '.repeat(gap)), segment(options.note.text, 'dim'));
      break;
    }
  }
  const segments = fitSegments(parts, columns);
  return options.selected ? { segments, selected: true } : { segments };
}

function aligned(
  content: readonly Segment[],
  width: number,
  align: 'left' | 'right' = 'left',
): readonly Segment[] {
  const used = segmentsWidth(content);
  if (align === 'right' && used < width) return [segment(' '.repeat(width - used)), ...content];
  return fitSegments(content, width);
}
