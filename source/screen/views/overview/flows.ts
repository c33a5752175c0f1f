import type { Millis } from '../../../core/clock.js';
import { isKnown, latest } from '../../../core/known.js';
import { count, duration, percent, unknownMark } from '../../../core/units.js';
import type { FlowView } from '../../../model/snapshot.js';
import type { ReadonlySeries } from '../../../model/series.js';
import type { View } from '../../../session/view.js';
import { problemsOf, staleNotes } from '../../endpoints.js';
import { fact, lagText } from '../../format.js';
import { glyphs } from '../../glyphs.js';
import type { Panel } from '../../parts/panel.js';
import { peak, sparkline } from '../../parts/sparkline.js';
import { pinned } from '../../pins.js';
import { layOut, tableRow, tableTitle, widthFor, type Column } from '../../parts/table.js';
import { row, segment, type Row, type Segment } from '../../row.js';
import { flowSinceColumns } from '../../since.js';
import { truncateMiddle } from '../../text.js';
import { spanTitle, sparkScale, trend, type SparkScale } from './spark.js';

export function flowPanel(view: View, flows: readonly FlowView[], columns: number): Panel {
  const laid = layOut(flowColumns(view, flows), columns);
  return {
    title: shown =>
      tableTitle(laid, columns, () => (shown < flows.length ? `FLOWS ${shown}/${flows.length}` : 'FLOWS')),
    rows: flows.map(flow => ({ id: flow.id, row: selected => tableRow(laid, flow, columns, { selected }) })),
    notes: [
      ...problemsOf(view, 'connect'),
      ...staleNotes(view, 'connect'),
      ...emptyNote(view, flows),
      ...methodNotes(view, flows),
    ],
  };
}

/** Without metrics the two rates come from end offsets: arrival at the source, write at the target. */
function byOffsets(flows: readonly FlowView[]): boolean {
  const carrying = flows.filter(flow => flow.kind === 'mirror-source');
  return carrying.length > 0 && carrying.every(flow => flow.write.method === 'end-offsets');
}

function flowColumns(view: View, flows: readonly FlowView[]): readonly Column<FlowView>[] {
  const offsets = byOffsets(flows);
  const first = (flow: FlowView): FlowView['poll'] => (offsets ? flow.arrival : flow.poll);
  const scale = sparkScale(
    view,
    flows.flatMap(flow => [first(flow).series, flow.write.series, flow.lagSeries]),
  );
  return [
    {
      id: 'flow',
      title: 'FLOWS',
      width: 14,
      grow:
        widthFor(
          flows.map(({ connector }) => connector),
          14,
          30,
        ) - 14,
      leaves: 0,
      cell: (flow, width) => [
        segment(truncateMiddle(pinned(view, { kind: 'flow', id: flow.id }, flow.connector), width), 'strong'),
      ],
    },
    {
      id: 'poll',
      title: offsets ? 'arr/s' : 'poll/s',
      width: 6,
      align: 'right',
      leaves: 30,
      cell: flow => [fact(first(flow).now, count)],
    },
    {
      id: 'poll-line',
      title: width => spanTitle(scale, width - 6),
      width: 12,
      grow: 18,
      leaves: 60,
      cell: (flow, width) => rateLine(view.at, first(flow).series, flow.write.series, 'first', scale, width),
    },
    {
      id: 'write',
      title: 'write/s',
      width: 7,
      align: 'right',
      leaves: 31,
      cell: flow => [fact(flow.write.now, count)],
    },
    {
      id: 'write-line',
      title: offsets ? 'by offsets' : 'same scale',
      width: 12,
      grow: 18,
      leaves: 60,
      cell: (flow, width) => rateLine(view.at, flow.write.series, first(flow).series, 'second', scale, width),
    },
    { id: 'lag', title: 'lag', width: 8, align: 'right', leaves: 0, cell: flow => [fact(flow.lag, lagText)] },
    ...flowSinceColumns(view),
    {
      id: 'trend',
      title: 'trend',
      width: 7,
      grow: 18,
      leaves: 10,
      cell: (flow, width) => trend(view.at, flow.lagSeries, scale, width),
    },
    {
      id: 'in-flight',
      title: 'in flight',
      width: 9,
      align: 'right',
      leaves: 40,
      cell: flow => [fact(flow.inFlight, count)],
    },
    {
      id: 'buffer',
      title: 'buffer',
      width: 6,
      align: 'right',
      leaves: 45,
      cell: flow => [
        fact(
          flow.bufferUsed,
          percent,
          isKnown(flow.bufferUsed) && flow.bufferUsed.value >= 0.9 ? 'warning' : 'text',
        ),
      ],
    },
    {
      id: 'tasks',
      title: 'tasks',
      width: 8,
      grow: 12,
      leaves: 5,
      cell: (flow, width) => tasksCell(flow, view.at, width),
    },
    {
      id: 'rebalances',
      title: 'rebal/h',
      width: 7,
      align: 'right',
      leaves: 50,
      cell: flow => [rebalanceCount(flow.rebalances, view.at)],
    },
  ];
}

/** Poll and write share one scale, so that their parting can be seen; its maximum stands beside the line. */
function rateLine(
  at: Millis,
  own: ReadonlySeries,
  other: ReadonlySeries,
  as: 'first' | 'second',
  scale: SparkScale,
  width: number,
): readonly Segment[] {
  const columns = Math.max(1, width - 6);
  const bucket = scale(columns);
  const values = own.buckets(at, bucket, columns);
  const max = peak(values, other.buckets(at, bucket, columns));
  if (values.every(Number.isNaN)) return [];
  return [segment(sparkline(values, max), as), segment(` ${count(max)}`, 'dim')];
}

/** `4/4`, `3/4 1 failed`, `paused`: how many run of how many there are, and what the others do. */
function tasksCell(flow: FlowView, at: Millis, width: number): readonly Segment[] {
  const state = latest(flow.state);
  const total = flow.tasks.length;
  const running = flow.tasks.filter(task => task.state === 'RUNNING').length;
  if (!isKnown(flow.state)) {
    if (!state) return [segment(unknownMark, 'dim')];
    const old = `${running}/${total}`;
    return [segment(width >= 12 ? `${old} ${duration(at - state.at)} ago` : old, 'stale')];
  }
  if (flow.state.value !== 'RUNNING') return [segment(flow.state.value.toLowerCase(), 'warning')];
  if (total === 0) return [segment('no tasks', 'warning')];
  const ratio = `${running}/${total}`;
  if (running === total) return [segment(ratio), segment(width >= 16 ? ` on ${workers(flow)}` : '', 'dim')];
  const failed = flow.tasks.filter(task => task.state === 'FAILED').length;
  return [segment(ratio, 'critical'), segment(failed > 0 ? ` ${failed} failed` : ' starting', 'critical')];
}

function workers(flow: FlowView): string {
  const n = new Set(flow.tasks.map(task => task.worker)).size;
  return n === 1 ? '1 worker' : `${n} workers`;
}

export function rebalanceCount(rebalances: FlowView['rebalances'], at: Millis): Segment {
  const fresh = rebalances.last !== undefined && at - rebalances.last < 60_000;
  if (fresh) return segment(`${rebalances.lastHour} ${glyphs.critical}`, 'warning');
  return segment(String(rebalances.lastHour), rebalances.lastHour > 0 ? 'text' : 'dim');
}

function emptyNote(view: View, flows: readonly FlowView[]): readonly Row[] {
  if (flows.length > 0) return [];
  const connects = view.endpoints.filter(endpoint => endpoint.kind === 'connect');
  if (connects.length === 0)
    return [
      row(
        segment(
          '   no Connect given: --connect http://worker:8083 shows connectors and MirrorMaker 2 flows',
          'dim',
        ),
      ),
    ];
  const answered = view.snapshot.connects.some(connect => isKnown(connect.connectors));
  return answered ? [row(segment('   Connect answers and has no connectors', 'dim'))] : [];
}

/** What is not known of the flows without metrics, and where the rates come from instead. */
function methodNotes(view: View, flows: readonly FlowView[]): readonly Row[] {
  const notes = [...problemsOf(view, 'prometheus')];
  const unknown = flows.some(flow => flow.kind === 'mirror-source' && latest(flow.poll.now) === undefined);
  if (!unknown) return notes;
  const instead = byOffsets(flows) ? 'arr/s and write/s are by end offsets; ' : '';
  return [
    ...notes,
    row(segment(`   ${instead}poll, in flight and buffer not known: ${whyNoMetrics(view)}`, 'dim')),
  ];
}

function whyNoMetrics(view: View): string {
  if (view.endpoints.every(endpoint => endpoint.kind !== 'prometheus')) return 'no --prometheus given';
  const answers = view.snapshot.metrics.some(metrics => isKnown(metrics.answers));
  return answers ? 'the metrics of the tasks were not found' : 'no metrics';
}
