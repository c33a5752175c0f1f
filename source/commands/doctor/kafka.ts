import type { ClusterContext } from '../../config/context.js';
import { isKnown, latest } from '../../core/known.js';
import type { BrokerView, ClusterView } from '../../model/snapshot.js';
import { introduction } from './acl.js';
import { failed, note, ok, type Check, type Examined, type Section } from './examination.js';
import { permissionChecks } from './permissions.js';
import { reachedCheck } from './reached.js';
import { versionChecks } from './versions.js';

/** One Kafka cluster: whether it answers, as whom, which brokers, what they offer, and what this user may see. */
export async function kafkaSection(wanted: ClusterContext, examined: Examined): Promise<Section> {
  const { name, endpoint } = wanted;
  const about = `${endpoint.bootstrap.join(', ')}, ${introduction(endpoint)}`;
  const reached = reachedCheck(examined.view, `kafka ${name}`);
  const cluster = examined.view.snapshot.clusters.find(c => c.name === name);
  const link = examined.links.kafka.get(name);
  const brokers = cluster && latest(cluster.brokers)?.value;
  if (cluster === undefined || link === undefined || brokers === undefined)
    return { name: `kafka ${name}`, about, checks: [reached] };
  const answering = brokers.filter(b => isKnown(b.answers)).map(b => b.id);
  const first = answering[0];
  return {
    name: `kafka ${name}`,
    about,
    checks: [
      reached,
      ...identity(wanted, cluster),
      ...brokerChecks(brokers),
      ...replicaChecks(cluster),
      ...(first === undefined
        ? []
        : [
            ...(await permissionChecks(wanted, cluster, link, first, examined.heard)),
            ...(await versionChecks(link, answering)),
          ]),
    ],
  };
}

function brokerChecks(brokers: readonly BrokerView[]): readonly Check[] {
  const silent = brokers.flatMap(({ answers }) =>
    isKnown(answers)
      ? []
      : [failed('broker', answers.unknown, 'groups that it coordinates, end offsets that it leads')],
  );
  const answering = brokers.filter(b => isKnown(b.answers)).map(b => b.id);
  if (answering.length === 0) return silent;
  const all = silent.length === 0 ? 'all brokers answer' : `${answering.length} of ${brokers.length} answer`;
  return [ok('broker', `${all}: ${answering.join(', ')}`), ...silent];
}

/** The metadata names living brokers only: one that died before kmon looked shows in what it left behind. */
function replicaChecks({ partitions }: ClusterView): readonly Check[] {
  if (!isKnown(partitions)) return [];
  const { total, leaderless, underReplicated } = partitions.value;
  if (leaderless + underReplicated === 0) return [];
  const says = `${underReplicated} of ${total} partitions miss a replica, ${leaderless} have no leader`;
  return [note('broker', `${says}: a broker may be down, for the cluster names only those that live`)];
}

function identity({ expectedId }: ClusterContext, { clusterId }: ClusterView): readonly Check[] {
  if (expectedId === undefined || !isKnown(clusterId) || clusterId.value === expectedId) return [];
  return [
    {
      is: 'failing',
      check: 'identity',
      says: `is cluster ${clusterId.value}, and the context expects ${expectedId}`,
      lost: 'remedies: kmon changes nothing on a cluster that is not the expected one',
      repair: 'correct id: of this cluster in the context, or its bootstrap addresses',
    },
  ];
}
