import type {
  KafkaSetting,
  KafkaState,
  SimulatedGroup,
  SimulatedMember,
  SimulatedRecord,
  SimulatedTopic,
} from '../kafka/state.js';
import { groupOf, memberOf, partitionOf } from '../kafka/state.js';
import { assignmentOf, presentMembers } from './consume.js';
import type { SiteSetting } from './setting.js';
import { copyOf, type GroupState, type SiteState } from './state.js';

/** The source cluster before anything happens. */
export function sourceCluster(setting: SiteSetting): KafkaSetting {
  return {
    clusterId: 'eu-simulated-000000001',
    brokers: 1,
    topics: {
      ...Object.fromEntries(setting.topics.map(t => [t.topic, t.partitions])),
      __consumer_offsets: { internal: true, partitions: onBroker(1, 5) },
      'mm2-offset-syncs.us.internal': 1,
    },
  };
}

/** The target cluster before anything happens. */
export function targetCluster(setting: SiteSetting): KafkaSetting {
  return {
    clusterId: 'us-simulated-000000001',
    brokers: setting.targetBrokers,
    topics: {
      ...Object.fromEntries(
        setting.topics.map(t => [copyOf(t.topic), safe(t.partitions, setting.targetBrokers)]),
      ),
      heartbeats: 1,
      'eu.checkpoints.internal': 1,
      'connect-configs': 1,
      'connect-offsets': 5,
      'connect-status': 3,
    },
  };
}

/** A topic of which an acknowledged record is on two brokers at least. */
function safe(partitions: number, brokers: number): Partial<SimulatedTopic> {
  const ids = Array.from({ length: brokers }, (_, i) => i + 1);
  return {
    partitions: Array.from({ length: partitions }, (_, i) => partitionOf({}, ids, i)),
    configs: { 'min.insync.replicas': '2' },
  };
}

function onBroker(id: number, count: number): NonNullable<KafkaState['topics'][string]>['partitions'] {
  return Array.from({ length: count }, () => ({
    leader: id,
    replicas: [id],
    isr: [id],
    logStart: 0,
    logEnd: 0,
    error: 0,
  }));
}

/** Each partition has keys of its own, of which none stands out; records are as old as if ten came a second since 2025. */
function recordOf(topic: string, partition: number, offset: number): SimulatedRecord {
  const customer = (offset * 7_919) % 997;
  return {
    key: `${topic}-${partition}-customer-${customer}`,
    value: `{"sequence":${offset}}`,
    timestamp: Date.UTC(2025, 0, 1) + offset * 100,
  };
}

/** Puts what is true now into both clusters, from where their brokers answer. */
export function publishClusters(
  state: SiteState,
  clusters: { readonly eu: KafkaState; readonly us: KafkaState },
): void {
  for (const p of state.partitions) {
    const source = clusters.eu.topics[p.topic]?.partitions[p.partition];
    if (source !== undefined) {
      source.logEnd = p.end;
      source.records ??= offset => recordOf(p.topic, p.partition, offset);
    }
    const copy = clusters.us.topics[copyOf(p.topic)]?.partitions[p.partition];
    if (copy !== undefined)
      Object.assign(copy, {
        logEnd: p.targetEnd,
        leader: p.leader,
        isr: [...p.isr],
        leaderEpoch: p.epoch,
      });
  }
  const alive = state.brokers.flatMap(b => (b.downSince === undefined ? b.id : []));
  clusters.us.controller = alive[0] ?? -1;
  for (const [i, group] of state.groups.entries()) {
    const { cluster, group: name } = group.setting;
    const coordinator = cluster === 'eu' ? 1 : coordinatorOf(i, state.brokers.length, alive);
    put(clusters[cluster], name, { ...described(group, state.now), coordinator });
  }
  put(clusters.us, 'connect-mm2', {
    ...workersAsGroup(state),
    coordinator: coordinatorOf(0, state.brokers.length, alive),
  });
}

/** Faults that were made by hand (`error`, `errors`) stay. */
function put(cluster: KafkaState, name: string, group: Partial<SimulatedGroup>): void {
  const known = cluster.groups[name];
  if (known === undefined) cluster.groups[name] = groupOf(group);
  else Object.assign(known, group);
}

/** Where a group's coordinator is lost the next broker takes over. */
function coordinatorOf(turn: number, brokers: number, alive: readonly number[]): number {
  const wanted = 1 + (turn % brokers);
  return alive.includes(wanted) ? wanted : (alive[turn % alive.length] ?? -1);
}

function described(group: GroupState, now: number): Partial<SimulatedGroup> {
  const { setting } = group;
  const isMoving = now < group.rebalancesUntil;
  return {
    type: setting.type,
    protocolType: setting.type === 'share' ? 'share' : 'consumer',
    state: isMoving ? (setting.type === 'classic' ? 'PreparingRebalance' : 'Reconciling') : 'Stable',
    assignor: setting.type === 'classic' ? 'range' : 'uniform',
    epoch: group.epoch,
    assignmentEpoch: group.epoch,
    members: membersOf(group),
    // A share group commits nothing: each of its partitions has an offset at which delivery starts.
    ...(setting.type === 'share' ? { shareStarts: offsetsOf(group) } : { committed: offsetsOf(group) }),
  };
}

function offsetsOf({ setting, committed }: GroupState): Record<string, Record<number, number>> {
  return { [setting.topic]: Object.fromEntries(committed.entries()) };
}

function membersOf(group: GroupState): SimulatedMember[] {
  const { group: name, topic } = group.setting;
  const assigned = assignmentOf(group);
  return Array.from({ length: presentMembers(group) }, (_, i) =>
    memberOf({
      id: `${name}-${i + 1}-4f2c`,
      clientId: `${name}-${i + 1}`,
      host: `10.0.1.${i + 11}`,
      epoch: group.epoch,
      assignment: { [topic]: [...(assigned[i] ?? [])] },
    }),
  );
}

/** Connect's workers are members of a group of their own. */
function workersAsGroup(state: SiteState): Partial<SimulatedGroup> {
  const present = state.workers.filter(w => w.lostAt === undefined);
  return {
    type: 'classic',
    protocolType: 'connect',
    state: 'Stable',
    assignor: 'sessioned',
    members: present.map(({ host }) =>
      memberOf({ id: `${host}-7d1e`, clientId: host, host, url: `http://${host}:8083/` }),
    ),
  };
}
