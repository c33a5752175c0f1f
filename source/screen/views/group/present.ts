import type { Millis } from '../../../core/clock.js';
import { explain, sentence } from '../../../core/failure.js';
import { isKnown, latest, valueOf } from '../../../core/known.js';
import { count, duration, plural } from '../../../core/units.js';
import type { GroupPartitionView, GroupView, MemberView } from '../../../model/snapshot.js';
import type { View } from '../../../session/view.js';
import { problemsOf } from '../../endpoints.js';
import { agedFact, fact, neverDrains, slope, timeOfDay } from '../../format.js';
import { glyphs } from '../../glyphs.js';
import { heatScale } from '../../parts/heat.js';
import { firstObserved, heatmap } from '../../parts/heatmap.js';
import { peak } from '../../parts/sparkline.js';
import { layOut, tableRow, tableTitle, type Column } from '../../parts/table.js';
import { columnOf, columnStart, heatBucket, type TimeAxis } from '../../parts/time-axis.js';
import { windowAround } from '../../parts/window.js';
import { blank, row, segment, type Row, type Segment } from '../../row.js';
import { currentGroup } from '../../selection.js';
import { groupSinceRows } from '../../since.js';
import { fit, truncateMiddle, width } from '../../text.js';
import type { Size, Ui } from '../../ui.js';

const lagWidth = 9;

/** One group: partitions over time with the cell under the cursor named, then members, then rebalances. */
export function presentGroup(view: View, ui: Ui, size: Size): readonly Row[] {
  const group = currentGroup(view, ui);
  if (!group) return [row(segment(' no group is known', 'dim')), ...problemsOf(view, 'kafka')];
  const head = [
    ...title(group, view),
    ...groupSinceRows(view, group),
    ...problemsOf(view, 'kafka').slice(0, 2),
  ];
  const members = memberRows(group, size.columns);
  const log = rebalanceLog(group);
  const room = size.rows - head.length - 1;
  const tail = [
    ...members.slice(0, Math.max(3, Math.min(members.length, Math.floor(room / 4)))),
    blank,
    ...log.slice(0, 4),
  ];
  const map = mapRows(group, view, ui, size, room - tail.length - 1);
  return [...head, blank, ...map, blank, ...tail];
}

/** The partitions in the order of the map, and its time axis: what the cursor moves over. */
export function heatRows(
  group: GroupView,
  view: View,
  size: Size,
): {
  readonly partitions: readonly GroupPartitionView[];
  readonly axis: TimeAxis;
  readonly labelWidth: number;
} {
  const partitions = [...group.partitions].sort(
    (a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition,
  );
  const longest = Math.max(4, ...partitions.map(partition => width(partitionKey(partition))));
  const labelWidth = Math.min(32, Math.floor(size.columns / 3), longest);
  return {
    partitions,
    axis: {
      to: view.at,
      bucket: heatBucket(partitions.map(partition => partition.series)),
      columns: Math.max(4, size.columns - labelWidth - lagWidth - 4),
    },
    labelWidth,
  };
}

/** The partition under the cursor: until the user moves it, the one with the most lag. */
export function selectedPartition(partitions: readonly GroupPartitionView[], ui: Ui): number {
  const chosen = partitions.findIndex(partition => partitionKey(partition) === ui.cell.partition);
  if (chosen >= 0) return chosen;
  const lags = partitions.map(partition => latest(partition.lag)?.value ?? 0);
  return Math.max(0, lags.indexOf(Math.max(...lags)));
}

export function partitionKey(partition: GroupPartitionView): string {
  return `${partition.topic}/${partition.partition}`;
}

function title(group: GroupView, view: View): readonly Row[] {
  const rebalances = group.rebalances;
  const counted: Segment[] = [
    segment(`  ${plural(rebalances.lastHour, 'rebalance')}/h`, rebalances.lastHour > 0 ? 'warning' : 'dim'),
    segment(
      rebalances.last === undefined
        ? ` since ${timeOfDay(rebalances.since, 'minutes')}`
        : ` last ${duration(view.at - rebalances.last)} ago`,
      'dim',
    ),
  ];
  return [
    row(
      segment(` ${group.group}`, 'title'),
      segment(`  on ${group.cluster}, ${group.type}`, 'dim'),
      segment('  '),
      agedFact(group.state, view.at, state => state, 'strong'),
      segment('  '),
      agedFact(group.members, view.at, members => plural(members.length, 'member')),
      segment(group.assignor === undefined ? '' : `  ${group.assignor}`, 'dim'),
      segment(`  coordinator ${group.coordinator}`, 'dim'),
    ),
    row(
      segment(' lag '),
      segment(isKnown(group.lag) ? boundMark(group) : '', 'strong'),
      agedFact(group.lag, view.at, count, 'strong'),
      segment(timeBehind(group), 'dim'),
      segment(' '),
      fact(group.lagSlope, slope),
      segment('  consumes '),
      fact(group.consume, n => `${count(n)}/s`),
      ...drains(group),
      ...counted,
    ),
    ...(isKnown(group.lag) ? [] : [row(segment(`   lag not known: ${sentence(group.lag.unknown)}`, 'dim'))]),
    ...(group.unknownPartitions > 0
      ? [
          row(
            segment(
              `   lag of ${plural(group.unknownPartitions, 'partition')} is not known and not counted`,
              'warning',
            ),
          ),
        ]
      : []),
  ];
}

function boundMark(group: GroupView): string {
  if (group.unknownPartitions > 0) return `${glyphs.atLeast} `;
  return group.lagMethod === 'share-start' ? `${glyphs.atMost} ` : '';
}

/** Nothing while it is not known: the lag in records says why. */
function timeBehind({ timeLag }: GroupView): string {
  if (!isKnown(timeLag) || timeLag.value.ms === 0) return '';
  return `, ${timeLag.value.bound ? `${glyphs.atLeast} ` : ''}${duration(timeLag.value.ms)} old`;
}

function drains(group: GroupView): readonly Segment[] {
  if (!isKnown(group.drain) && neverDrains(group)) return [segment('  never drains at this pace', 'warning')];
  return [segment('  drains in '), fact(group.drain, duration)];
}

function mapRows(group: GroupView, view: View, ui: Ui, size: Size, room: number): readonly Row[] {
  const { partitions, axis, labelWidth } = heatRows(group, view, size);
  if (partitions.length === 0) return [row(segment(emptyMap(group), 'dim'))];
  const values = partitions.map(partition =>
    partition.series.buckets(axis.to, axis.bucket, axis.columns, 'last'),
  );
  const scale = heatScale(peak(...values));
  const from = firstObserved(values, axis.columns);
  const selected = selectedPartition(partitions, ui);
  const column = Math.max(0, axis.columns - 1 - ui.cell.back);
  const shown = windowAround([...partitions.keys()], Math.max(1, room - 5), selected);
  const hidden = shown.above + shown.below;
  const marks = [...marksOf(group, view, axis), { column, mark: segment('↑', 'key') }];
  return [
    row(
      segment(' PARTITIONS ', 'title'),
      segment(`${partitions.length}, lag over time, ${duration(axis.bucket)} a column`, 'dim'),
      segment(
        hidden > 0
          ? `   ${shown.above > 0 ? glyphs.above : ''}${shown.below > 0 ? glyphs.below : ''} ${hidden} more, most lag ${count(mostLag(partitions, shown.items))}`
          : '',
        'dim',
      ),
      segment(
        marks.length > 1
          ? `   ${glyphs.rebalance} rebalance  ${glyphs.rewind} went back  ${glyphs.mark} mark`
          : '',
        'dim',
      ),
    ),
    ...heatmap(
      shown.items.flatMap(index => {
        const partition = partitions[index];
        const line = values[index];
        if (!partition || !line) return [];
        return [
          {
            label: partitionKey(partition),
            values: line,
            observedFrom: from,
            tail: [fact(partition.lag, value => fit(count(value), lagWidth - 1, 'right'))],
          },
        ];
      }),
      { axis, scale, labelWidth, marks, cursor: { line: selected - shown.from, column } },
    ),
    cellLine(partitions[selected], values[selected]?.[column], axis, column, column < from),
  ];
}

function emptyMap(group: GroupView): string {
  if (group.type === 'share')
    return '   a share group has no lag by offsets: its records are delivered one by one';
  return isKnown(group.lag)
    ? '   no partition has a committed offset'
    : `   ${explain(group.lag.unknown).nextStep}`;
}

/** The largest lag among the partitions that are not on the screen: an outlier must not hide. */
function mostLag(partitions: readonly GroupPartitionView[], shown: readonly number[]): number {
  const visible = new Set(shown);
  return Math.max(
    0,
    ...partitions.flatMap((partition, i) => (visible.has(i) ? [] : [latest(partition.lag)?.value ?? 0])),
  );
}

/** What the cursor stands on: partition, time, lag, owner, leader. */
function cellLine(
  partition: GroupPartitionView | undefined,
  value: number | undefined,
  axis: TimeAxis,
  column: number,
  unobserved: boolean,
): Row {
  if (!partition) return blank;
  const start = columnStart(axis, column);
  const lag =
    value === undefined || Number.isNaN(value) ? (unobserved ? 'not observed' : 'not known') : count(value);
  const leader =
    partition.leader === undefined
      ? 'not known'
      : partition.leader === -1
        ? 'none'
        : String(partition.leader);
  return row(
    segment(` ${glyphs.cursor} ${partitionKey(partition)}`, 'strong'),
    segment(` at ${timeOfDay(start)}  lag `, 'dim'),
    segment(lag, 'strong'),
    segment('  owner ', 'dim'),
    segment(partition.owner ?? 'none'),
    segment('  leader ', 'dim'),
    segment(leader, partition.leader === -1 ? 'critical' : 'text'),
  );
}

function marksOf(
  group: GroupView,
  view: View,
  axis: TimeAxis,
): readonly { readonly column: number; readonly mark: Segment }[] {
  const marks = new Map<number, Segment>();
  const put = (at: Millis, mark: Segment): void => {
    const column = columnOf(axis, at);
    if (column !== undefined) marks.set(column, mark);
  };
  for (const { at } of view.memory.marks) put(at, segment(glyphs.mark, 'info'));
  for (const { at } of group.rebalances.recent) put(at, segment(glyphs.rebalance, 'warning'));
  for (const partition of group.partitions)
    for (const at of partition.rewinds) put(at, segment(glyphs.rewind, 'critical'));
  return [...marks].map(([column, mark]) => ({ column, mark }));
}

function memberRows(group: GroupView, columns: number): readonly Row[] {
  const members = latest(group.members)?.value;
  if (!members) {
    const reason = isKnown(group.members) ? '' : sentence(group.members.unknown);
    return [row(segment(' MEMBERS ', 'title'), segment(`not known: ${reason}`, 'dim'))];
  }
  if (members.length === 0)
    return [row(segment(' MEMBERS ', 'title'), segment('none: nobody consumes', 'warning'))];
  const laid = layOut(memberColumns, columns);
  const heaviest = [...members].sort((a, b) => (valueOf(b.lag) ?? -1) - (valueOf(a.lag) ?? -1));
  const rows = [tableTitle(laid, columns), ...heaviest.map(member => tableRow(laid, member, columns))];
  if (isKnown(group.members)) return rows;
  return [
    row(segment(' MEMBERS as last seen: ', 'title'), segment(sentence(group.members.unknown), 'dim')),
    ...rows,
  ];
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

function rebalanceLog(group: GroupView): readonly Row[] {
  const { recent, since } = group.rebalances;
  if (recent.length === 0)
    return [row(segment(' REBALANCES ', 'title'), segment(`none seen since ${timeOfDay(since)}`, 'dim'))];
  return [
    row(
      segment(' REBALANCES ', 'title'),
      segment(`${group.rebalances.total} since ${timeOfDay(since)}, newest first`, 'dim'),
    ),
    ...[...recent]
      .reverse()
      .map(({ at, what }) => row(segment(`   ${timeOfDay(at)}`, 'dim'), segment(`  ${what}`))),
  ];
}
