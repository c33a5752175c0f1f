import type { BrokerSeen } from '../../core/observation.js';
import type { PartitionReplicas } from '../../wire/kafka/reads/replicas.js';

/** What every reading of a thing in a Kafka cluster tells of the cluster. */
export type InKafka = {
  readonly clusterId: string;
  readonly controller: number;
  readonly brokers: readonly BrokerSeen[];
};

/** `orders/3`: a partition as a key of a diff. */
export function placeKey({
  topic,
  partition,
}: {
  readonly topic: string;
  readonly partition: number;
}): string {
  return `${topic}/${partition}`;
}

/** The partition of `orders/3`; undefined where it is none. */
export function placeOfKey(key: string): { readonly topic: string; readonly partition: number } | undefined {
  const [, topic, partition] = /^(.+)\/(\d+)$/.exec(key) ?? [];
  return topic === undefined ? undefined : { topic, partition: Number(partition) };
}

export function leaderKey(place: Parameters<typeof placeKey>[0]): string {
  return `leader of ${placeKey(place)}`;
}

export function replicasKey(place: Parameters<typeof placeKey>[0]): string {
  return `replicas of ${placeKey(place)}`;
}

/** `leader of orders/3` and `replicas of orders/3`, the preferred one first; undefined for another key. */
export function leadershipShows(partitions: readonly PartitionReplicas[], key: string): string | undefined {
  const [, what, rest = ''] = /^(leader|replicas) of (.+)$/.exec(key) ?? [];
  const place = placeOfKey(rest);
  const found = place && partitions.find(p => p.partition === place.partition && p.topic === place.topic);
  if (found === undefined) return undefined;
  return what === 'leader' ? String(found.leader) : found.replicas.join(', ');
}
