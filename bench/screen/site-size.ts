import * as z from 'zod';

/** What the site holds beside its flow. Group g reads `reads` topics from topic g on. */
export const siteSize = z.object({
  topics: z.int(),
  /** Of each topic. */
  partitions: z.int(),
  groups: z.int(),
  reads: z.int(),
  /** Of each group. */
  members: z.int(),
});

export type SiteSize = z.infer<typeof siteSize>;

/** 5,000 partitions, 25,000 group-partitions. */
export const usualSize: SiteSize = { topics: 200, partitions: 25, groups: 200, reads: 5, members: 5 };

export const topicName = (topic: number): string => `bench-topic-${String(topic).padStart(4, '0')}`;
export const groupName = (group: number): string => `bench-group-${String(group).padStart(4, '0')}`;
