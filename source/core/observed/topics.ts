import type { Answer, Timing } from './answer.js';

/** Configuration of topics (DescribeConfigs 32); sensitive values never travel. */
export type TopicConfigsSeen = Timing & {
  readonly kind: 'topic-configs';
  readonly cluster: string;
  readonly broker: number;
  readonly topics: readonly {
    readonly topic: string;
    readonly answer: Answer<{
      /** Every value that was asked for, defaults included. */
      readonly values: Readonly<Record<string, string>>;
      /** The keys that were set on the topic itself. */
      readonly own: readonly string[];
    }>;
  }[];
};

/** A partition whose replicas are being moved; `replicas` are those of now, which the move adds to and takes from. */
export type ReassignmentSeen = {
  readonly topic: string;
  readonly partition: number;
  readonly replicas: readonly number[];
  readonly adding: readonly number[];
  readonly removing: readonly number[];
};

/** Reassignments under way (ListPartitionReassignments 46, KIP-455). */
export type ReassignmentsSeen = Timing & {
  readonly kind: 'reassignments';
  readonly cluster: string;
  readonly answer: Answer<readonly ReassignmentSeen[]>;
};
