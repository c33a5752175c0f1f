import type { Millis } from '../core/clock.js';
import type { Failure } from '../core/failure.js';
import type { Known } from '../core/known.js';
import type { RecordSample } from '../core/observation.js';
import type { LeaderSkew, Spread } from './skew.js';
import type { UncleanElection } from './unclean-elections.js';

export type { UncleanElection } from './unclean-elections.js';

/**
 * One topic of one cluster. What takes a look at all of its partitions is computed when it is first read, of what was known at the
 * tick: ten thousand partitions cost a tick nothing that nobody looks at.
 */
export type TopicView = {
  /** `<cluster>/<topic>`, unique. */
  readonly id: string;
  readonly cluster: string;
  readonly topic: string;
  /** Another id under the same name is another topic; absent before Kafka 2.8. */
  readonly topicId?: string;
  readonly internal: boolean;
  /** Why the cluster would not describe it. */
  readonly failed?: Failure;
  readonly partitionCount: number;
  /** Counts of its partitions; those whose state is not known are in `unknownPartitions` alone. */
  readonly leaderless: number;
  readonly underReplicated: number;
  readonly unknownPartitions: number;
  /** The smallest and the largest number of replicas of one partition; unknown where none tells. */
  readonly replicas: Known<{ readonly least: number; readonly most: number }>;
  /** Partitions with fewer replicas in sync than `min.insync.replicas`: writes with acks=all are refused. */
  readonly underMinInSync: Known<number>;
  readonly config: Known<TopicConfig>;
  /** When kmon first saw it; `created`: it appeared while kmon watched. */
  readonly since: Millis;
  readonly created?: Millis;
  /** When kmon saw another topic id under its name. */
  readonly recreated?: Millis;
  /** The last time that its number of partitions rose. */
  readonly partitionsAdded?: PartitionsAdded;
  /** Leaders that moved while kmon watched, over all partitions. */
  readonly leaderMoves: number;
  /** Log ends that went back although the topic is the same one; newest last, bounded. */
  readonly truncations: readonly LogTruncation[];
  /** Leaders that were elected though they were not in sync, as far as Metadata tells; newest last, bounded. */
  readonly unclean: readonly UncleanElection[];
  /** Records/s that producers append; unknown where its log ends are not read. */
  readonly arrival: Known<number>;
  /** The same of its busiest partition, records/s; NaN where none is known. */
  readonly peakArrival: number;
  /** On the disks of all its replicas. */
  readonly bytes: Known<number>;
  /** Who reads it: ids of groups with commits in it and of flows that replicate it. */
  readonly readers: { readonly groups: readonly string[]; readonly flows: readonly string[] };
  /** Ids of flows that write it. */
  readonly writers: readonly string[];
  readonly partitions: readonly TopicPartitionView[];
  /** One of them, made alone; undefined where there is none. */
  readonly partition: (partition: number) => TopicPartitionView | undefined;
  /** Who leads them: broker id by partition, −1 none, NaN not known. Not to be written. */
  readonly leaders: Float64Array;
  /** What samples of its records said last, in the order of partitions; absent where none were taken, and in the past. */
  readonly sampled?: readonly PartitionSampled[];
  readonly skew: TopicSkew;
};

export type PartitionSampled = { readonly partition: number; readonly sample: Known<RecordSample> };

export type TopicConfig = {
  readonly values: Readonly<Record<string, string>>;
  /** The keys that were set on the topic itself. */
  readonly own: readonly string[];
};

/**
 * `ends`: the log end of each of the `from` old partitions then, NaN where not known. Up to it, the keys that have
 * moved to other partitions since have records here too.
 */
export type PartitionsAdded = {
  readonly at: Millis;
  readonly from: number;
  readonly to: number;
  readonly ends: Float64Array;
};

/** `sure`: the topic id was read again afterwards and is the same, so that it was not made anew. */
export type LogTruncation = {
  readonly at: Millis;
  readonly partition: number;
  readonly from: number;
  readonly to: number;
  readonly sure: boolean;
};

export type TopicPartitionView = {
  readonly topic: string;
  readonly partition: number;
  /** Broker id; −1 none, undefined not known. So for the numbers of replicas, and for the epoch of the leader. */
  readonly leader?: number;
  readonly replicas?: number;
  readonly inSync?: number;
  readonly leaderEpoch?: number;
  /** How often another broker was found to lead it, and when last, after whom. */
  readonly leaderMoves: number;
  readonly leaderMoved?: { readonly at: Millis; readonly from: number };
  readonly start: Known<number>;
  readonly end: Known<number>;
  /** On the disks of all its replicas. */
  readonly bytes: Known<number>;
  readonly arrival: Known<number>;
};

export type TopicSkew = {
  readonly arrival: Known<Spread>;
  readonly bytes: Known<Spread>;
  readonly leaders: Known<LeaderSkew>;
};
