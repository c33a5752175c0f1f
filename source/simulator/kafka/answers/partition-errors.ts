import { maySee, type Question } from '../api.js';
import type { SimulatedPartition } from '../state.js';

const unknownTopicOrPartition = 3;
const notLeader = 6;
export const topicAuthorizationFailed = 29;

/** The code that every API gives which asks a partition's leader about it; 0 for none. */
export function partitionError(partition: SimulatedPartition | undefined, question: Question): number {
  if (!maySee(question)) return topicAuthorizationFailed;
  if (partition === undefined) return unknownTopicOrPartition;
  if (partition.error !== 0) return partition.error;
  return partition.leader === question.broker.id ? 0 : notLeader;
}
