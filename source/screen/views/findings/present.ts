import { plural } from '../../../core/units.js';
import type { View } from '../../../session/view.js';
import { calmRow } from '../../calm.js';
import { silenceRows } from '../../endpoints.js';
import { currentEntry, linesOf, type Line } from '../../found.js';
import { glyphs } from '../../glyphs.js';
import { lastScrollOf, scrolledRows } from '../../parts/scroll.js';
import { windowAround } from '../../parts/window.js';
import { previewRows } from '../../preview.js';
import { blank, row, segment, type Row } from '../../row.js';
import { headline } from '../../selection.js';
import { severityCount } from '../../severity.js';
import type { Size, Ui } from '../../ui.js';
import { detailRows } from './detail.js';
import { lineRow, placesOf } from './list.js';

/**
 * The list: what is found, with what follows from it under it; what is over; what cannot be judged. Below it the selected
 * one in full.
 */
export function presentFindings(view: View, ui: Ui, size: Size): readonly Row[] {
  const list = listRows(view, ui, size);
  const entry = currentEntry(view, ui);
  if (entry === undefined) return list;
  const detail = detailRows(entry, view, size.columns);
  const room = size.rows - list.length - 1;
  const left = { ...size, rows: room - detail.length };
  const subject = entry.is === 'live' ? entry.finding.subject : undefined;
  return [...list, blank, ...scrolledRows(detail, room, ui.scroll), ...previewRows(view, ui, subject, left)];
}

export function lastScroll(view: View, ui: Ui, size: Size): number {
  const entry = currentEntry(view, ui);
  if (entry === undefined) return 0;
  const body = { ...size, rows: size.rows - 2 };
  const room = body.rows - listRows(view, ui, body).length - 1;
  return lastScrollOf(detailRows(entry, view, size.columns), room);
}

/** At most a third of the screen, around the selected line. */
function listRows(view: View, ui: Ui, size: Size): readonly Row[] {
  const lines = linesOf(view, ui);
  const chosen = currentEntry(view, ui);
  const places = placesOf(lines, size.columns);
  const all = [
    ...(headline(view) === undefined
      ? [...silenceRows(view), calmRow(view, size.columns)].map(one => ({ row: one, id: undefined }))
      : []),
    ...lines.flatMap((line, i) => [
      ...(beginsSection(line, lines[i - 1]) ? [{ row: sectionRow(line), id: undefined }] : []),
      { row: lineRow(line, view, line.id === chosen?.id, places), id: line.id },
    ]),
  ];
  const room = Math.max(2, Math.floor(size.rows / 3));
  const shown = windowAround(
    all,
    room,
    all.findIndex(one => one.id === chosen?.id),
  );
  return [titleRow(view, shown.above, shown.below), ...shown.items.map(one => one.row)];
}

/** How much there is of each, also of what the window hides. */
function titleRow(view: View, above: number, below: number): Row {
  const count = (severity: 'critical' | 'warning' | 'info') =>
    view.findings.filter(one => one.severity === severity && one.phase !== 'pending').length;
  const counts = (['critical', 'warning', 'info'] as const)
    .filter(severity => count(severity) > 0)
    .flatMap(severity => [segment('  '), severityCount(severity, count(severity))]);
  const forming = view.findings.filter(one => one.phase === 'pending').length;
  const blind = unjudgedSubjects(view);
  const rest = [
    ...(view.findings.length === 0 ? ['none'] : []),
    ...(forming > 0 ? [`${forming} forming`] : []),
    ...(view.past.length > 0 ? [`${view.past.length} over`] : []),
    ...(blind > 0 ? [`${blind} not judged`] : []),
  ].join(', ');
  const marks = `${above > 0 ? glyphs.above : ''}${below > 0 ? glyphs.below : ''}`;
  return row(
    segment(' FINDINGS', 'title'),
    ...counts,
    segment(rest === '' ? '' : `  ${rest}`, 'dim'),
    segment(marks === '' ? '' : `  ${marks} ${plural(above + below, 'line')} of the list not shown`, 'dim'),
  );
}

function beginsSection(line: Line, before: Line | undefined): boolean {
  return (line.is === 'past' || line.is === 'unjudged') && line.is !== before?.is;
}

function sectionRow({ is }: Line): Row {
  return is === 'past'
    ? row(segment(' OVER', 'title'), segment('  newest first', 'dim'))
    : row(segment(' NOT JUDGED', 'title'), segment('  unknown is not healthy', 'dim'));
}

/** How many subjects some rule cannot judge. */
function unjudgedSubjects({ unjudged }: View): number {
  return new Set(unjudged.map(({ subject }) => `${subject.kind}/${subject.id}`)).size;
}
