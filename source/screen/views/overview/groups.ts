import { explain } from '../../../core/failure.js';
import { isKnown, type Known, valueOf } from '../../../core/known.js';
import { count, duration, unknownMark } from '../../../core/units.js';
import type { GroupView } from '../../../model/snapshot.js';
import type { View } from '../../../session/view.js';
import { problemsOf } from '../../endpoints.js';
import { agedFact, fact, neverDrains } from '../../format.js';
import { glyphs } from '../../glyphs.js';
import { heatScale } from '../../parts/heat.js';
import { heatStrip } from '../../parts/heat-strip.js';
import { clusterNotes } from '../../cluster-notes.js';
import type { Panel } from '../../parts/panel.js';
import { pinned } from '../../pins.js';
import { layOut, tableRow, tableTitle, widthFor, type Column } from '../../parts/table.js';
import { row, segment, type Row, type Segment } from '../../row.js';
import { groupSinceColumns } from '../../since.js';
import { truncateMiddle, width as widthOf } from '../../text.js';
import { rebalanceCount } from './flows.js';
import { sparkScale, trend } from './spark.js';

export function groupPanel(view: View, groups: readonly GroupView[], columns: number): Panel {
  const laid = layOut(groupColumns(view, groups, columns), columns);
  return {
    title: shown => tableTitle(laid, columns, width => groupsTitle(groups, shown, width)),
    rows: groups.map(group => {
      const note = noteOf(group);
      return {
        id: group.id,
        row: selected =>
          tableRow(
            laid,
            group,
            columns,
            note === undefined ? { selected } : { selected, note: { after: 'lag', text: note } },
          ),
      };
    }),
    notes: [...problemsOf(view, 'kafka'), ...clusterNotes(view), ...emptyNote(view)],
  };
}

/** `GROUPS 12/202, 3 lag, 1 ?`: as much of it as fits. */
function groupsTitle(groups: readonly GroupView[], shown: number, width: number): string {
  const lagging = groups.filter(group => (valueOf(group.lag) ?? 0) > 0).length;
  const unknown = groups.filter(({ lag, type }) => lacks(lag) && type !== 'share').length;
  let title = `GROUPS ${shown < groups.length ? `${shown}/` : ''}${groups.length}`;
  for (const more of [`, ${lagging} lag`, ...(unknown > 0 ? [`, ${unknown} ?`] : [])]) {
    if (title.length + more.length <= width) title += more;
  }
  return title;
}

/** Connect's workers have no lag of which one could know nothing. */
function lacks(lag: Known<unknown>): boolean {
  return !isKnown(lag) && lag.unknown.kind !== 'unsupported';
}

function groupColumns(
  view: View,
  groups: readonly GroupView[],
  columns: number,
): readonly Column<GroupView>[] {
  const scale = heatScale(Math.max(0, ...groups.map(group => group.mostLag)));
  const lines = sparkScale(
    view,
    groups.map(group => group.lagSeries),
  );
  const widest = Math.max(0, ...groups.map(group => group.partitionCount));
  const clusters = [...new Set(groups.map(group => group.cluster))];
  const several = clusters.length > 1;
  const names = groups.map(nameOf);
  const name = columns < 60 ? 14 : widthFor(names, 14, 20);
  return [
    {
      id: 'group',
      title: 'GROUPS',
      width: name,
      // The title says how many have lag.
      grow: widthFor(names, 20, 30) - name,
      leaves: 0,
      cell: (group, width) => [
        segment(
          truncateMiddle(pinned(view, { kind: 'group', id: group.id }, nameOf(group)), width),
          'strong',
        ),
      ],
    },
    ...(several
      ? [
          {
            id: 'cluster',
            title: 'on',
            width: widthFor(clusters, 2, 10),
            leaves: 35,
            cell: (group: GroupView) => [segment(group.cluster, 'dim')],
          },
        ]
      : []),
    {
      id: 'state',
      title: 'state',
      width: 11,
      grow: 7,
      leaves: 5,
      cell: (group, width) => stateCell(group, view, width),
    },
    {
      id: 'members',
      title: 'members',
      width: 7,
      align: 'right',
      leaves: 30,
      cell: group => [fact(group.members, members => String(members.length))],
    },
    { id: 'lag', title: 'lag', width: 8, align: 'right', leaves: 0, cell: group => [lagCell(group)] },
    ...groupSinceColumns(view),
    {
      id: 'trend',
      title: 'trend',
      width: 8,
      grow: 17,
      leaves: 10,
      cell: (group, width) => trend(view.at, group.lagSeries, lines, width),
    },
    {
      id: 'consume',
      title: 'consume/s',
      width: 9,
      align: 'right',
      leaves: 40,
      cell: group => [fact(group.consume, count)],
    },
    {
      id: 'partitions',
      title: width => stripTitle(width, scale.max),
      width: 10,
      grow: Math.max(16, Math.min(54, widest - 10)),
      leaves: 45,
      cell: (group, width) => heatStrip(group.partitionLags, scale, width),
    },
    {
      id: 'drains',
      title: 'drains',
      width: 6,
      align: 'right',
      leaves: 50,
      cell: group => [drainCell(group)],
    },
    {
      id: 'rebalances',
      title: 'rebal/h',
      width: 7,
      align: 'right',
      leaves: 20,
      cell: group => [rebalanceCount(group.rebalances, view.at)],
    },
  ];
}

/** The strip's legend, where there is room for it. */
function stripTitle(width: number, max: number): string {
  const legend = `partitions  ░▒▓█ ≤${count(max)} log`;
  return width >= legend.length ? legend : 'partitions';
}

function nameOf(group: GroupView): string {
  return group.type === 'share' ? `${group.group} (share)` : group.group;
}

function stateCell(group: GroupView, view: View, width: number): readonly Segment[] {
  const short = (known: string): string => shortState(known, width);
  if (!isKnown(group.state)) {
    // Half an age tells nothing: what is below the list says how old the values are.
    const aged = agedFact(group.state, view.at, short);
    return [widthOf(aged.text) <= width ? aged : fact(group.state, short)];
  }
  const state = group.state.value;
  const rebalancing = /rebalanc|assigning|reconciling/i.test(state);
  const as = rebalancing || state === 'Dead' ? 'warning' : state === 'Empty' ? 'dim' : 'text';
  return [segment(width < state.length ? shortState(state, width) : state, as)];
}

/** The broker's words are long: `PreparingRebalance` in eight cells. */
function shortState(state: string, width: number): string {
  return /rebalanc/i.test(state) ? 'Rebalancing'.slice(0, width) : state;
}

/** A total over what is known: `≥` where some partitions are not; `≤` for a share group, whose lag is told from above. */
function lagCell(group: GroupView): Segment {
  if (isKnown(group.lag) && group.unknownPartitions > 0)
    return segment(`${glyphs.atLeast} ${count(group.lag.value)}`);
  if (isKnown(group.lag) && group.lagMethod === 'share-start')
    return segment(`${glyphs.atMost} ${count(group.lag.value)}`);
  return fact(group.lag, count);
}

function drainCell(group: GroupView): Segment {
  if (isKnown(group.drain))
    return segment(valueOf(group.lag) === 0 ? unknownMark : duration(group.drain.value));
  return neverDrains(group) ? segment('never', 'warning') : segment(unknownMark, 'dim');
}

/** Why a group shows no lag at all. */
function noteOf(group: GroupView): string | undefined {
  if (isKnown(group.lag) || group.lag.last !== undefined) return undefined;
  const { kind, detail } = group.lag.unknown;
  // A narrow screen cuts the end: Kafka's own word for it is known best, and says which right is missing.
  if (detail) return kind === 'unsupported' ? detail : `${kind}: ${detail}: ${explain(kind).meaning}`;
  return `${kind}: ${explain(kind).meaning}`;
}

function emptyNote(view: View): readonly Row[] {
  if (view.snapshot.groups.length > 0) return [];
  if (view.endpoints.every(endpoint => endpoint.kind !== 'kafka')) {
    return [row(segment('   no cluster given: -b broker:9092 shows groups and their lag', 'dim'))];
  }
  const listed = view.snapshot.clusters.filter(cluster => isKnown(cluster.groupListing) && !cluster.blind);
  if (listed.length === 0) return [];
  return [
    row(
      segment(
        `   no groups on ${listed.map(cluster => cluster.name).join(', ')}: all brokers were asked`,
        'dim',
      ),
    ),
  ];
}
