import { count } from '../../../core/units.js';
import type { TopicView } from '../../../model/snapshot.js';
import type { View } from '../../../session/view.js';
import { fact } from '../../format.js';
import { glyphs } from '../../glyphs.js';
import { heatScale } from '../../parts/heat.js';
import { heatStrip } from '../../parts/heat-strip.js';
import { layOut, tableRow, tableTitle, type Column } from '../../parts/table.js';
import { windowAround } from '../../parts/window.js';
import { row, segment, type Row, type Segment } from '../../row.js';
import { truncateMiddle } from '../../text.js';
import { usersOf, type TopicUser } from './users.js';

/** Who reads the topic, with the lag that each has in it; and who writes it. `room` counts the title. */
export function userRows(
  topic: TopicView,
  view: View,
  { columns, room, cursor }: { readonly columns: number; readonly room: number; readonly cursor: number },
): readonly Row[] {
  if (room <= 0) return [];
  const users = usersOf(topic, view);
  if (users.length === 0)
    return [row(segment(' READ BY ', 'title'), segment('no group and no flow that kmon knows', 'dim'))];
  const laid = layOut(userColumns(users), columns);
  const { items, from } = windowAround(users, room - 1, Math.max(0, cursor));
  const shown =
    items.length < users.length ? `USED BY ${items.length}/${users.length}` : `USED BY ${users.length}`;
  return [
    tableTitle(laid, columns, () => shown),
    ...items.map((user, i) => tableRow(laid, user, columns, { selected: from + i === cursor })),
  ];
}

function userColumns(users: readonly TopicUser[]): readonly Column<TopicUser>[] {
  const most = Math.max(0, ...users.flatMap(({ lags }) => lags.filter(lag => !Number.isNaN(lag))));
  const widest = Math.max(0, ...users.map(({ lags }) => lags.length));
  const scale = heatScale(most);
  return [
    {
      id: 'user',
      title: 'USED BY',
      width: 18,
      grow: 16,
      leaves: 0,
      cell: ({ subject }, width) => [segment(truncateMiddle(subject.name, width), 'strong')],
    },
    { id: 'does', title: 'how', width: 16, grow: 8, leaves: 10, cell: ({ does }) => [segment(does, 'dim')] },
    {
      id: 'state',
      title: 'state',
      width: 11,
      grow: 7,
      leaves: 20,
      cell: ({ state }) => [state ? fact(state, text => text) : segment(count(undefined), 'dim')],
    },
    { id: 'lag', title: 'lag here', width: 9, align: 'right', leaves: 0, cell: user => [lagCell(user)] },
    {
      id: 'strip',
      title: width => stripTitle(width, scale.max),
      width: 12,
      grow: Math.max(20, widest - 12),
      leaves: 30,
      cell: ({ lags }, width) => heatStrip(lags, scale, width),
    },
  ];
}

/** With its legend, where there is room for it. */
function stripTitle(width: number, max: number): string {
  const legend = `by partition  ░▒▓█ ≤${count(max)} log`;
  return width >= legend.length ? legend : 'by partition';
}

/** Over the partitions that are known; `≥` where some are not. Who writes has none. */
function lagCell({ lags }: TopicUser): Segment {
  const known = lags.filter(lag => !Number.isNaN(lag));
  if (known.length === 0) return segment(count(undefined), 'dim');
  const sum = known.reduce((a, b) => a + b, 0);
  return segment(known.length < lags.length ? `${glyphs.atLeast} ${count(sum)}` : count(sum));
}
