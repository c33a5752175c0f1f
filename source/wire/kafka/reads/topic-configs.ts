import type { Timing, TopicConfigsSeen } from '../../../core/observation.js';
import type { KafkaLink } from '../link.js';
import { readConfigs } from './describe-configs.js';

/** Every topic that was asked for, with its own outcome. */
export type TopicConfigs = Timing & Pick<TopicConfigsSeen, 'topics'>;

/** What decides whether records can be lost, refused or compacted away, and how fast a log turns over. */
const keys: readonly string[] = [
  'cleanup.policy',
  'compression.type',
  'delete.retention.ms',
  'max.message.bytes',
  'message.timestamp.type',
  'min.insync.replicas',
  'retention.bytes',
  'retention.ms',
  'segment.bytes',
  'segment.ms',
  'unclean.leader.election.enable',
];

/**
 * Configuration of topics; any broker answers for all of them. Needs DescribeConfigs on each topic: one that this user may
 * not read fails alone.
 */
export async function readTopicConfigs(
  link: KafkaLink,
  broker: number,
  topics: readonly string[],
  signal?: AbortSignal,
): Promise<TopicConfigs> {
  const wanted = { kind: 'topic', names: topics, keys } as const;
  const { asked, answered, resources } = await readConfigs(link, broker, wanted, signal);
  return { asked, answered, topics: resources.map(({ name, answer }) => ({ topic: name, answer })) };
}
