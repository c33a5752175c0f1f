import { duration, plural } from '../../../core/units.js';
import { explain } from '../../../core/failure.js';
import { isKnown } from '../../../core/known.js';
import type { LiveFinding } from '../../../diagnose/finding.js';
import { followersOf } from '../../../session/consequences.js';
import type { View } from '../../../session/view.js';
import { isStarting, liveness, silenceRows, silent } from '../../endpoints.js';
import { age } from '../../format.js';
import { glyphs } from '../../glyphs.js';
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
  const calm = all.every(one => one.severity === 'info') ? [nothingFound(view)] : [];
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

/** Silence is only good where everything could be asked. */
function nothingFound(view: View): Row {
  const { snapshot } = view;
  const seen = `${plural(snapshot.flows.length, 'flow')}, ${plural(snapshot.groups.length, 'group')}, ${plural(snapshot.workers.length, 'worker')} seen`;
  if (isStarting(view)) return row(segment(` ${glyphs.unsure} nothing is known yet`, 'info'));
  const { is, live, total } = liveness(view);
  const blind = snapshot.clusters.some(cluster => cluster.blind);
  const early = notJudged(view);
  if (early !== undefined)
    return row(segment(` ${glyphs.unsure} not judged yet`, 'info'), segment(`  ${early}`, 'dim'));
  if (is === 'live' && !blind && silent(view).length === 0) {
    return row(segment(` ${glyphs.holds} nothing found wrong`, 'ok'), segment(`  ${seen}`, 'dim'));
  }
  return row(
    segment(` ${glyphs.unsure} nothing found wrong in what can be seen`, 'warning'),
    segment(`  ${live} of ${total} endpoints answer; ${seen}`, 'dim'),
  );
}

/**
 * Who has not answered once, or a flow whose growth of lag is not known, cannot be judged: that nothing was found says
 * nothing of it.
 */
function notJudged(view: View): string | undefined {
  const asked = view.endpoints.filter(e => e.status.is === 'asking').map(e => e.name);
  if (asked.length > 0) return `no answer yet from ${asked.join(', ')}`;
  const flow = view.snapshot.flows.find(f => f.kind === 'mirror-source' && !isKnown(f.lagSlope));
  if (flow === undefined || isKnown(flow.lagSlope)) return undefined;
  const { subject, detail, kind } = flow.lagSlope.unknown;
  return `${subject}: ${detail || explain(kind).meaning}`;
}
