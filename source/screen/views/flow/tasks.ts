import { isKnown } from '../../../core/known.js';
import { count, latency, percent } from '../../../core/units.js';
import type { FlowView, TaskView } from '../../../model/snapshot.js';
import { fact } from '../../format.js';
import { layOut, tableRow, tableTitle, type Column } from '../../parts/table.js';
import { row, segment, type Row } from '../../row.js';
import { truncateMiddle } from '../../text.js';

/** Every task with what holds it back; a failed one with the first line of its trace. */
export function taskRows(flow: FlowView, columns: number, cursor: number): readonly Row[] {
  if (flow.tasks.length === 0) return [row(segment(' TASKS ', 'title'), segment('none', 'dim'))];
  const laid = layOut(taskColumns, columns);
  return [
    tableTitle(laid, columns),
    ...flow.tasks.flatMap((task, i) => [
      tableRow(laid, task, columns, { selected: i === cursor }),
      ...(task.trace === undefined ? [] : [row(segment(`     ${task.trace}`, 'critical'))]),
    ]),
  ];
}

export const taskColumns: readonly Column<TaskView>[] = [
  { id: 'task', title: 'TASK', width: 4, leaves: 0, cell: task => [segment(String(task.task), 'strong')] },
  {
    id: 'state',
    title: 'state',
    width: 10,
    leaves: 1,
    cell: task => [segment(task.state, task.state === 'RUNNING' ? 'text' : 'critical')],
  },
  {
    id: 'worker',
    title: 'worker',
    width: 16,
    grow: 14,
    leaves: 10,
    cell: (task, width) => [segment(truncateMiddle(task.worker, width))],
  },
  {
    id: 'poll',
    title: 'poll/s',
    width: 7,
    align: 'right',
    leaves: 5,
    cell: task => [fact(task.poll, count)],
  },
  {
    id: 'write',
    title: 'write/s',
    width: 7,
    align: 'right',
    leaves: 4,
    cell: task => [fact(task.write, count)],
  },
  {
    id: 'in-flight',
    title: 'in flight',
    width: 9,
    align: 'right',
    leaves: 6,
    cell: task => [fact(task.inFlight, count)],
  },
  {
    id: 'buffer',
    title: 'buffer',
    width: 6,
    align: 'right',
    leaves: 7,
    cell: task => [
      fact(
        task.bufferUsed,
        percent,
        isKnown(task.bufferUsed) && task.bufferUsed.value >= 0.9 ? 'warning' : 'text',
      ),
    ],
  },
  {
    id: 'throttle',
    title: 'throttle',
    width: 8,
    align: 'right',
    leaves: 8,
    cell: task => [
      fact(task.throttle, latency, isKnown(task.throttle) && task.throttle.value > 100 ? 'warning' : 'text'),
    ],
  },
  {
    id: 'request',
    title: 'request',
    width: 7,
    align: 'right',
    leaves: 12,
    cell: task => [fact(task.requestLatency, latency)],
  },
  {
    id: 'wait',
    title: 'wait',
    width: 5,
    align: 'right',
    leaves: 9,
    cell: task => [fact(task.waitRatio, percent)],
  },
];
