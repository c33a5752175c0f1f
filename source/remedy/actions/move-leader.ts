import { isKnown, valueOf } from '../../core/known.js';
import { inQuotes } from '../../core/shell.js';
import { count } from '../../core/units.js';
import type { BrokerView } from '../../model/snapshot.js';
import type { PartitionReplicas } from '../../wire/kafka/reads/replicas.js';
import { refusal, type Action } from '../action.js';
import { kafkaDraft } from '../changes/kafka.js';
import { momentEffect } from '../effect.js';
import { bootstrap, clusterOf, onKafka, type KafkaInput } from '../kafka-action.js';
import type { Change } from '../plan.js';
import { topicOffers, topicOf } from '../topic-subject.js';
import { leaderKey, placeOfKey, replicasKey } from '../worlds/kafka.js';

/** No data is moved: a broker that has a copy already leads it. */
export const moveLeader: Action = onKafka({
  id: 'move-leader',
  title: 'Move the hottest leader of the topic to another of its replicas',
  kind: 'topic',
  about: {
    changes:
      'the order of the replicas of the partition with the most arrival whose leader has most to do, and its leader: the in-sync replica with the least',
    risk: 'medium: producers and consumers of the partition ask for its leader anew; no data is moved',
    undo: 'the order before, and its leader elected again',
    byHand:
      '`kafka-reassign-partitions.sh --execute` with the replicas in another order, then `kafka-leader-election.sh`',
  },
  offer: (snapshot, subject) => topicOffers(snapshot, subject, 'Move its hottest leader'),
  plan(input) {
    const { target, world } = input;
    const found = hottest(input);
    if (typeof found === 'string') return refusal(moveLeader.id, target, found);
    const { place, rate, from, to } = found;
    const replicas = [to.id, ...place.replicas.filter(id => id !== to.id)];
    const [before, after] = [place.replicas.join(', '), replicas.join(', ')];
    return kafkaDraft(input, {
      action: moveLeader.id,
      title: `Move the leader of ${place.topic}/${place.partition} on ${target.cluster}`,
      changes: [
        { key: replicasKey(place), from: before, to: after },
        { key: leaderKey(place), from: String(place.leader), to: String(to.id) },
      ].filter(change => change.from !== change.to),
      why: `broker ${from.id} takes ${count(from.arrival.perSecond)}/s, broker ${to.id} ${count(to.arrival.perSecond)}/s; ${count(rate)}/s of it in this partition`,
      cure: {
        verdict: 'may-cure',
        reason: 'it moves load between brokers; the partition itself stays as hot',
      },
      expect: [
        `broker ${from.id} ${count(from.arrival.perSecond)}/s → ${count(from.arrival.perSecond - rate)}/s, ` +
          `broker ${to.id} ${count(to.arrival.perSecond)}/s → ${count(to.arrival.perSecond + rate)}/s`,
        'no data is moved: the replica is in sync already',
      ],
      risk: {
        level: 'medium',
        text: 'its producers and consumers ask for the leader anew, within a second or so; MirrorMaker 2 may write a batch twice',
      },
      effect: momentEffect(
        `arrival at broker ${from.id}`,
        `about ${count(from.arrival.perSecond - rate)}`,
        snapshot => brokerOf(snapshot, target.cluster, from.id)?.arrival.perSecond,
      ),
      verified: `broker ${to.id} leads it`,
      write: changes => ({
        request: 'reorder-replicas',
        target,
        partition: place.partition,
        replicas: orderIn(changes) ?? place.replicas,
      }),
      byHand: changes => {
        const order = orderIn(changes) ?? place.replicas;
        const json = JSON.stringify({
          version: 1,
          partitions: [{ topic: place.topic, partition: place.partition, replicas: order }],
        });
        const server = bootstrap(world.brokers);
        return [
          `echo ${inQuotes(json)} > move.json && kafka-reassign-partitions.sh ${server} --reassignment-json-file move.json --execute`,
          `kafka-leader-election.sh ${server} --election-type preferred --topic ${place.topic} --partition ${place.partition}`,
        ];
      },
      back: {
        undo: `replicas in the order ${before} again, and the first of them elected`,
        expect: `broker ${place.replicas[0] ?? place.leader} leads it again`,
        risk: { level: 'medium', text: 'its producers and consumers ask for the leader anew' },
        effect: momentEffect(
          `arrival at broker ${from.id}`,
          'as before the change',
          snapshot => brokerOf(snapshot, target.cluster, from.id)?.arrival.perSecond,
        ),
      },
    });
  },
});

type Move = {
  readonly place: PartitionReplicas;
  /** Records/s that arrive in it. */
  readonly rate: number;
  readonly from: BrokerView;
  readonly to: BrokerView;
};

/** The move that takes most from a broker without making another one busier than that was; or why there is none. */
function hottest({ snapshot, target, world }: KafkaInput<'topic'>): Move | string {
  const rates = new Map(
    topicOf(snapshot, target)?.partitions.map(p => [p.partition, valueOf(p.arrival)]) ?? [],
  );
  const moves = world.partitions.flatMap((place): readonly Move[] => {
    const rate = rates.get(place.partition);
    const from = brokerOf(snapshot, target.cluster, place.leader);
    const others = place.inSync.filter(id => id !== place.leader && place.replicas.includes(id));
    const to = others
      .flatMap(id => brokerOf(snapshot, target.cluster, id) ?? [])
      .sort((a, b) => a.arrival.perSecond - b.arrival.perSecond)[0];
    if (rate === undefined || rate <= 0 || from === undefined || to === undefined) return [];
    return to.arrival.perSecond + rate < from.arrival.perSecond ? [{ place, rate, from, to }] : [];
  });
  const best = moves.sort(
    (a, b) => b.from.arrival.perSecond - a.from.arrival.perSecond || b.rate - a.rate,
  )[0];
  if (best !== undefined) return best;
  const known = [...rates.values()].some(rate => rate !== undefined);
  return known
    ? 'no move within its replicas would make the busiest of their brokers less busy'
    : 'what arrives in its partitions is not known, so neither is which is hot';
}

function brokerOf(
  snapshot: KafkaInput<'topic'>['snapshot'],
  cluster: string,
  id: number,
): BrokerView | undefined {
  const brokers = clusterOf(snapshot, cluster)?.brokers;
  return brokers && isKnown(brokers) ? brokers.value.find(broker => broker.id === id) : undefined;
}

function orderIn(changes: readonly Change[]): readonly number[] | undefined {
  const line = changes.find(({ key }) => placeOfKey(key) !== undefined && key.startsWith('replicas of '));
  return line?.to?.split(', ').map(Number);
}
