import { bytes, count, plural } from '../../../core/units.js';
import type { GroupView } from '../../../model/snapshot.js';
import type { View } from '../../../session/view.js';
import { fact } from '../../format.js';
import type { MachineItem, RunningTask } from '../../machines.js';
import type { Pane } from '../../parts/pane.js';
import { layOut, tableRow, tableTitle, type Column } from '../../parts/table.js';
import { windowAround } from '../../parts/window.js';
import { segment, type Row } from '../../row.js';
import { truncateMiddle } from '../../text.js';
import { topicState } from '../../topics.js';
import { taskColumns } from '../flow/tasks.js';
import { groupsOf, topicsLed, type Led } from './panes.js';

type Room = { readonly columns: number; readonly room: number; readonly cursor: number };

/** The rows of one pane: what a machine does, in as many lines as there are, its title among them. */
export function paneRows(
  { name }: Pane,
  { role }: MachineItem,
  { snapshot }: View,
  room: Room,
): readonly Row[] {
  if (role.is === 'worker') return table(role.tasks, runningColumns, `TASKS ${role.tasks.length}`, room);
  const { cluster, broker } = role;
  if (name === 'groups') {
    const groups = groupsOf(snapshot, cluster, broker.id);
    return table(groups, groupColumns, `COORDINATES ${plural(groups.length, 'group')}`, room);
  }
  const topics = topicsLed(snapshot, cluster, broker.id);
  return table(topics, topicColumns, `LEADS IN ${plural(topics.length, 'topic')}`, room);
}

function table<T>(
  all: readonly T[],
  columns: readonly Column<T>[],
  title: string,
  { columns: width, room, cursor }: Room,
): readonly Row[] {
  if (room <= 0) return [];
  const laid = layOut(columns, width);
  const { items, from, above, below } = windowAround(all, room - 1, Math.max(0, cursor));
  const hidden = above + below > 0 ? ` (${above + below} not shown)` : '';
  return [
    tableTitle(laid, width, () => `${title}${hidden}`),
    ...items.map((one, i) => tableRow(laid, one, width, { selected: from + i === cursor })),
  ];
}

const runningColumns: readonly Column<RunningTask>[] = [
  {
    id: 'flow',
    title: 'TASKS',
    width: 24,
    grow: 16,
    leaves: 0,
    cell: ({ flow }, width) => [segment(truncateMiddle(flow.connector, width), 'strong')],
  },
  ...taskColumns
    .filter(({ id }) => id !== 'worker')
    .map((column): Column<RunningTask> => ({
      ...column,
      title: column.id === 'task' ? 'task' : column.title,
      cell: ({ task }, width) => column.cell(task, width),
    })),
];

const groupColumns: readonly Column<GroupView>[] = [
  {
    id: 'group',
    title: 'GROUPS',
    width: 24,
    grow: 26,
    leaves: 0,
    cell: ({ group }, width) => [segment(truncateMiddle(group, width), 'strong')],
  },
  { id: 'state', title: 'state', width: 18, leaves: 5, cell: ({ state }) => [fact(state, text => text)] },
  {
    id: 'members',
    title: 'members',
    width: 7,
    align: 'right',
    leaves: 10,
    cell: ({ members }) => [fact(members, all => String(all.length))],
  },
  { id: 'lag', title: 'lag', width: 8, align: 'right', leaves: 0, cell: ({ lag }) => [fact(lag, count)] },
  {
    id: 'rebalances',
    title: 'rebal/h',
    width: 7,
    align: 'right',
    leaves: 20,
    cell: ({ rebalances }) => [
      segment(String(rebalances.lastHour), rebalances.lastHour > 0 ? 'warning' : 'text'),
    ],
  },
];

const topicColumns: readonly Column<Led>[] = [
  {
    id: 'topic',
    title: 'TOPICS',
    width: 24,
    grow: 26,
    leaves: 0,
    cell: ({ topic }, width) => [
      segment(truncateMiddle(topic.topic, width), topic.internal ? 'dim' : 'strong'),
    ],
  },
  {
    id: 'leads',
    title: 'leads',
    width: 11,
    align: 'right',
    leaves: 0,
    cell: ({ topic, leads }) => [segment(`${leads} of ${topic.partitionCount}`)],
  },
  { id: 'state', title: 'replicas', width: 17, leaves: 5, cell: ({ topic }) => [topicState(topic)] },
  {
    id: 'size',
    title: 'size',
    width: 9,
    align: 'right',
    leaves: 15,
    cell: ({ topic }) => [fact(topic.bytes, bytes)],
  },
  {
    id: 'write',
    title: 'write/s',
    width: 7,
    align: 'right',
    leaves: 10,
    cell: ({ topic }) => [fact(topic.arrival, count)],
  },
];
