import { plural } from '../../../core/units.js';
import type { LiveFinding } from '../../../diagnose/finding.js';
import { followersOf } from '../../../session/consequences.js';
import type { View } from '../../../session/view.js';
import { calmRow } from '../../calm.js';
import { silenceRows } from '../../endpoints.js';
import { age } from '../../format.js';
import { reservedWidth } from '../../reserved.js';
import { row, segment, spread, type Row, type Segment } from '../../row.js';
import { forming, headline, isTrouble, selection, standing } from '../../selection.js';
import { findingMark } from '../../severity.js';
import { newMark } from '../../since.js';
import { fit, width } from '../../text.js';
import { keyHint, type Size, type Ui } from '../../ui.js';

/** One line a finding, the worst first, those that only form below them; or that nothing was found, and in what. */
export function findingLines(view: View, ui: Ui, size: Size, room: number): readonly Row[] {
  const [worst] = standing(view);
  const silent = silenceRows(view, worst ? [worst.subject.name] : []);
  const found = findings(view, ui, size, Math.max(1, room - silent.length));
  // What is only told can wait: that something does not answer comes first.
  return headline(view) === undefined ? [...silent, ...found] : [...found, ...silent];
}

function findings(view: View, ui: Ui, size: Size, room: number): readonly Row[] {
  const { columns } = size;
  const all = inOrder(view);
  // What is only told is no trouble, and what only forms not yet: that nothing is wrong, or not yet, comes first.
  const calm = headline(view) === undefined ? [calmRow(view, columns)] : [];
  const [first] = all;
  if (first === undefined) return calm;
  const left = room - calm.length;
  const onTwoLines = isTrouble(first) && needsTwoLines(first, view, ui, columns, left, all.length);
  const fitting = all.length + Number(onTwoLines) <= left ? all.length : left - 1 - Number(onTwoLines);
  const shown = all.slice(0, Math.max(1, fitting));
  const places = placesOf(shown, columns, onTwoLines ? 1 : 0);
  const rest = all.length - shown.length;
  const lines = [
    ...calm,
    ...shown.flatMap((finding, i) =>
      i === 0 && onTwoLines
        ? headlineOnTwoLines(finding, view, ui, columns, places.subject)
        : [findingLine(finding, view, ui, columns, places)],
    ),
    ...(rest > 0 ? [moreRow(rest, ui)] : []),
  ];
  return lines.slice(0, Math.max(1, room));
}

/** What may be wrong comes before what is only told, and of each what only forms comes last. */
function inOrder(view: View): readonly LiveFinding[] {
  const all = [...standing(view), ...forming(view)];
  return [...all.filter(isTrouble), ...all.filter(one => !isTrouble(one))];
}

/** `2 more findings: press 6` */
function moreRow(rest: number, ui: Ui): Row {
  return row(
    segment(`   ${plural(rest, 'more finding')}: press `, 'dim'),
    segment(keyHint(ui, 'go.findings', '6'), 'key'),
  );
}

/** Columns of subjects and consequences, alike in all lines that are shown. */
type Places = { readonly subject: number; readonly consequence: number };

/** Columns that a consequence may take beside its cause. */
function mostOf(columns: number): number {
  return columns < 100 ? 16 : Math.floor(columns / (columns < wideScreen ? 6 : 4));
}

/** From so many columns on a consequence is cut where it does not fit; on a narrower screen it is left to the finding itself. */
const wideScreen = 160;

/** The cause is worth more than half a consequence. `from`: those before stand otherwise. */
function placesOf(shown: readonly LiveFinding[], columns: number, from = 0): Places {
  const most = mostOf(columns);
  const consequences = shown.slice(from).map(one => reservedWidth(one.consequence));
  return {
    subject: Math.min(columns < 60 ? 12 : 24, Math.max(...shown.map(one => width(one.subject.name)))),
    consequence: Math.min(
      most,
      Math.max(0, ...consequences.filter(wide => columns >= wideScreen || wide <= most)),
    ),
  };
}

/**
 * Whether one line would cut the cause of the headline or leave out what follows from it, where there are more; on a narrow screen it
 * always would. Told by the room that its numbers may come to need, so that the tables below do not move when one of them grows by a
 * digit. On a tiny one no other of the `findings` gives way to it.
 */
function needsTwoLines(
  finding: LiveFinding,
  view: View,
  ui: Ui,
  columns: number,
  room: number,
  findings: number,
): boolean {
  if (columns < 60) return room > findings;
  if (columns < 100) return room >= 2;
  if (room < 3) return false;
  if (columns < wideScreen && reservedWidth(finding.consequence) > mostOf(columns)) return true;
  const [left, right] = lineParts(finding, view, ui, columns, placesOf([finding], columns));
  return sum([...left, ...right].map(({ text }) => reservedWidth(text))) > columns;
}

/** `▲ CRITICAL  mm2-source  target limits writes: quota of mm2-user   11m   lag +3.30k/s   x fix` */
function findingLine(finding: LiveFinding, view: View, ui: Ui, columns: number, places: Places): Row {
  const [left, right] = lineParts(finding, view, ui, columns, places);
  return { segments: spread(left, right, columns) };
}

function lineParts(
  finding: LiveFinding,
  view: View,
  ui: Ui,
  columns: number,
  { subject, consequence }: Places,
): readonly [left: readonly Segment[], right: readonly Segment[]] {
  const narrow = columns < 60;
  const gap = segment(narrow ? ' ' : '  ');
  const since = segment(age(finding.since, view.at, finding.sinceIsBound).padStart(5));
  const looks = finding.phase === 'pending' ? (['dim', 'dim'] as const) : (['strong', 'text'] as const);
  const [name, said] = looks;
  return [
    [
      segment(' '),
      findingMark(finding, narrow ? 'short' : 'long'),
      gap,
      segment(fit(finding.subject.name, subject), name),
      gap,
      ...newMark(view, finding),
      segment(`${finding.sentence}${phase(finding)}`, said),
    ],
    [
      ...followers(finding, narrow),
      gap,
      since,
      ...(narrow
        ? []
        : [
            ...(consequence > 0 ? [gap, segment(fitting(finding.consequence, consequence, columns))] : []),
            gap,
            segment(hint(finding, view, ui), 'key'),
            segment(' '),
          ]),
    ],
  ];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}

function fitting(consequence: string, columns: number, screen: number): string {
  return fit(screen < wideScreen && width(consequence) > columns ? '' : consequence, columns);
}

function headlineOnTwoLines(
  finding: LiveFinding,
  view: View,
  ui: Ui,
  columns: number,
  subjectWidth: number,
): readonly Row[] {
  const narrow = columns < 60;
  const gap = segment(narrow ? ' ' : '  ');
  const left = [
    segment(' '),
    findingMark(finding, narrow ? 'short' : 'long'),
    gap,
    segment(fit(finding.subject.name, subjectWidth), finding.phase === 'pending' ? 'dim' : 'strong'),
    segment(`${gap.text}since ${age(finding.since, view.at, finding.sinceIsBound)}`),
  ];
  const right = [...followers(finding, narrow), segment(`  ${hint(finding, view, ui)} `, 'key')];
  const consequence = segment(`${gap.text}${finding.consequence}`);
  const isLeftOut =
    narrow && sum([...left, consequence, ...right].map(({ text }) => reservedWidth(text))) > columns;
  const first = spread(isLeftOut ? left : [...left, consequence], right, columns);
  const look = finding.phase === 'pending' ? 'dim' : finding.severity;
  return [
    { segments: first },
    row(segment('   '), ...newMark(view, finding), segment(`${finding.sentence}${phase(finding)}`, look)),
  ];
}

/**
 * The key that leads from here to this finding: `x` changes what is selected, and `e` explains the headline alone. To any other the list
 * of findings leads. None while a dialog has the keys.
 */
function hint(finding: LiveFinding, view: View, ui: Ui): string {
  if (view.remedy.phase !== 'none') return '';
  const { kind, id } = selection(view, ui) ?? {};
  const isSelected = finding.subject.kind === kind && finding.subject.id === id;
  if (isSelected && finding.remedies.length > 0) return `${keyHint(ui, 'act.remedy', 'x')} fix`;
  return headline(view)?.key === finding.key
    ? `${keyHint(ui, 'act.evidence', 'e')} why`
    : `${keyHint(ui, 'go.findings', '6')} why`;
}

function phase(finding: LiveFinding): string {
  return finding.phase === 'resolving' ? ' (resolving)' : '';
}

/** `+12 follow`: what is listed under it. It stands at the right, where no long sentence pushes it out. */
function followers(finding: LiveFinding, narrow: boolean): readonly Segment[] {
  const n = followersOf(finding).length;
  return n === 0 ? [] : [segment(narrow ? ` +${n}` : `  +${n} follow`, 'dim')];
}
