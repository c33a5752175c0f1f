import { isKnown } from '../../core/known.js';
import { quoted } from '../../core/shell.js';
import type { Snapshot } from '../../model/snapshot.js';
import type { PartitionReplicas } from '../../wire/kafka/reads/replicas.js';
import { refusal, type Action, type Effect } from '../action.js';
import { kafkaDraft, type KafkaChange } from '../changes/kafka.js';
import { momentEffect } from '../effect.js';
import { bootstrap, clusterOf, onKafka, type TargetOf } from '../kafka-action.js';
import type { Change } from '../plan.js';
import { topicOffers } from '../topic-subject.js';
import { leaderKey } from '../worlds/kafka.js';
import type { LeadersWorld } from '../worlds/leaders.js';
import type { TopicWorld } from '../worlds/topic.js';

const about = {
  risk: 'low: producers and consumers of the partitions ask for their leader anew, within a second or so',
  undo: 'none: nothing elects a leader that is not the preferred one',
};

/** After a broker was away, the others lead what was its own: until they give it back, the load lies unevenly. */
export const electTopicLeaders: Action = onKafka({
  id: 'elect-topic-leaders',
  title: 'Elect the preferred leaders of the topic',
  kind: 'topic',
  about: {
    ...about,
    changes: 'the leaders of the partitions of one topic: the first replica of each, where it is in sync',
    byHand: '`kafka-leader-election.sh --election-type preferred --topic TOPIC --partition N`',
  },
  offer: (snapshot, subject) => topicOffers(snapshot, subject, 'Elect the preferred leaders'),
  plan(input) {
    const made = election(electTopicLeaders.id, input.target, input.target.topic, input.world);
    return typeof made === 'string'
      ? refusal(electTopicLeaders.id, input.target, made)
      : kafkaDraft(input, made);
  },
});

export const electLeaders: Action = onKafka({
  id: 'elect-leaders',
  title: 'Elect the preferred leaders of the cluster',
  kind: 'cluster',
  about: {
    ...about,
    changes: 'the leaders of all partitions of a cluster: the first replica of each, where it is in sync',
    byHand: '`kafka-leader-election.sh --election-type preferred --all-topic-partitions`',
  },
  offer(snapshot, { kind, id }) {
    const name = kind === 'cluster' ? id : kind === 'broker' ? id.slice(0, id.lastIndexOf('/')) : undefined;
    const cluster = name === undefined ? undefined : clusterOf(snapshot, name);
    if (cluster === undefined) return [];
    const target = { kind: 'cluster', cluster: cluster.name } as const;
    return [{ target, title: `Elect the preferred leaders of ${cluster.name}` }];
  },
  plan(input) {
    const made = election(electLeaders.id, input.target, 'all topics', input.world);
    return typeof made === 'string' ? refusal(electLeaders.id, input.target, made) : kafkaDraft(input, made);
  },
});

/** An election of all that another replica leads; or why there is none to hold. */
function election(
  action: string,
  target: TargetOf<'topic' | 'cluster'>,
  of: string,
  world: TopicWorld | LeadersWorld,
): Omit<KafkaChange<'topic' | 'cluster'>, 'unrest'> | string {
  const away = world.partitions.filter(p => p.leader !== p.replicas[0]);
  const ready = away.filter(p => p.inSync.includes(p.replicas[0] ?? -1));
  const waiting = away.length - ready.length;
  if (ready.length === 0) {
    return waiting === 0
      ? `all ${world.partitions.length} partitions are led by their preferred replica already`
      : `of ${waiting} partitions that another replica leads, no preferred one is in sync: it must catch up first`;
  }
  return {
    action,
    title: `Elect the preferred leaders of ${of} on ${target.cluster}`,
    changes: ready.map((p): Change => ({
      key: leaderKey(p),
      from: String(p.leader),
      to: String(p.replicas[0] ?? -1),
    })),
    why: `${away.length} of ${world.partitions.length} partitions are not led by their preferred replica`,
    cure: {
      verdict: 'may-cure',
      reason: 'it puts leaders where they were meant to be: that is even only where they were placed evenly',
    },
    expect: [
      `${ready.length} leaders move`,
      ...(waiting > 0 ? [`${waiting} stay: their preferred replica is not in sync`] : []),
      ...brokersThen(world.partitions, ready),
    ],
    risk: {
      level: 'low',
      text: 'producers and consumers of these partitions ask for their leader anew; MirrorMaker 2 may write a batch twice',
    },
    effect: busiest(target.cluster),
    verified: 'the preferred replicas lead',
    write: changes => ({
      request: 'elect-leaders',
      target,
      partitions: ready.filter(p => changes.some(c => c.key === leaderKey(p))),
    }),
    byHand: () => [
      target.kind === 'cluster'
        ? `kafka-leader-election.sh ${bootstrap(world.brokers)} --election-type preferred --all-topic-partitions`
        : ready
            .slice(0, 3)
            .map(
              p =>
                `kafka-leader-election.sh ${bootstrap(world.brokers)} --election-type preferred --topic ${quoted(p.topic)} --partition ${p.partition}`,
            )
            .join('; '),
    ],
    back: { never: 'Kafka elects no leader that is not the preferred one; a new order of the replicas can' },
  };
}

/** Before and after: how many partitions each broker leads. */
function brokersThen(
  all: readonly PartitionReplicas[],
  moved: readonly PartitionReplicas[],
): readonly string[] {
  const now = new Map<number, number>();
  const add = (broker: number, by: number): unknown => now.set(broker, (now.get(broker) ?? 0) + by);
  for (const { leader } of all) if (leader >= 0) add(leader, 1);
  const before = new Map(now);
  for (const { leader, replicas } of moved) {
    if (leader >= 0) add(leader, -1);
    add(replicas[0] ?? -1, 1);
  }
  const lines = [...now]
    .sort(([a], [b]) => a - b)
    .map(([broker, leads]) => `broker ${broker} leads ${before.get(broker) ?? 0} → ${leads}`);
  return lines.length > 12 ? [] : [lines.join(', ')];
}

/** Partitions that the broker with the most of them leads. */
function busiest(cluster: string): Effect {
  return momentEffect('partitions led by the broker with most', 'fewer, or as many', (snapshot: Snapshot) => {
    const brokers = clusterOf(snapshot, cluster)?.brokers;
    if (brokers === undefined || !isKnown(brokers)) return undefined;
    return Math.max(...brokers.value.map(broker => broker.leaders));
  });
}
