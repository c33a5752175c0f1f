import { sentence } from '../../../core/failure.js';
import { isKnown, latest, valueOf } from '../../../core/known.js';
import { count } from '../../../core/units.js';
import type { GroupView, MemberView } from '../../../model/snapshot.js';
import { fact } from '../../format.js';
import { layOut, tableRow, tableTitle, type Column } from '../../parts/table.js';
import { windowAround } from '../../parts/window.js';
import { remembered } from '../../remembered.js';
import { row, segment, type Row } from '../../row.js';
import { truncateMiddle } from '../../text.js';

/** Members with their share of the work, the most lag first; `room` counts the title. */
export function memberRows(
  group: GroupView,
  { columns, room, cursor }: { readonly columns: number; readonly room: number; readonly cursor: number },
): readonly Row[] {
  const members = latest(group.members)?.value;
  if (!members) {
    const reason = isKnown(group.members) ? '' : sentence(group.members.unknown);
    return [row(segment(' MEMBERS ', 'title'), segment(`not known: ${reason}`, 'dim'))];
  }
  if (members.length === 0)
    return [row(segment(' MEMBERS ', 'title'), segment('none: nobody consumes', 'warning'))];
  const laid = layOut(memberColumns, columns);
  const stale = isKnown(group.members) ? 0 : 1;
  const { items, from, above, below } = windowAround(
    heaviest(group),
    Math.max(1, room - 1 - stale),
    Math.max(0, cursor),
  );
  const title = above + below > 0 ? `MEMBERS ${items.length}/${members.length}` : 'MEMBERS';
  const rows = [
    tableTitle(laid, columns, () => title),
    ...items.map((member, i) => tableRow(laid, member, columns, { selected: from + i === cursor })),
  ];
  if (isKnown(group.members)) return rows;
  return [
    row(segment(' MEMBERS as last seen: ', 'title'), segment(sentence(group.members.unknown), 'dim')),
    ...rows,
  ];
}

/** Most lag first. */
export const heaviest = remembered((group: GroupView): readonly MemberView[] =>
  [...(latest(group.members)?.value ?? [])].sort((a, b) => (valueOf(b.lag) ?? -1) - (valueOf(a.lag) ?? -1)),
);

/** The same name as partitions give their owner. */
export function ownerName({ clientId, host }: MemberView): string {
  return `${clientId}@${host.replace(/^\//, '')}`;
}

const memberColumns: readonly Column<MemberView>[] = [
  {
    id: 'client',
    title: 'MEMBERS',
    width: 16,
    grow: 24,
    leaves: 0,
    cell: (member, room) => [segment(truncateMiddle(member.clientId, room), 'strong')],
  },
  {
    id: 'host',
    title: 'host',
    width: 12,
    grow: 10,
    leaves: 5,
    cell: (member, room) => [segment(truncateMiddle(member.host, room))],
  },
  {
    id: 'instance',
    title: 'instance',
    width: 10,
    grow: 14,
    leaves: 20,
    cell: (member, room) => [segment(truncateMiddle(member.instance ?? '', room), 'dim')],
  },
  {
    id: 'partitions',
    title: 'partitions',
    width: 10,
    align: 'right',
    leaves: 2,
    cell: member => [
      segment(
        member.partitions === undefined ? '–' : String(member.partitions),
        member.partitions === undefined ? 'dim' : 'text',
      ),
    ],
  },
  { id: 'lag', title: 'lag', width: 8, align: 'right', leaves: 0, cell: member => [fact(member.lag, count)] },
];
