import { duration, plural } from '../../../core/units.js';
import type { LiveFinding } from '../../../diagnose/finding.js';
import { followersOf } from '../../../session/consequences.js';
import type { View } from '../../../session/view.js';
import { calmRow } from '../../calm.js';
import { silenceRows } from '../../endpoints.js';
import { age } from '../../format.js';
import { row, segment, spread, type Row, type Segment } from '../../row.js';
import { forming, standing } from '../../selection.js';
import { findingMark } from '../../severity.js';
import { newMark } from '../../since.js';
import { fit, width } from '../../text.js';
import { keyHint, type Size, type Ui } from '../../ui.js';

/** One line a finding, the worst first, those that only form below them; or that nothing was found, and in what. */
export function findingLines(view: View, ui: Ui, size: Size, room: number): readonly Row[] {
  const silent = silenceRows(view);
  const found = findings(view, ui, size, Math.max(1, room - silent.length));
  return standing(view).length > 0 ? [...found, ...silent] : [...silent, ...found];
}

function findings(view: View, ui: Ui, size: Size, room: number): readonly Row[] {
  const all = [...standing(view), ...forming(view)];
  // What is only told is no trouble: that nothing is wrong comes first.
  const calm = all.every(one => one.severity === 'info') ? [calmRow(view, size.columns)] : [];
  if (all.length === 0) return calm;
  const subjectWidth = Math.min(
    size.columns < 60 ? 12 : 24,
    Math.max(...all.map(one => width(one.subject.name))),
  );
  const consequenceWidth = Math.min(
    size.columns < 100 ? 16 : 30,
    Math.max(...all.map(one => width(one.consequence))),
  );
  const twoLines = calm.length === 0 && size.columns < 100 && size.columns >= 60 && room >= 2;
  const lines: Row[] = [...calm];
  for (const [i, finding] of all.entries()) {
    const needed = i === 0 && twoLines ? 2 : 1;
    const rest = all.length - i;
    if (lines.length + needed > room || (lines.length + needed === room && rest > 1 && i > 0)) {
      lines.push(
        row(segment(`   ${plural(rest, 'more finding')}: ${keyHint(ui, 'go.findings', '6')}`, 'dim')),
      );
      break;
    }
    if (needed === 2) lines.push(...headlineOnTwoLines(finding, view, ui, size.columns, subjectWidth));
    else lines.push(findingLine(finding, view, ui, size.columns, subjectWidth, consequenceWidth));
  }
  return lines.slice(0, Math.max(1, room));
}

/** `▲ CRITICAL  mm2-source  target limits writes: quota of mm2-user   11m   lag +3.30k/s   x fix` */
function findingLine(
  finding: LiveFinding,
  view: View,
  ui: Ui,
  columns: number,
  subjectWidth: number,
  consequenceWidth: number,
): Row {
  const narrow = columns < 60;
  const gap = segment(narrow ? ' ' : '  ');
  const since = segment(
    (narrow ? duration(view.at - finding.since) : age(finding.since, view.at, finding.sinceIsBound)).padStart(
      5,
    ),
  );
  const right = narrow
    ? [...followers(finding, narrow), gap, since]
    : [
        ...followers(finding, narrow),
        gap,
        since,
        gap,
        segment(fit(finding.consequence, consequenceWidth)),
        gap,
        segment(hint(finding, ui), 'key'),
        segment(' '),
      ];
  return {
    segments: spread(
      [
        segment(' '),
        findingMark(finding, narrow ? 'short' : 'long'),
        gap,
        segment(fit(finding.subject.name, subjectWidth), finding.phase === 'pending' ? 'dim' : 'strong'),
        gap,
        ...newMark(view, finding),
        segment(`${finding.sentence}${phase(finding)}`, finding.phase === 'pending' ? 'dim' : 'text'),
      ],
      right,
      columns,
    ),
  };
}

function headlineOnTwoLines(
  finding: LiveFinding,
  view: View,
  ui: Ui,
  columns: number,
  subjectWidth: number,
): readonly Row[] {
  const first = spread(
    [
      segment(' '),
      findingMark(finding, 'long'),
      segment('  '),
      segment(fit(finding.subject.name, subjectWidth), finding.phase === 'pending' ? 'dim' : 'strong'),
      segment(`  since ${age(finding.since, view.at, finding.sinceIsBound)}`),
      segment(`  ${finding.consequence}`),
    ],
    [...followers(finding, false), segment(`  ${hint(finding, ui)} `, 'key')],
    columns,
  );
  const look = finding.phase === 'pending' ? 'dim' : finding.severity;
  return [
    { segments: first },
    row(segment('   '), ...newMark(view, finding), segment(`${finding.sentence}${phase(finding)}`, look)),
  ];
}

function hint(finding: LiveFinding, ui: Ui): string {
  return finding.remedies.length > 0
    ? `${keyHint(ui, 'act.remedy', 'x')} fix`
    : `${keyHint(ui, 'act.evidence', 'e')} why`;
}

function phase(finding: LiveFinding): string {
  return finding.phase === 'resolving' ? ' (resolving)' : '';
}

/** `+12 follow`: what is listed under it. It stands at the right, where no long sentence pushes it out. */
function followers(finding: LiveFinding, narrow: boolean): readonly Segment[] {
  const n = followersOf(finding).length;
  return n === 0 ? [] : [segment(narrow ? ` +${n}` : `  +${n} follow`, 'dim')];
}
