import { isKnown, valueOf } from '../../core/known.js';
import { plural } from '../../core/units.js';
import type { ClusterView, Snapshot, TopicView } from '../../model/snapshot.js';
import { weigh } from '../confidence.js';
import { statement } from '../evidence.js';
import type { Finding } from '../finding.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofCluster } from '../subject.js';
import { durableTopic } from './durable-advice.js';
import { kafkaCommand } from './kafka-command.js';
import { listed, made } from './make.js';

const description: Description = {
  what: 'Are partitions without a leader, or with fewer replicas in sync than they should have?',
  formula: `
leaderless        a partition has no leader: nobody reads or writes it               critical, after 10 s
under-min-in-sync in sync < min.insync.replicas: writes with acks=all are refused     critical, after 10 s
under-replicated  in sync < replicas: the next loss costs more                         warning, after 30 s

One finding a cluster, with counts and the topics that have most of them. The broker that is missing is its cause.`,
  thresholds: [],
  needs: [
    { fact: 'cluster', without: 'blind' },
    { fact: 'topic-configs', without: 'less-sure' },
    { fact: 'reassignments', without: 'less-sure' },
  ],
  traps: [
    'A partition that is being moved has more replicas than are in sync until it has arrived: those are left out where the moves can be read.',
    'A topic with replication 1 is never under-replicated: without its broker it is leaderless.',
  ],
  wrongIf: ['the metadata are those of a broker that is cut off from the controller'],
  remedies: ['bring back the broker that is missing; replicas that lag need disk or network'],
};

export const partitionsImpaired: Rule = {
  id: 'partitions-impaired',
  fireAfter: 10_000,
  keep: 30_000,
  description,
  judge: snapshot => snapshot.clusters.map(cluster => judgeCluster(cluster, snapshot)),
};

type Counted = {
  readonly topic: string;
  readonly leaderless: number;
  readonly belowMin: number;
  readonly short: number;
};

function judgeCluster(cluster: ClusterView, snapshot: Snapshot): Judgement {
  const subject = ofCluster(cluster.name);
  if (!isKnown(cluster.partitions)) return { subject, unjudged: cluster.partitions.unknown };
  const { leaderless, underReplicated } = cluster.partitions.value;
  if (leaderless + underReplicated === 0) return { subject };
  const moving = new Set(
    (valueOf(cluster.reassignments) ?? []).map(({ topic, partition }) => `${topic}/${partition}`),
  );
  const topics = snapshot.topics
    .filter(t => t.cluster === cluster.name && t.leaderless + t.underReplicated > 0)
    .map(t => countedOf(t, moving));
  const sum = (of: (t: Counted) => number): number => topics.reduce((n, t) => n + of(t), 0);
  const total = {
    leaderless: sum(t => t.leaderless),
    belowMin: sum(t => t.belowMin),
    short: sum(t => t.short),
  };
  if (total.leaderless + total.belowMin + total.short === 0) return { subject };
  const severe = total.leaderless + total.belowMin > 0;
  return {
    subject,
    finding: findingOf(cluster, topics, total, moving.size, snapshot),
    ...(!severe && { fireAfter: 30_000 }),
  };
}

/** Without a move under way the counts of the topic do; rows are made of topics with partitions on the move only. */
function countedOf(topic: TopicView, moving: ReadonlySet<string>): Counted {
  const { topic: name, leaderless, underReplicated } = topic;
  const belowMin = underReplicated > 0 ? (valueOf(topic.underMinInSync) ?? 0) : 0;
  const moves =
    moving.size === 0
      ? 0
      : topic.partitions.filter(
          p => (p.inSync ?? NaN) < (p.replicas ?? NaN) && moving.has(`${name}/${p.partition}`),
        ).length;
  return { topic: name, leaderless, belowMin, short: Math.max(0, underReplicated - moves) };
}

function findingOf(
  cluster: ClusterView,
  topics: readonly Counted[],
  total: Omit<Counted, 'topic'>,
  moving: number,
  snapshot: Snapshot,
): Finding {
  const [verdict, of] =
    total.leaderless > 0
      ? (['leaderless', 'leaderless'] as const)
      : total.belowMin > 0
        ? (['under-min-in-sync', 'belowMin'] as const)
        : (['under-replicated', 'short'] as const);
  const worst = topics.filter(t => t[of] > 0).sort((a, b) => b[of] - a[of]);
  const names = listed(worst.map(t => `${t.topic} (${t[of]})`));
  const count = plural(total[of], 'partition');
  const words = {
    leaderless: `${count} without a leader: ${names}`,
    'under-min-in-sync': `${count} below min.insync.replicas: ${names}`,
    'under-replicated': `${count} with fewer replicas in sync than they have: ${names}`,
  };
  const hidden = snapshot.topics.some(
    t => t.cluster === cluster.name && t.underReplicated > 0 && !isKnown(t.underMinInSync),
  );
  return made(partitionsImpaired.id, ofCluster(cluster.name), {
    severity: verdict === 'under-replicated' ? 'warning' : 'critical',
    verdict,
    sentence: words[verdict],
    consequence: {
      leaderless: 'nobody reads or writes them',
      'under-min-in-sync': 'writes with acks=all are refused',
      'under-replicated': 'the next loss may take records with it',
    }[verdict],
    ...weigh(0.85, [
      { what: 'moves of replicas', holds: isKnown(cluster.reassignments) ? true : 'unknown', by: 0.1 },
    ]),
    evidence: [
      counted('partitions without a leader', total.leaderless),
      counted('partitions below min.insync.replicas', total.belowMin, hidden),
      counted('partitions with replicas out of sync', total.short),
      statement(
        'partitions on the move',
        String(moving),
        'left out',
        'ListPartitionReassignments',
        isKnown(cluster.reassignments) ? true : 'unknown',
      ),
    ],
    unchecked: [
      ...(hidden ? ['min.insync.replicas of some topics: which of them refuse writes'] : []),
      ...(isKnown(cluster.reassignments) ? [] : ['whether they are being moved, which looks the same']),
    ],
    falsifier: 'a reassignment is under way, or these metadata come from a broker that is cut off',
    byHand: ['--unavailable-partitions', '--under-min-isr-partitions', '--under-replicated-partitions'].map(
      what => `${kafkaCommand('kafka-topics.sh', cluster.name, snapshot)} --describe ${what}`,
    ),
    advice: worst.slice(0, 1).map(t => durableTopic(t.topic)),
  });
}

function counted(what: string, n: number, hidden = false): Finding['evidence'][number] {
  return statement(what, String(n), '0', 'Metadata', n > 0 ? true : hidden ? 'unknown' : false, {
    measured: n,
    limit: 0,
    unit: 'count',
  });
}
