import type { Millis } from '../../../core/clock.js';
import { sentence } from '../../../core/failure.js';
import { isKnown, latest, type Known } from '../../../core/known.js';
import { count, duration, latency, plural } from '../../../core/units.js';
import type { LiveFinding } from '../../../diagnose/finding.js';
import type { FlowView, RepeatCause } from '../../../model/snapshot.js';
import { flowsNotJudged } from '../../../session/not-judged.js';
import type { View } from '../../../session/view.js';
import { problemsOf } from '../../endpoints.js';
import { age, agedFact, fact, lagText, slope, timeOfDay } from '../../format.js';
import { findingsAbout } from '../../found.js';
import { glyphs } from '../../glyphs.js';
import { activePane } from '../../panes.js';
import { beside } from '../../parts/beside.js';
import { evidenceRows } from '../../parts/evidence.js';
import { foundRow } from '../../parts/found-rows.js';
import { cursorIn, type Pane } from '../../parts/pane.js';
import { inSight, lastScrollOf, scrolledRows } from '../../parts/scroll.js';
import { treeRows, wayRow } from '../../parts/tree.js';
import { blank, row, segment, segmentsWidth, type Row, type Segment } from '../../row.js';
import { currentFlow } from '../../selection.js';
import { flowSinceRows } from '../../since.js';
import { wrap } from '../../text.js';
import type { Size, Ui } from '../../ui.js';
import { standOf } from '../findings/list.js';
import { flowCharts } from './charts.js';
import { flowPanes } from './panes.js';
import { flowPartitions } from './partitions.js';
import { taskRows } from './tasks.js';

/** Titles, legends, the time axis, facts and what separates them. */
const otherRows = 12;
const [leastChart, mostChart] = [4, 9];
const partitionsBeside = 8;
/** A screen of fewer rows has one for the cause, and none for what else stands about the flow. */
const smallest = 20;
const mostOthers = 3;

/** One flow: the verdict, two charts with the tree that led to it (or its evidence) beside them, tasks, partitions over time. */
export function presentFlow(view: View, ui: Ui, size: Size): readonly Row[] {
  const rows = body(view, ui, size);
  const cursor = rows.findIndex(one => one.selected);
  const scroll = cursor < 0 ? ui.scroll : inSight(ui.scroll, cursor, size.rows - 1);
  return scrolledRows(rows, size.rows, scroll);
}

/** Where the last page begins; `size` is that of the whole screen. */
export function lastScroll(view: View, ui: Ui, size: Size): number {
  const room = size.rows - 2;
  return lastScrollOf(body(view, ui, { ...size, rows: room }), room);
}

function body(view: View, ui: Ui, size: Size): readonly Row[] {
  const flow = currentFlow(view, ui);
  if (!flow) return [row(segment(' no flow is known', 'dim')), ...problemsOf(view, 'connect')];
  return flowRows(flow, view, ui, size);
}

/** As much of it as fits, from its top; partitions, of which there may be thousands to sort, only where that shows some. */
export function flowTop(flow: FlowView, view: View, ui: Ui, size: Size): readonly Row[] {
  const above = aboveMap(flow, view, ui, size);
  return above.length + 3 > size.rows ? above : flowRows(flow, view, ui, size);
}

/** All of it, however high the screen is, which only decides how high the charts are. */
function flowRows(flow: FlowView, view: View, ui: Ui, size: Size): readonly Row[] {
  const cursor = cursorIn(paneNamed(flow, 'partitions'), activePane(view, ui), ui);
  return [...aboveMap(flow, view, ui, size), ...flowPartitions(view, flow, size.columns, cursor)];
}

function paneNamed(flow: FlowView, name: string): Pane | undefined {
  return flowPanes(flow).find(pane => pane.name === name);
}

/** All but the partitions over time. */
function aboveMap(flow: FlowView, view: View, ui: Ui, size: Size): readonly Row[] {
  const { columns } = size;
  const [finding, ...others] = findingsAbout(view, { kind: 'flow', id: flow.id });
  const wide = columns >= 110;
  const left = wide ? columns - Math.max(46, Math.floor(columns * 0.36)) : columns;
  const height = chartHeight(flow, size.rows);
  const room = wide ? Math.max(chartsRows(height), size.rows - 16) : size.rows;
  const because = verdictRows(finding, flow, view.at, wide ? columns - left - 2 : columns, room);
  const charts = flowCharts(view, flow, left, wide ? besideOf(because.length, height) : height);
  return [
    title(flow),
    ...verdict(finding, flow, view, size),
    ...others.slice(0, size.rows < smallest ? 0 : mostOthers).map(one => foundRow(one, view, columns)),
    ...flowSinceRows(view, flow),
    ...(finding?.tree && !wide ? [wayRow(finding.tree, finding.severity, columns)] : []),
    ...problemsOf(view, 'connect'),
    ...problemsOf(view, 'prometheus'),
    ...(wide ? beside(charts, because, left, columns) : [...charts, ...because]),
    blank,
    ...taskRows(flow, columns, cursorIn(paneNamed(flow, 'tasks'), activePane(view, ui), ui)),
    blank,
    ...facts(flow, view, columns),
  ];
}

/** Rows of each chart: what is left when the tasks, and enough partitions to see skew, have theirs; odd, for a label in the middle. */
function chartHeight({ tasks, partitions }: FlowView, rows: number): number {
  const others = otherRows + tasks.length + Math.min(partitions.length, partitionsBeside);
  return inBounds(Math.floor((rows - others) / 2));
}

function inBounds(height: number): number {
  const most = Math.min(mostChart, height);
  return Math.max(leastChart, most % 2 === 0 ? most - 1 : most);
}

/** Both charts with their legends and the time axis. */
function chartsRows(height: number): number {
  return 2 * height + 3;
}

/** A chart may be as high as what stands beside both makes it anyway. */
function besideOf(rows: number, height: number): number {
  return Math.max(height, inBounds(Math.floor((rows - 3) / 2)));
}

/** `mm2-source  eu → us  RUNNING  4 of 4 tasks run (tasks.max 4)` */
function title(flow: FlowView): Row {
  const ends =
    flow.source || flow.target
      ? `${flow.source?.alias ?? '?'} ${glyphs.arrow} ${flow.target?.alias ?? '?'}`
      : '';
  const running = flow.tasks.filter(task => task.state === 'RUNNING').length;
  const healthy = isKnown(flow.state) && flow.state.value === 'RUNNING' && running === flow.tasks.length;
  return row(
    segment(` ${flow.connector}`, 'title'),
    segment(`  ${ends}  `),
    fact(flow.state, state => state, healthy ? 'text' : 'warning'),
    segment(`  ${running} of ${plural(flow.tasks.length, 'task')} run`, healthy ? 'text' : 'critical'),
    segment('  tasks.max ', 'dim'),
    fact(flow.tasksMax, String),
  );
}

/** On one line; its consequence gives way to its cause, and where that would be cut as well it stands on a second one. */
function verdict(
  finding: LiveFinding | undefined,
  flow: FlowView,
  view: View,
  { columns, rows }: Size,
): readonly Row[] {
  if (!finding) return [noFinding(flow, view)];
  const { at } = view;
  const lasts = age(finding.since, at, finding.sinceIsBound);
  const stands = {
    pending: `forming ${lasts}`,
    firing: `firing ${lasts}`,
    // Not how long it was there: how long it is not.
    resolving: standOf(finding, at),
  }[finding.phase];
  const said = segment(` ${glyphs[finding.severity]} ${finding.verdict.toUpperCase()}`, finding.severity);
  const sure = segment(` ${finding.confidence} confidence`);
  const life = segment(`  ${stands}  `, 'dim');
  const cause = segment(finding.sentence, finding.severity);
  const line = [said, sure, life, cause];
  const whole = [...line, segment(`  ${finding.consequence}`)];
  if (segmentsWidth(whole) <= columns) return [row(...whole)];
  if (segmentsWidth(line) <= columns) return [row(...line)];
  const lines = rows < smallest ? [finding.sentence] : wrap(finding.sentence, columns - 4);
  return [
    row(said, life, segment(`${finding.consequence} `), sure),
    ...lines.map(text => row(segment('   '), segment(text, finding.severity))),
  ];
}

/** What was not judged, or could not be seen whole, is not well: it is said here as in the headline of all. */
function noFinding(flow: FlowView, view: View): Row {
  const unjudged = view.unjudged.filter(({ subject }) => subject.kind === 'flow' && subject.id === flow.id);
  const missing = flowsNotJudged({ unjudged, snapshot: view.snapshot }).find(one => one.required);
  if (missing !== undefined)
    return missing.early
      ? row(segment(` ${glyphs.unsure} not judged yet`, 'info'), segment(`: ${missing.brief}`, 'dim'))
      : row(segment(` ${glyphs.unsure} not judged`, 'warning'), segment(`: ${missing.brief}`, 'dim'));
  return view.endpoints.every(({ status }) => status.is === 'live')
    ? row(segment(` ${glyphs.holds} no finding about this flow`, 'ok'))
    : row(segment(` ${glyphs.unsure} no finding about this flow in what can be seen`, 'warning'));
}

function verdictRows(
  finding: LiveFinding | undefined,
  flow: FlowView,
  at: Millis,
  columns: number,
  room: number,
): readonly Row[] {
  if (!finding) return steady(flow, at);
  const text = (label: string, lines: readonly string[], as: 'dim' | 'text'): readonly Row[] =>
    lines.flatMap(line => wrap(`${label}${line}`, columns - 2).map(part => row(segment(` ${part}`, as))));
  return [
    ...(finding.tree
      ? [
          row(segment(` ${finding.tree.asks}`, 'title')),
          ...treeRows(finding.tree, finding.severity, columns, room - 1),
        ]
      : [row(segment(' BECAUSE', 'title')), ...evidenceRows(finding.evidence, columns)]),
    ...text('not checked: ', finding.unchecked, 'dim'),
    ...text('surer with: ', finding.raise, 'dim'),
    ...text('would be wrong if ', [finding.falsifier].filter(Boolean), 'dim'),
  ];
}

/** Without a finding the numbers that would make one. */
function steady(flow: FlowView, at: Millis): readonly Row[] {
  const line = <T>(name: string, known: Known<T>, format: (value: T) => string): Row =>
    row(segment(` ${name.padEnd(18)}`, 'dim'), agedFact(known, at, format));
  const share = (value: number): string => `${Math.round(value * 100)}%`;
  return [
    row(segment(' NOW', 'title'), segment(' (worst task)', 'dim')),
    line('lag', flow.lag, lagText),
    line('lag grows by', flow.lagSlope, slope),
    line('buffer used', flow.bufferUsed, share),
    line('produce throttle', flow.throttle, latency),
    line('buffer wait', flow.waitRatio, share),
    line('produce latency', flow.requestLatency, latency),
    line('fetch throttle', flow.fetchThrottle, latency),
    line('fetch latency', flow.fetchLatency, latency),
  ];
}

/** Restarts, repeats, flushes, rebalances; and the reason for whatever of this flow is not known. */
function facts(flow: FlowView, view: View, columns: number): readonly Row[] {
  const { at } = view;
  const interval = duration(flow.flushInterval.seconds * 1000);
  const flush = flow.flushInterval.observed
    ? `flushes every ${interval}`
    : `flush interval not seen yet, taken as ${interval}`;
  const line: Segment[] = [
    segment(' since '),
    segment(timeOfDay(flow.rebalances.since, 'minutes')),
    segment(
      `: ${plural(flow.rebalances.total, 'rebalance')} (${flow.rebalances.lastHour} in the last hour), ${plural(flow.restarts.total, 'restart')} of tasks`,
    ),
    segment(repeated(flow)),
    segment(`  ${flush}`, 'dim'),
    segment(flow.lastFlush === undefined ? '' : `, last ${duration(at - flow.lastFlush)} ago`, 'dim'),
  ];
  return [
    row(...line),
    lagMethod(flow),
    ...positionsFact(flow, view),
    ...reasons(flow)
      .flatMap(reason => wrap(reason, columns - 4))
      .map(text => row(segment(`   ${text}`, 'dim'))),
    blank,
  ];
}

function repeated({ repeats }: FlowView): string {
  if (repeats === undefined) return '';
  const { low, high, causes } = repeats;
  const count = low === high ? String(low) : `${low}–${high}`;
  return `, ${count} records written twice (${causes.map(cause => causeName[cause]).join(', ')})`;
}

const causeName: Readonly<Record<RepeatCause, string>> = {
  restart: 'restarts',
  election: 'elections',
  retry: 'retries',
};

function lagMethod(flow: FlowView): Row {
  const last = latest(flow.lag);
  if (!last) return row(segment(' lag is not known', 'dim'));
  const { method, rested, low, high } = last.value;
  const how =
    method === 'bounded'
      ? 'from the end offsets of both clusters and the flushed positions'
      : 'from the flushed positions alone: too high by what was written since the flush';
  const exact = rested
    ? 'lag is exact since the flow was seen at rest'
    : `lag is between ${count(low)} and ${count(high)}`;
  return row(segment(` ${exact}, ${how}`, 'dim'));
}

/** Runbooks look for a consumer group of the connector: MirrorMaker 2 assigns its partitions itself, and has none. */
function positionsFact(flow: FlowView, { snapshot }: View): readonly Row[] {
  if (flow.kind !== 'mirror-source') return [];
  const group = `connect-${flow.connector}`;
  const namesake = snapshot.groups.some(g => g.group === group);
  const none = namesake ? `the group ${group} is not its own` : `no group ${group} exists`;
  return [row(segment(` positions are in Connect’s offsets topic; ${none}`, 'dim'))];
}

function reasons(flow: FlowView): readonly string[] {
  const facts: readonly (readonly [string, Known<unknown>])[] = [
    ['state', flow.state],
    ['lag', flow.lag],
    ['lag growth', flow.lagSlope],
    ['poll', flow.poll.now],
    ['write', flow.write.now],
    ['in flight', flow.inFlight],
    ['buffer', flow.bufferUsed],
    ['throttle', flow.throttle],
  ];
  const byReason = new Map<string, string[]>();
  for (const [name, known] of facts) {
    if (isKnown(known)) continue;
    const reason = sentence(known.unknown);
    byReason.set(reason, [...(byReason.get(reason) ?? []), name]);
  }
  return [...byReason].map(([reason, names]) => `${names.join(', ')} not known: ${reason}`);
}
