import type { Answer } from '../../core/observation.js';
import type { KafkaLink } from '../../wire/kafka/link.js';
import { readReplicas, type PartitionReplicas } from '../../wire/kafka/reads/replicas.js';
import type { InKafka } from './kafka.js';

/** Who leads all partitions of a cluster now. */
export type LeadersWorld = InKafka & {
  readonly kind: 'cluster';
  readonly partitions: readonly PartitionReplicas[];
};

export async function readLeaders(link: KafkaLink, signal: AbortSignal): Promise<Answer<LeadersWorld>> {
  const { answer } = await readReplicas(link, 'all', signal);
  return 'failed' in answer ? answer : { ok: { kind: 'cluster', ...answer.ok } };
}
