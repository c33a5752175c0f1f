import { failure } from '../../core/failure.js';
import type { Answer } from '../../core/observation.js';
import type { KafkaLink } from '../../wire/kafka/link.js';
import { readConfigs } from '../../wire/kafka/reads/describe-configs.js';
import { readReplicas, type PartitionReplicas } from '../../wire/kafka/reads/replicas.js';
import { leadershipShows, type InKafka } from './kafka.js';

/** A topic as it is now. */
export type TopicWorld = InKafka & {
  readonly kind: 'topic';
  /** Another id under the same name is another topic; absent before Kafka 2.8. */
  readonly topicId?: string;
  readonly partitions: readonly PartitionReplicas[];
  /** All keys, defaults included; sensitive values are left out. */
  readonly values: Readonly<Record<string, string>>;
  /** The keys that were set on the topic itself. */
  readonly own: readonly string[];
};

export async function readTopic(
  link: KafkaLink,
  topic: string,
  signal: AbortSignal,
): Promise<Answer<TopicWorld>> {
  const replicas = (await readReplicas(link, { topic }, signal)).answer;
  if ('failed' in replicas) return replicas;
  const wanted = { kind: 'topic', names: [topic], keys: 'all' } as const;
  const { resources } = await readConfigs(link, replicas.ok.controller, wanted, signal);
  const config = resources[0]?.answer ?? nothing(topic);
  return 'failed' in config ? config : { ok: { kind: 'topic', ...replicas.ok, ...config.ok } };
}

function nothing(topic: string): Answer<never> {
  return { failed: failure('malformed', `DescribeConfigs of topic ${topic}`, 'the answer is empty') };
}

/** `partitions`, who leads and has copies, or a key that was set on the topic itself. */
export function topicShows(world: TopicWorld, key: string): string | undefined {
  if (key === 'partitions') return String(world.partitions.length);
  if (key.includes(' ')) return leadershipShows(world.partitions, key);
  return world.own.includes(key) ? world.values[key] : undefined;
}

/** Leaders and replicas in sync come and go by themselves: they count only where a plan is about them. */
export function topicDiffers(before: TopicWorld, now: TopicWorld): readonly string[] {
  const differs: string[] = [];
  if (before.topicId !== now.topicId) differs.push('topic id');
  if (before.partitions.length !== now.partitions.length) differs.push('partitions');
  const keys = new Set([...Object.keys(before.values), ...Object.keys(now.values)]);
  differs.push(...[...keys].filter(key => before.values[key] !== now.values[key]));
  return differs.sort();
}
