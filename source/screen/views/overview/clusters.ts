import type { Millis } from '../../../core/clock.js';
import { isKnown, latest } from '../../../core/known.js';
import { bytes, plural, unknownMark } from '../../../core/units.js';
import type { ClusterView } from '../../../model/snapshot.js';
import type { View } from '../../../session/view.js';
import { staleNotes } from '../../endpoints.js';
import { agedFact, fact } from '../../format.js';
import type { Panel } from '../../parts/panel.js';
import { layOut, tableRow, tableTitle, type Column } from '../../parts/table.js';
import { segment, type Segment } from '../../row.js';

/** A line a cluster: how many brokers answer, how its partitions are, what kmon costs it. */
export function clusterPanel(view: View, columns: number): Panel {
  const { clusters } = view.snapshot;
  const laid = layOut(clusterColumns(view.at), columns);
  return {
    title: () => tableTitle(laid, columns),
    rows: clusters.map(cluster => ({
      id: cluster.name,
      row: selected => tableRow(laid, cluster, columns, { selected }),
    })),
    notes: staleNotes(view, 'kafka'),
  };
}

const clusterColumns = (at: Millis): readonly Column<ClusterView>[] => [
  {
    id: 'cluster',
    title: 'CLUSTERS',
    width: 13,
    grow: 6,
    leaves: 0,
    cell: cluster => [segment(cluster.name, 'strong')],
  },
  {
    id: 'brokers',
    title: 'brokers',
    width: 16,
    leaves: 1,
    cell: cluster => [brokersCell(cluster, at)],
  },
  {
    id: 'partitions',
    title: 'partitions',
    width: 10,
    align: 'right',
    leaves: 5,
    cell: cluster => [fact(cluster.partitions, p => String(p.total))],
  },
  {
    id: 'leaderless',
    title: 'no leader',
    width: 9,
    align: 'right',
    leaves: 3,
    cell: cluster => [trouble(cluster, 'leaderless', 'critical')],
  },
  {
    id: 'under',
    title: 'under-replicated',
    width: 16,
    align: 'right',
    leaves: 2,
    cell: cluster => [trouble(cluster, 'underReplicated', 'warning')],
  },
  {
    id: 'cost',
    title: 'asked by kmon',
    width: 24,
    align: 'right',
    leaves: 10,
    cell: ({ cost }) => [
      segment(cost ? `${plural(cost.requests, 'request')}, ${bytes(cost.bytes)}` : unknownMark, 'dim'),
    ],
  },
];

function brokersCell(cluster: ClusterView, at: Millis): Segment {
  const brokers = latest(cluster.brokers)?.value;
  if (!brokers) return segment('–', 'dim');
  const answering = brokers.filter(broker => isKnown(broker.answers)).length;
  if (!isKnown(cluster.brokers)) return agedFact(cluster.brokers, at, seen => `${seen.length} seen`);
  return answering === brokers.length
    ? segment(brokers.length === 1 ? '1 of 1 answers' : `all ${brokers.length} answer`)
    : segment(`${answering} of ${brokers.length} answer`, 'warning');
}

function trouble(
  cluster: ClusterView,
  what: 'leaderless' | 'underReplicated',
  as: 'critical' | 'warning',
): Segment {
  return fact(
    cluster.partitions,
    p => String(p[what]),
    isKnown(cluster.partitions) && cluster.partitions.value[what] > 0 ? as : 'text',
  );
}
