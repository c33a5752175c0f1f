import type { TopicSeen } from '../core/observation.js';

/** Ids of the replicas of a partition that are in sync; none where Metadata did not tell. For one partition: it counts up to it. */
export function inSyncOf({ inSync, inSyncIds }: TopicSeen, partition: number): Int32Array {
  if (inSyncIds === undefined) return nobody;
  let from = 0;
  for (let p = 0; p < partition; p++) from += countOf(inSync[p]);
  return inSyncIds.subarray(from, from + countOf(inSync[partition]));
}

const nobody = new Int32Array(0);

function countOf(inSync: number | undefined): number {
  return inSync === undefined || !(inSync >= 0) ? 0 : Math.floor(inSync);
}
