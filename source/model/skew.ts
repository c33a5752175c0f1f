import { isKnown } from '../core/known.js';
import type { FlowPartitionView } from './snapshot.js';
import { drawn } from './lag.js';

export type HotPartition = {
  readonly topic: string;
  readonly partition: number;
  /** Its share of the flow's lag, 0…1. */
  readonly share: number;
};

/** Below this a share says nothing: a few records lie anywhere. */
const leastLag = 1_000;

/** The partition with the most lag, when there is enough lag for shares to mean something; undefined otherwise. */
export function hottestPartition(partitions: readonly FlowPartitionView[]): HotPartition | undefined {
  let total = 0;
  let most = 0;
  let hottest: FlowPartitionView | undefined;
  for (const p of partitions) {
    const lag = isKnown(p.lag) ? drawn(p.lag.value) : 0;
    total += lag;
    if (lag <= most) continue;
    most = lag;
    hottest = p;
  }
  if (hottest === undefined || total < leastLag || partitions.length < 2) return undefined;
  return { topic: hottest.topic, partition: hottest.partition, share: most / total };
}
