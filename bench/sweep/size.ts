/** What the cluster of a bench holds. Group g has committed offsets in all partitions of topic g mod `topics`. */
export interface Size {
  readonly topics: number;
  /** A topic. */
  readonly partitions: number;
  readonly groups: number;
}

/** Records in each partition. */
export const records = 10;

export const topicName = (topic: number): string => `bench-topic-${String(topic).padStart(4, '0')}`;
export const groupName = (group: number): string => `bench-group-${String(group).padStart(5, '0')}`;

/** The committed offset of a group in a partition of its topic: some are at the end, some at the start. */
export function committed(group: number, partition: number): number {
  return (group * 7 + partition * 3) % (records + 1);
}

/** The sum of all lags of the first `groups` groups. */
export function totalLag({ groups, partitions }: Size): number {
  let sum = 0;
  for (let g = 0; g < groups; g++) for (let p = 0; p < partitions; p++) sum += records - committed(g, p);
  return sum;
}
