import type { View } from '../../../session/view.js';
import { listState, selectedRow, type List } from '../../list.js';
import { outOfSight, windowAround } from '../../parts/window.js';
import { blank, fitSegments, row, segment, type Row, type Segment } from '../../row.js';
import { previewRows } from '../../preview.js';
import { subjectAtCursor } from '../../subject.js';
import { keyHint, type Size, type Ui } from '../../ui.js';

/**
 * One list over the whole screen: how it is filtered and sorted, then as many rows as fit, the selected one among them. What it leaves
 * empty shows the selected one.
 */
export function presentList(shown: List, view: View, ui: Ui, size: Size): readonly Row[] {
  const state = listState(ui, shown.name);
  const arranged = shown.arrange(view, state);
  const panel = arranged.panel(size.columns);
  // On a small screen the rows come before what is said of them.
  const airy = size.rows >= 12;
  const notes = panel.notes.slice(0, airy ? Math.floor(size.rows / 4) : 1);
  const below = notes.length === 0 ? [] : airy ? [blank, ...notes] : notes;
  const selected = selectedRow(arranged, state);
  const window = windowAround(panel.rows, size.rows - 2 - below.length, selected);
  const hidden = outOfSight(window.above, window.below);
  const head: Segment[] = [
    segment(` sorted by ${state.sort ?? shown.sorts[0] ?? ''}`, 'dim'),
    ...filterSegments(ui, state.filter, arranged.problem),
    segment(
      arranged.ids.length < arranged.total ? `  ${arranged.ids.length} of ${arranged.total} match` : '',
    ),
    segment(hidden === '' ? '' : `  ${hidden}`, 'dim'),
  ];
  const none =
    state.filter.trim() === ''
      ? view.snapshot.clusters.some(cluster => cluster.blind)
        ? 'there are none that this user may see'
        : view.endpoints.every(({ status }) => status.is === 'live')
          ? 'there are none'
          : 'none is known: not everything answers'
      : (shown.absent?.(view, state.filter) ??
        `none of them matches the filter: ${keyHint(ui, 'leave.back', 'Esc')} shows all`);
  const rows = [
    { segments: fitSegments(head, size.columns) },
    panel.title(window.items.length),
    ...(window.items.length === 0
      ? [row(segment(`   ${none}`, 'dim'))]
      : window.items.map(one => one.row(one.id === arranged.ids[selected]))),
    ...below,
  ];
  const room = { ...size, rows: size.rows - rows.length };
  return [...rows, ...previewRows(view, ui, subjectAtCursor(view, ui), room)];
}

function filterSegments(ui: Ui, filter: string, problem: string | undefined): readonly Segment[] {
  if (ui.filtering === undefined && filter === '') return [];
  return [
    segment('  filter ', 'dim'),
    segment(`${filter}${ui.filtering ? '_' : ''}`, 'input'),
    ...(problem === undefined || filter === '' ? [] : [segment(`  ${problem}`, 'warning')]),
  ];
}
