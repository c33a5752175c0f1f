import type { Failure } from '../failure.js';
import type { Answer, Timing } from './answer.js';

export type BrokerSeen = {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly rack?: string;
};

/** Where the partitions of a topic live; arrays by partition. */
export type TopicSeen = {
  readonly topic: string;
  /** As Kafka prints it, base64url without padding; another one under the same name is another topic (Metadata v10+). */
  readonly topicId?: string;
  readonly internal: boolean;
  /** Broker id; −1 where there is no leader; NaN where not known. */
  readonly leader: Float64Array;
  /** The preferred leader, the first of the replicas; NaN where not known. */
  readonly preferred?: Float64Array;
  /** Number of replicas, and of those in sync; NaN where not known. */
  readonly replicas: Float64Array;
  readonly inSync: Float64Array;
  /** Ids of the replicas in sync, partition after partition, of each as many as `inSync` says. */
  readonly inSyncIds?: Int32Array;
  /** Epoch of the leader (Metadata v7+); NaN where not known. */
  readonly leaderEpoch?: Float64Array;
  readonly failed?: Failure;
};

/** Metadata of one cluster (Metadata, key 3). */
export type ClusterSeen = Timing & {
  readonly kind: 'cluster';
  readonly cluster: string;
  readonly answer: Answer<{
    readonly clusterId: string;
    /** −1 where the cluster has none. */
    readonly controller: number;
    readonly brokers: readonly BrokerSeen[];
    readonly topics: readonly TopicSeen[];
  }>;
  /** What kmon's last whole pass over the cluster cost it; bytes both ways. */
  readonly cost?: {
    readonly requests: number;
    readonly bytes: number;
    /** How long it took, and how long kmon waits from one start to the next, seconds: it paces itself by its cost. */
    readonly seconds?: number;
    readonly every?: number;
  };
};
