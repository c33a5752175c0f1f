import { explain, sentence as failureSentence } from '../../../core/failure.js';
import { subjectText } from '../../../core/subject-text.js';
import { duration, plural } from '../../../core/units.js';
import type { Advice, LiveFinding, Moment, PastFinding, RemedyHint } from '../../../diagnose/finding.js';
import { followersOf } from '../../../session/consequences.js';
import type { View } from '../../../session/view.js';
import { countsByVerdict, type Blindness, type Entry } from '../../found.js';
import { age, timeOfDay } from '../../format.js';
import { glyphs } from '../../glyphs.js';
import { beside } from '../../parts/beside.js';
import { fullEvidenceRows } from '../../parts/evidence.js';
import { row, segment, type Row } from '../../row.js';
import { wrap } from '../../text.js';
import type { Token } from '../../theme.js';
import { standOf } from './list.js';

/** From so many columns on, what it rests on and what to do about it stand side by side. */
const wide = 150;

/** The selected entry in full. */
export function detailRows(entry: Entry, view: View, columns: number): readonly Row[] {
  return entry.is === 'unjudged' ? unjudgedRows(entry.unjudged, columns) : findingRows(entry, view, columns);
}

type Found = Exclude<Entry, { is: 'unjudged' }>;

function findingRows(entry: Found, view: View, columns: number): readonly Row[] {
  const { finding } = entry;
  const head = [
    titleRow(entry, view),
    ...indented([finding.sentence, finding.consequence].filter(Boolean).join('. '), columns),
    ...(entry.is === 'live' ? kinRows(entry, columns) : []),
  ];
  if (columns < wide) return [...head, ...groundRows(finding, columns), ...actionRows(entry, columns)];
  const left = Math.floor(columns / 2);
  return [
    ...head,
    ...beside(groundRows(finding, left), actionRows(entry, columns - left - 2), left, columns),
  ];
}

function titleRow(entry: Found, view: View): Row {
  const { finding } = entry;
  const since = `${finding.sinceIsBound ? 'at or before ' : ''}${timeOfDay(finding.since)}`;
  const stands =
    entry.is === 'past'
      ? `over: ${since} to ${timeOfDay(entry.finding.endedAt)}, ${age(finding.since, entry.finding.endedAt, finding.sinceIsBound)}`
      : `${phaseOf(entry.finding, view)}, since ${since}`;
  return row(
    segment(` ${subjectText(finding.subject)}`, 'title'),
    segment(`  ${finding.verdict.toUpperCase()}`, entry.is === 'past' ? 'dim' : finding.severity),
    segment(`  ${finding.confidence} confidence (${finding.certainty.toFixed(2)})`),
    segment(`  ${stands}`, 'dim'),
  );
}

function phaseOf(finding: LiveFinding, view: View): string {
  const stands = standOf(finding, view.at);
  return finding.phase === 'firing' ? `firing, ${stands}` : stands;
}

/** What it follows from, and what follows from it. */
function kinRows({ finding, causes }: Found & { readonly is: 'live' }, columns: number): readonly Row[] {
  const cause = causes.at(-1);
  const followers = followersOf(finding);
  return [
    ...(cause === undefined
      ? []
      : indented(
          `${finding.excused === true ? 'expected while' : 'follows from'} ${cause.subject.name}: ${cause.sentence}`,
          columns,
          'dim',
        )),
    ...(followers.length === 0
      ? []
      : indented(
          `${plural(followers.length, 'follows', 'follow')} from it: ${countsByVerdict(followers)}`,
          columns,
          'dim',
        )),
  ];
}

/** What the verdict rests on, and how far it can be believed. */
function groundRows(finding: LiveFinding | PastFinding, columns: number): readonly Row[] {
  return [
    title('RESTS ON'),
    ...fullEvidenceRows(finding.evidence, columns),
    ...section('WOULD RAISE THE CONFIDENCE', finding.raise, columns),
    ...section('COULD NOT BE CHECKED', finding.unchecked, columns),
    ...section('WOULD BE WRONG IF', [finding.falsifier].filter(Boolean), columns),
    ...timelineRows(finding.timeline, finding.sinceIsBound),
  ];
}

function actionRows(entry: Found, columns: number): readonly Row[] {
  const { remedies, advice, byHand } = entry.finding;
  return [
    ...remedyRows(remedies, entry.is === 'live', columns),
    ...adviceRows(advice, columns),
    ...section('BY HAND', byHand, columns, 'dim'),
  ];
}

/** Best first, as the rule ranks them. */
function remedyRows(remedies: readonly RemedyHint[], isLive: boolean, columns: number): readonly Row[] {
  if (remedies.length === 0) return [];
  return [
    row(segment(' REMEDIES', 'title'), segment(isLive ? '  x opens the plan' : '', 'dim')),
    ...remedies.flatMap(({ action, cures, note, target }, i) => [
      row(
        segment(`   ${i + 1} `, 'dim'),
        segment(cures ? `${glyphs.holds} ` : `${glyphs.fails} `, cures ? 'ok' : 'warning'),
        segment(action, 'strong'),
        segment(target === undefined ? '' : ` of ${subjectText(target)}`),
        segment(cures ? '' : '  does not cure the cause', 'warning'),
      ),
      ...indented(note, columns, 'dim', 7),
    ]),
  ];
}

/** The lines stand as they belong into the file. */
function adviceRows(advice: readonly Advice[], columns: number): readonly Row[] {
  if (advice.length === 0) return [];
  return [
    title('ADVICE'),
    ...advice.flatMap(({ where, lines, why }) => [
      ...indented(`${where}:`, columns),
      ...lines.flatMap(line => indented(line, columns, 'strong', 5)),
      ...indented(why, columns, 'dim', 5),
    ]),
  ];
}

function timelineRows(timeline: readonly Moment[], isBound: boolean): readonly Row[] {
  return [
    title('TIMELINE'),
    ...timeline.map((moment, i) => {
      const before = timeline[i - 1];
      const gap = before === undefined ? '' : `+${duration(moment.at - before.at)}`;
      return row(
        segment(`   ${timeOfDay(moment.at)}  `),
        segment(gap.padEnd(7), 'dim'),
        segment(momentText(moment, before, isBound)),
      );
    }),
  ];
}

function momentText({ what, verdict }: Moment, before: Moment | undefined, isBound: boolean): string {
  switch (what) {
    case 'pending':
      return `first seen: ${verdict}${isBound && before === undefined ? ' (it may have begun earlier)' : ''}`;
    case 'firing':
      return before?.what === 'resolving' ? 'holds again' : 'fired';
    case 'changed':
      return `is now ${verdict}`;
    case 'resolving':
      return 'holds no longer';
    case 'cleared':
      return 'cleared';
    case 'lost':
      return 'could no longer be judged';
  }
}

/** Each subject that cannot be judged, with its own reason. */
function unjudgedRows({ rule, subjects }: Blindness, columns: number): readonly Row[] {
  const next = [...new Set(subjects.map(({ why }) => explain(why).nextStep))];
  return [
    row(
      segment(` ${rule}`, 'title'),
      segment('  cannot be judged now: that nothing is found says nothing', 'warning'),
    ),
    ...subjects.flatMap(({ subject, why }) =>
      indented(`${subjectText(subject)}: ${failureSentence(why)}`, columns),
    ),
    ...section('WHAT WOULD HELP', next, columns),
  ];
}

function section(
  name: string,
  lines: readonly string[],
  columns: number,
  as: Token = 'text',
): readonly Row[] {
  return lines.length === 0 ? [] : [title(name), ...lines.flatMap(line => indented(line, columns, as))];
}

function title(name: string): Row {
  return row(segment(` ${name}`, 'title'));
}

function indented(text: string, columns: number, as: Token = 'text', by = 3): readonly Row[] {
  return wrap(text, Math.max(8, columns - by - 1)).map(line => row(segment(' '.repeat(by) + line, as)));
}
