import { isKnown, latest, valueOf } from '../../core/known.js';
import { quoted } from '../../core/shell.js';
import { plural } from '../../core/units.js';
import type { ClusterView, Snapshot, TopicView } from '../../model/snapshot.js';
import { weigh } from '../confidence.js';
import { statement } from '../evidence.js';
import type { Evidence } from '../finding.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofCluster, ofTopic } from '../subject.js';
import { durableProducer, durableTopic } from './durable-advice.js';
import { kafkaCommand } from './kafka-command.js';
import { listed, made } from './make.js';

const description: Description = {
  what: 'How are topics replicated: what would the loss of one broker cost?',
  formula: `
one replica   replication 1: the loss of its broker is the loss of the data, and stops reads and writes at once
two replicas  replication 2, where the cluster has three brokers or more
one in sync   min.insync.replicas=1 (Kafka's default) with replication ≥ 2: acks=all is then the leader's word alone
no spare      min.insync.replicas = replication ≥ 2: one broker away stops writes
never         min.insync.replicas > replication: acks=all is refused always               warning
unclean       unclean.leader.election.enable=true with replication ≥ 2: an election may drop records

info, one finding a cluster, with counts and names. A cluster of one broker has no other choice: it is told so once.`,
  thresholds: [],
  needs: [
    { fact: 'cluster', without: 'blind' },
    { fact: 'topic-configs', without: 'less-sure' },
  ],
  traps: [
    'MirrorMaker 2 makes its topics with replication.factor=2 by default.',
    'What acks a producer asks for cannot be seen at a cluster: it says unknown, never acks=1. Of connectors see producer-acks.',
  ],
  wrongIf: ['the data are expendable: then the posture is right'],
  remedies: ['a reassignment to three replicas; min.insync.replicas=2'],
};

export const replicationPosture: Rule = {
  id: 'replication-posture',
  fireAfter: 30_000,
  keep: 30_000,
  description,
  judge: snapshot => {
    const byCluster = new Map<string, TopicView[]>();
    for (const topic of snapshot.topics) {
      const topics = byCluster.get(topic.cluster);
      if (topics === undefined) byCluster.set(topic.cluster, [topic]);
      else topics.push(topic);
    }
    return snapshot.clusters.map(c => judgeCluster(c, byCluster.get(c.name) ?? [], snapshot));
  },
};

/** Asks for more replicas in sync than it has. */
type Never = { readonly topic: string; readonly replicas: number };

type Faults = {
  readonly single: readonly string[];
  readonly double: readonly string[];
  readonly alone: readonly string[];
  /** Those of `alone` that can lose a broker and still have two in sync. */
  readonly tightenable: readonly string[];
  readonly spareless: readonly string[];
  readonly never: readonly Never[];
  readonly unclean: readonly string[];
  readonly unread: number;
};

function judgeCluster(cluster: ClusterView, topics: readonly TopicView[], snapshot: Snapshot): Judgement {
  const subject = ofCluster(cluster.name);
  const brokers = latest(cluster.brokers)?.value.length;
  if (!isKnown(cluster.partitions) || brokers === undefined) {
    const { brokers: seen, partitions } = cluster;
    const why = isKnown(partitions) ? (isKnown(seen) ? undefined : seen.unknown) : partitions.unknown;
    return why === undefined ? { subject } : { subject, unjudged: why };
  }
  const f = faultsOf(topics, brokers);
  const never = f.never.map(n => n.topic);
  const all = [f.single, f.double, f.alone, f.spareless, never, f.unclean];
  if (all.every(names => names.length === 0)) return { subject };
  // A cluster that has lost all but one has topics of several replicas.
  const oneBroker = brokers === 1 && topics.every(t => (valueOf(t.replicas)?.most ?? 1) === 1);
  const words = [
    said(f.single, 'with one replica'),
    said(never, 'refusing acks=all always'),
    said(f.unclean, 'with unclean elections'),
    said(f.double, 'with two replicas'),
    said(f.alone, 'with min.insync.replicas=1'),
    said(f.spareless, 'that stop writing without one broker'),
  ].filter(text => text !== '');
  const worst = all.find(names => names.length > 0)?.[0] ?? '';
  return {
    subject,
    finding: made(replicationPosture.id, subject, {
      severity: never.length > 0 ? 'warning' : 'info',
      verdict: oneBroker ? 'one-broker' : 'thin-replication',
      sentence: oneBroker
        ? `one broker: ${plural(f.single.length, 'topic')} of ${topics.length} with one replica, ${listed(f.single)}`
        : words.join('; '),
      consequence:
        oneBroker || f.single.length > 0 ? 'a broker lost is data lost' : 'less than two copies may be sure',
      ...weigh(0.9, [
        { what: 'configuration of topics', holds: f.unread === 0 ? true : 'unknown', by: 0.05 },
      ]),
      evidence: oneBroker
        ? [counted('topics with one replica', f.single, 'Metadata')]
        : [
            counted('topics with one replica', f.single, 'Metadata'),
            counted('topics with two replicas', f.double, 'Metadata'),
            counted('topics with min.insync.replicas=1', f.alone, 'Kafka’s default'),
            counted('topics whose min.insync.replicas is all replicas', f.spareless, 'DescribeConfigs'),
            counted('topics whose min.insync.replicas exceeds the replicas', never, 'DescribeConfigs'),
            counted('topics with unclean.leader.election.enable', f.unclean, 'DescribeConfigs'),
          ],
      unchecked: oneBroker
        ? []
        : [
            ...(f.unread > 0 ? [`configuration of ${plural(f.unread, 'topic')}`] : []),
            'acks of producers: a cluster does not tell them',
          ],
      falsifier: 'the data are expendable',
      remedies: f.tightenable.slice(0, 1).map(topic => ({
        action: 'min-insync',
        cures: true,
        note: 'min.insync.replicas=2: what is acknowledged is on two brokers',
        target: ofTopic(cluster.name, topic),
      })),
      byHand: byHand(f, cluster.name, brokers, snapshot),
      advice: oneBroker
        ? []
        : [durableTopic(worst), durableProducer('producers'), ...ofMirrors(cluster.name, snapshot)],
    }),
  };
}

/** For the first topic of each kind. Never what stops its writes: a stricter minimum than its replicas allow, or all of them. */
function byHand(f: Faults, cluster: string, brokers: number, snapshot: Snapshot): string[] {
  const set = (topic: string, value: string): string =>
    `${kafkaCommand('kafka-configs.sh', cluster, snapshot)} --alter --entity-type topics --entity-name ${quoted(topic)} --add-config ${value}`;
  const thin = brokers > 1 ? [...f.single, ...f.double] : [];
  return [
    `${kafkaCommand('kafka-topics.sh', cluster, snapshot)} --describe`,
    ...f.never.slice(0, 1).map(n => set(n.topic, `min.insync.replicas=${Math.max(1, n.replicas - 1)}`)),
    ...f.unclean.slice(0, 1).map(topic => set(topic, 'unclean.leader.election.enable=false')),
    ...f.tightenable.slice(0, 1).map(topic => set(topic, 'min.insync.replicas=2')),
    ...thin
      .slice(0, 1)
      .map(
        topic =>
          `${kafkaCommand('kafka-reassign-partitions.sh', cluster, snapshot)} --reassignment-json-file <${Math.min(3, brokers)} replicas for each partition of ${topic}> --execute`,
      ),
  ];
}

/** Counts only what may be changed: with one broker there is one replica, with two there are two. */
function faultsOf(topics: readonly TopicView[], brokers: number): Faults {
  const f = {
    single: [] as string[],
    double: [] as string[],
    alone: [] as string[],
    tightenable: [] as string[],
    spareless: [] as string[],
    never: [] as Never[],
    unclean: [] as string[],
    unread: 0,
  };
  for (const { topic, replicas, config } of topics) {
    const least = valueOf(replicas)?.least;
    if (least === undefined) continue;
    if (least === 1) f.single.push(topic);
    else if (least === 2 && brokers >= 3) f.double.push(topic);
    const values = latest(config)?.value.values;
    if (values === undefined) {
      f.unread++;
      continue;
    }
    const inSync = Number(values['min.insync.replicas'] ?? NaN);
    if (inSync > least) f.never.push({ topic, replicas: least });
    else if (least >= 2 && inSync === 1) {
      f.alone.push(topic);
      if (least >= 3) f.tightenable.push(topic);
    } else if (least >= 2 && inSync === least) f.spareless.push(topic);
    if (least >= 2 && values['unclean.leader.election.enable'] === 'true') f.unclean.push(topic);
  }
  return f;
}

function said(names: readonly string[], what: string): string {
  return names.length === 0 ? '' : `${plural(names.length, 'topic')} ${what} (${listed(names, 2)})`;
}

function counted(what: string, names: readonly string[], origin: string): Evidence {
  const value = names.length === 0 ? '0' : `${names.length}: ${listed(names, 5)}`;
  return statement(what, value, '0', origin, names.length > 0, {
    measured: names.length,
    limit: 0,
    unit: 'count',
  });
}

function ofMirrors(cluster: string, { flows }: Snapshot): { where: string; lines: string[]; why: string }[] {
  const mirror = flows.find(f => f.kind === 'mirror-source' && f.target?.cluster === cluster);
  if (mirror === undefined) return [];
  return [
    {
      where: `connector ${mirror.connector}`,
      lines: ['replication.factor=3'],
      why: 'MirrorMaker 2 makes the topics of the target with two replicas unless it is told; those that are there stay as they are',
    },
  ];
}
