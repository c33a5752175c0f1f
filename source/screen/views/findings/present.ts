import type { LiveFinding } from '../../../diagnose/finding.js';
import type { View } from '../../../session/view.js';
import { liveness } from '../../endpoints.js';
import { age, timeOfDay } from '../../format.js';
import { glyphs } from '../../glyphs.js';
import { fullEvidenceRows } from '../../parts/evidence.js';
import { lastScrollOf, scrolledRows } from '../../parts/scroll.js';
import { windowAround } from '../../parts/window.js';
import { blank, row, segment, type Row } from '../../row.js';
import { currentFinding } from '../../selection.js';
import { severityMark } from '../../severity.js';
import { fit, wrap } from '../../text.js';
import type { Size, Ui } from '../../ui.js';

/** The list, then the selected finding in full. */
export function presentFindings(view: View, ui: Ui, size: Size): readonly Row[] {
  const finding = currentFinding(view, ui);
  if (!finding) return nothing(view);
  const room = listRoom(view, size);
  const selected = view.findings.findIndex(one => one.key === finding.key);
  const shown = windowAround(view.findings, room, selected);
  const hidden = shown.above + shown.below;
  return [
    row(
      segment(' FINDINGS ', 'title'),
      segment(`${view.findings.length}${hidden > 0 ? `, ${hidden} not shown` : ''}`, 'dim'),
    ),
    ...shown.items.map(one => listRow(one, view, one.key === finding.key)),
    blank,
    ...scrolledRows(detail(finding, view, size.columns), size.rows - shown.items.length - 2, ui.scroll),
  ];
}

export function lastScroll(view: View, ui: Ui, size: Size): number {
  const finding = currentFinding(view, ui);
  if (!finding) return 0;
  const body = { ...size, rows: size.rows - 2 };
  return lastScrollOf(detail(finding, view, size.columns), body.rows - listRoom(view, body) - 2);
}

function listRoom(view: View, size: Size): number {
  return Math.max(1, Math.min(view.findings.length, Math.floor(size.rows / 4)));
}

function listRow(finding: LiveFinding, view: View, selected: boolean): Row {
  const segments = [
    segment(selected ? glyphs.cursor : ' ', 'key'),
    severityMark(finding.severity),
    segment(`  ${fit(finding.subject.name, 20)}  `, 'strong'),
    segment(`${age(finding.since, view.at, finding.sinceIsBound).padStart(6)}  `),
    segment(
      finding.phase === 'firing' ? '' : `(${finding.phase === 'pending' ? 'forming' : finding.phase}) `,
      'dim',
    ),
    segment(finding.sentence),
    segment(`  ${finding.consequence}`, 'dim'),
  ];
  return selected ? { segments, selected: true } : { segments };
}

function detail(finding: LiveFinding, view: View, columns: number): readonly Row[] {
  const indented = (text: string, as: 'text' | 'dim' = 'text', indent = '   '): readonly Row[] =>
    wrap(text, Math.max(8, columns - indent.length - 1)).map(line => row(segment(`${indent}${line}`, as)));
  const section = (title: string, lines: readonly string[], as: 'text' | 'dim' = 'text'): readonly Row[] =>
    lines.length === 0
      ? []
      : [row(segment(` ${title}`, 'title')), ...lines.flatMap(line => indented(line, as))];
  const since = finding.sinceIsBound ? `at or before ${timeOfDay(finding.since)}` : timeOfDay(finding.since);
  return [
    row(
      segment(` ${finding.subject.name}`, 'title'),
      segment(`  ${finding.verdict.toUpperCase()}`, finding.severity),
      segment(`  ${finding.confidence} confidence`),
      segment(
        `  ${finding.phase === 'pending' ? 'forming' : finding.phase} since ${since}, ${age(finding.since, view.at, finding.sinceIsBound)}`,
        'dim',
      ),
    ),
    ...indented(`${finding.sentence}. ${finding.consequence}`),
    row(segment(' RESTS ON', 'title')),
    ...fullEvidenceRows(finding.evidence, columns),
    ...section('COULD NOT BE CHECKED', finding.unchecked),
    ...section('WOULD RAISE THE CONFIDENCE', finding.raise),
    ...section('WOULD BE WRONG IF', [finding.falsifier].filter(Boolean)),
    ...(finding.remedies.length > 0
      ? [row(segment(' REMEDIES', 'title'), segment('  x opens the plan', 'dim'))]
      : []),
    ...finding.remedies.flatMap(({ action, cures, note }) => [
      row(
        segment('   '),
        segment(cures ? `${glyphs.holds} ` : `${glyphs.fails} `, cures ? 'ok' : 'warning'),
        segment(action, 'strong'),
        segment(cures ? '' : '  does not cure the cause', 'warning'),
      ),
      ...indented(note, 'dim', '     '),
    ]),
    ...section('BY HAND', finding.byHand, 'dim'),
  ];
}

function nothing(view: View): readonly Row[] {
  const { is, live, total } = liveness(view);
  const whole = is === 'live' && !view.snapshot.clusters.some(cluster => cluster.blind);
  return [
    row(segment(' FINDINGS ', 'title'), segment('none', 'dim')),
    blank,
    whole
      ? row(segment(` ${glyphs.holds} nothing found wrong: all ${total} endpoints answer`, 'ok'))
      : row(
          segment(
            ` ${glyphs.unsure} nothing found wrong in what can be seen: ${live} of ${total} endpoints answer`,
            'warning',
          ),
        ),
  ];
}
