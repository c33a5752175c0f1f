import { isKnown, latest } from '../../../core/known.js';
import { bytes, count, duration } from '../../../core/units.js';
import type { TopicPartitionView, TopicView } from '../../../model/topic-view.js';
import type { View } from '../../../session/view.js';
import { fact } from '../../format.js';
import { glyphs } from '../../glyphs.js';
import { bar } from '../../parts/bar.js';
import { layOut, tableRow, tableTitle, type Column } from '../../parts/table.js';
import { outOfSight, windowAt } from '../../parts/window.js';
import { row, segment, type Row, type Segment } from '../../row.js';
import type { Ui } from '../../ui.js';
import { topicOrder, topicOrders } from './order.js';

export type PartitionRoom = {
  readonly columns: number;
  readonly room: number;
  /** The row that stays in sight, and the one with the cursor: −1 while the keys are elsewhere. */
  readonly selected: number;
  readonly cursor: number;
};

/** As many partitions as fit; only these are looked at. */
export function partitionRows(
  topic: TopicView,
  view: View,
  ui: Ui,
  { columns, room, selected, cursor }: PartitionRoom,
): readonly Row[] {
  const order = topicOrder(topic, ui);
  const laid = layOut(partitionColumns(topic, view), columns);
  const titles = room >= 5 ? 2 : 1;
  const { from, size } = windowAt(topic.partitionCount, Math.max(1, room - titles), selected);
  const hidden = outOfSight(from, topic.partitionCount - size - from);
  return [
    ...(titles === 2
      ? [
          row(
            segment(' PARTITIONS ', 'title'),
            segment(`${topic.partitionCount}, sorted by ${ui.order.topic ?? topicOrders[0] ?? ''}`, 'dim'),
            segment(hidden === '' ? '' : `  ${hidden}`, 'dim'),
          ),
        ]
      : []),
    tableTitle(laid, columns),
    ...Array.from({ length: size }, (_, i) => from + i).flatMap(at => {
      const partition = topic.partition(order.at(at));
      return partition ? [tableRow(laid, partition, columns, { selected: at === cursor })] : [];
    }),
  ];
}

function partitionColumns(topic: TopicView, view: View): readonly Column<TopicPartitionView>[] {
  const peak = topic.peakArrival;
  return [
    {
      id: 'partition',
      title: 'number',
      width: 9,
      leaves: 0,
      cell: ({ partition }) => [segment(String(partition), 'strong')],
    },
    { id: 'leader', title: 'leader', width: 8, leaves: 0, cell: partition => [leaderCell(partition)] },
    {
      id: 'in-sync',
      title: 'in sync',
      width: 7,
      align: 'right',
      leaves: 1,
      cell: partition => [inSyncCell(partition)],
    },
    {
      id: 'start',
      title: 'log start',
      width: 9,
      align: 'right',
      leaves: 30,
      cell: ({ start }) => [fact(start, count)],
    },
    {
      id: 'end',
      title: 'log end',
      width: 8,
      align: 'right',
      leaves: 20,
      cell: ({ end }) => [fact(end, count)],
    },
    {
      id: 'records',
      title: 'offsets',
      width: 7,
      align: 'right',
      leaves: 35,
      cell: partition => [recordsCell(partition)],
    },
    { id: 'size', title: 'size', width: 9, align: 'right', leaves: 10, cell: p => [fact(p.bytes, bytes)] },
    {
      id: 'write',
      title: 'write/s',
      width: 7,
      align: 'right',
      leaves: 5,
      cell: ({ arrival }) => [fact(arrival, count)],
    },
    {
      id: 'share',
      title: 'of busiest',
      width: 10,
      grow: 20,
      leaves: 40,
      cell: ({ arrival }, width) =>
        isKnown(arrival) && peak > 0 ? bar(arrival.value / peak, undefined, width) : [],
    },
    {
      id: 'moved',
      title: 'leader moved',
      width: 12,
      grow: 12,
      leaves: 45,
      cell: partition => [movedCell(partition, view)],
    },
  ];
}

function leaderCell({ leader }: TopicPartitionView): Segment {
  if (leader === undefined) return segment(glyphs.heatUnknown, 'dim');
  return leader === -1 ? segment(`${glyphs.critical} none`, 'critical') : segment(`broker ${leader}`);
}

function inSyncCell({ inSync, replicas, leader }: TopicPartitionView): Segment {
  if (inSync === undefined || replicas === undefined) return segment(glyphs.heatUnknown, 'dim');
  const short = inSync < replicas;
  return segment(
    `${short ? `${glyphs.warning} ` : ''}${inSync}/${replicas}`,
    leader === -1 ? 'critical' : short ? 'warning' : 'text',
  );
}

/** Offsets between both ends of the log: records, where nothing was compacted. */
function recordsCell({ start, end }: TopicPartitionView): Segment {
  const [first, last] = [latest(start)?.value, latest(end)?.value];
  if (first === undefined || last === undefined) return segment(count(undefined), 'dim');
  return segment(count(Math.max(0, last - first)), isKnown(start) && isKnown(end) ? 'text' : 'stale');
}

function movedCell({ leaderMoves, leaderMoved }: TopicPartitionView, view: View): Segment {
  if (leaderMoved === undefined) return segment('');
  const from = leaderMoved.from >= 0 ? ` from ${leaderMoved.from}` : '';
  return segment(`${leaderMoves}×, ${duration(view.at - leaderMoved.at)} ago${from}`, 'warning');
}
