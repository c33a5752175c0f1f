import type { Millis } from '../../../core/clock.js';
import { isKnown } from '../../../core/known.js';
import { bytes, count, percent } from '../../../core/units.js';
import type { WorkerView } from '../../../model/snapshot.js';
import type { View } from '../../../session/view.js';
import { fact } from '../../format.js';
import { loadToken } from '../../load-token.js';
import { sparkline } from '../../parts/sparkline.js';
import type { Panel } from '../../parts/panel.js';
import { layOut, tableRow, tableTitle, type Column } from '../../parts/table.js';
import { row, segment, type Row, type Segment } from '../../row.js';
import { truncateMiddle } from '../../text.js';
import { sparkScale, type SparkScale } from './spark.js';

export function workerPanel(view: View, workers: readonly WorkerView[], columns: number): Panel {
  const laid = layOut(workerColumns(view, workers), columns);
  return {
    title: () => tableTitle(laid, columns),
    rows: workers.map(worker => ({
      id: `${worker.connect}/${worker.id}`,
      row: selected => tableRow(laid, worker, columns, { selected }),
    })),
    notes: reasons(view, workers),
  };
}

function workerColumns(view: View, workers: readonly WorkerView[]): readonly Column<WorkerView>[] {
  const scale = sparkScale(
    view,
    workers.flatMap(({ load }) => [load.cpu, load.heap]),
  );
  const limits = view.limits.worker;
  return [
    {
      id: 'worker',
      title: 'WORKERS',
      width: 18,
      grow: 12,
      leaves: 0,
      cell: (worker, width) => [segment(truncateMiddle(worker.id, width), 'strong')],
    },
    {
      id: 'tasks',
      title: 'tasks',
      width: 5,
      align: 'right',
      leaves: 5,
      cell: worker => [segment(String(worker.tasks))],
    },
    {
      id: 'cpu',
      title: 'cpu',
      width: 4,
      align: 'right',
      leaves: 10,
      cell: worker => [fact(worker.processCpu, percent, loadToken(worker.processCpu, limits.cpu))],
    },
    {
      id: 'cpu-line',
      title: 'of 100%',
      width: 7,
      grow: 8,
      leaves: 50,
      cell: (worker, width) => [line(view.at, worker.load.cpu, scale, width)],
    },
    {
      id: 'host',
      title: 'host',
      width: 4,
      align: 'right',
      leaves: 30,
      cell: worker => [fact(worker.hostCpu, percent, loadToken(worker.hostCpu, limits.cpu))],
    },
    {
      id: 'memory',
      title: 'mem',
      width: 4,
      align: 'right',
      leaves: 31,
      cell: worker => [fact(worker.hostMemory, percent, loadToken(worker.hostMemory, limits.memory))],
    },
    {
      id: 'heap',
      title: 'heap',
      width: 4,
      align: 'right',
      leaves: 20,
      cell: worker => [fact(worker.heap, percent, loadToken(worker.heap, limits.heap))],
    },
    {
      id: 'heap-line',
      title: 'of 100%',
      width: 7,
      grow: 8,
      leaves: 51,
      cell: (worker, width) => [line(view.at, worker.load.heap, scale, width)],
    },
    {
      id: 'network',
      title: 'net/s',
      width: 9,
      align: 'right',
      leaves: 40,
      cell: worker => [fact(worker.network, bytes)],
    },
    {
      id: 'rebalances',
      title: 'rebal',
      width: 5,
      align: 'right',
      leaves: 45,
      cell: worker => [fact(worker.rebalances, count)],
    },
  ];
}

function line(at: Millis, series: WorkerView['load']['cpu'], scale: SparkScale, width: number): Segment {
  return segment(sparkline(series.buckets(at, scale(width), width), 1), 'first');
}

/** One line for what no worker shows, with its reason. */
function reasons(view: View, workers: readonly WorkerView[]): readonly Row[] {
  if (workers.length === 0) return [];
  const facts: readonly (readonly [string, (worker: WorkerView) => WorkerView['processCpu']])[] = [
    ['cpu', worker => worker.processCpu],
    ['host', worker => worker.hostCpu],
    ['memory', worker => worker.hostMemory],
    ['heap', worker => worker.heap],
    ['net', worker => worker.network],
  ];
  const missing = facts.filter(([, of]) => workers.every(worker => !isKnown(of(worker))));
  const first = missing[0];
  const example = first && workers[0] ? first[1](workers[0]) : undefined;
  if (!example || isKnown(example)) return [];
  const names = missing.map(([name]) => name).join(', ');
  const asked = view.endpoints.some(endpoint => endpoint.kind === 'prometheus');
  const reason = asked ? `${example.unknown.subject} ${example.unknown.kind}` : 'no --prometheus given';
  return [row(segment(`   ${names} not known: ${reason}`, 'dim'))];
}
