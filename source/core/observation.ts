import type { Millis } from './clock.js';
import type { Failure } from './failure.js';

/**
 * What was seen of the outside: plain data, one a response, so that a recording, a test, the demo and the live
 * screen are the same stream. Numbers a partition come as columns, not as objects.
 */
export type Observation =
  | ClusterSeen
  | OffsetsSeen
  | GroupsListed
  | GroupsDescribed
  | CommittedSeen
  | ShareOffsetsSeen
  | EpochEndsSeen
  | TopicConfigsSeen
  | LogDirsSeen
  | BrokerConfigsSeen
  | BrokerApisSeen
  | QuotasSeen
  | AclsSeen
  | ReassignmentsSeen
  | RecordsSampled
  | ConnectSeen
  | ConnectorsSeen
  | PositionsSeen
  | PluginsSeen
  | MetricsSeen
  | MetricsPastSeen;

export type ObservationKind = Observation['kind'];

/** When it was asked and when the answer was complete; both by kmon's clock. */
export type Timing = { readonly asked: Millis; readonly answered: Millis };

/** An answer, or why there is none. */
export type Answer<T> = { readonly ok: T } | { readonly failed: Failure };

/**
 * Offsets of some partitions of one topic. The arrays are parallel.
 * `failure[i]` is 0, or 1 + the index of the reason in the observation's `failures`; then `offset[i]` is NaN.
 */
export type OffsetColumn = {
  readonly topic: string;
  readonly partition: Int32Array;
  /** Offsets in records; NaN where not known. −1 never appears: "no offset" is NaN without failure. */
  readonly offset: Float64Array;
  readonly failure: Uint8Array;
  /** Epoch of the leader that wrote the record at `offset`; NaN where not known (OffsetFetch v5+, ListOffsets v4+). */
  readonly leaderEpoch?: Float64Array;
  /** Share groups: records not yet done with, as the broker counts them; NaN where not known (DescribeShareGroupOffsets v1). */
  readonly lag?: Float64Array;
};

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

/** Log-end or log-start offsets that one leader answered (ListOffsets, key 2, isolation level 0). */
export type OffsetsSeen = Timing & {
  readonly kind: 'offsets';
  readonly cluster: string;
  readonly broker: number;
  readonly which: 'log-end' | 'log-start';
  readonly topics: readonly OffsetColumn[];
  readonly failures: readonly Failure[];
};

export type GroupType = 'classic' | 'consumer' | 'share' | 'streams' | 'unknown';

/** Groups that one broker coordinates (ListGroups, key 16; types since v5, KIP-848). */
export type GroupsListed = Timing & {
  readonly kind: 'groups';
  readonly cluster: string;
  readonly broker: number;
  readonly answer: Answer<
    readonly {
      readonly group: string;
      readonly type: GroupType;
      /** `consumer`, `connect`, `share`, … as the group's founder named it. */
      readonly protocolType: string;
      readonly state: string;
    }[]
  >;
};

export type MemberSeen = {
  readonly member: string;
  readonly instance?: string;
  readonly clientId: string;
  readonly host: string;
  /** What the member owns; absent where the state or the protocol does not tell. */
  readonly assignment?: readonly { readonly topic: string; readonly partitions: Int32Array }[];
  /** Connect worker: the URL it advertises. */
  readonly url?: string;
  /** KIP-848: what the coordinator wants it to own; differs from `assignment` while the group reconciles. */
  readonly target?: readonly { readonly topic: string; readonly partitions: Int32Array }[];
  /** KIP-848: the epoch that the member has reached. */
  readonly epoch?: number;
};

export type GroupDescription = {
  readonly group: string;
  readonly state: string;
  readonly protocolType: string;
  readonly assignor?: string;
  /** KIP-848 and share groups only. */
  readonly epoch?: number;
  readonly assignmentEpoch?: number;
  readonly members: readonly MemberSeen[];
};

/** State and members (DescribeGroups 15, ConsumerGroupDescribe 69, ShareGroupDescribe 77). */
export type GroupsDescribed = Timing & {
  readonly kind: 'described';
  readonly cluster: string;
  readonly broker: number;
  readonly groups: readonly { readonly group: string; readonly answer: Answer<GroupDescription> }[];
};

/** Committed offsets of the groups of one coordinator (OffsetFetch 9, v8). */
export type CommittedSeen = Timing & {
  readonly kind: 'committed';
  readonly cluster: string;
  readonly broker: number;
  readonly groups: readonly {
    readonly group: string;
    readonly answer: Answer<readonly OffsetColumn[]>;
  }[];
  readonly failures: readonly Failure[];
};

/**
 * Start offsets of the share partitions of the groups of one coordinator (DescribeShareGroupOffsets 90). Records below
 * are done with; what lies between it and the log end is lag from above, for some of it may be acknowledged already.
 */
export type ShareOffsetsSeen = Timing & {
  readonly kind: 'share-offsets';
  readonly cluster: string;
  readonly broker: number;
  readonly groups: readonly {
    readonly group: string;
    readonly answer: Answer<readonly OffsetColumn[]>;
  }[];
  readonly failures: readonly Failure[];
};

/** `offset` is where the records of the epoch `wanted` end, or of the largest one before it, which `leaderEpoch` tells then. */
export type EpochEndColumn = OffsetColumn & { readonly wanted: Int32Array };

/**
 * Where epochs of former leaders end, of which groups have committed something (OffsetForLeaderEpoch 23, KIP-320). A commit beyond
 * the end of its epoch is of records that are no longer in the log.
 */
export type EpochEndsSeen = Timing & {
  readonly kind: 'epoch-ends';
  readonly cluster: string;
  readonly broker: number;
  readonly answer: Answer<{
    readonly topics: readonly EpochEndColumn[];
    readonly failures: readonly Failure[];
  }>;
};

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

/** How much each replica takes on the disks of one broker (DescribeLogDirs 35). */
export type LogDirsSeen = Timing & {
  readonly kind: 'log-dirs';
  readonly cluster: string;
  readonly broker: number;
  readonly answer: Answer<
    readonly {
      readonly topic: string;
      readonly partition: Int32Array;
      /** Bytes; NaN where not known. */
      readonly size: Float64Array;
    }[]
  >;
  /** Of whole log directories that cannot be read: what lies in them is missing above. */
  readonly failures?: readonly Failure[];
};

/** Configuration of one broker, as far as it decides over what kmon watches (DescribeConfigs 32). */
export type BrokerConfigsSeen = Timing & {
  readonly kind: 'broker-configs';
  readonly cluster: string;
  readonly broker: number;
  /** Every value that was asked for, defaults included. */
  readonly answer: Answer<Readonly<Record<string, string>>>;
};

/** What one broker speaks: the versions of each request that it offers (ApiVersions 18, KIP-35). The arrays are parallel. */
export type ApisOffered = {
  /** Keys of the protocol, rising. */
  readonly key: Int32Array;
  readonly oldest: Int32Array;
  readonly newest: Int32Array;
};

/** As the broker greeted kmon on the present connection; a broker that is exchanged begins another one. */
export type BrokerApisSeen = Timing & {
  readonly kind: 'broker-apis';
  readonly cluster: string;
  readonly broker: number;
  readonly answer: Answer<ApisOffered>;
};

/** The limits of a client, by Kafka's own keys: bytes/s a broker, and percent of the time of one of its threads. */
export type QuotaKey =
  'producer_byte_rate' | 'consumer_byte_rate' | 'request_percentage' | 'controller_mutation_rate';

/**
 * Whom a quota is for: a user, a client id or both. Null is the default of its kind, for all who have none of their own;
 * absent means whichever.
 */
export type QuotaEntity = { readonly user?: string | null; readonly clientId?: string | null };

export type QuotaSeen = {
  readonly entity: QuotaEntity;
  readonly limits: Readonly<Partial<Record<QuotaKey, number>>>;
};

/** The quotas of a cluster (DescribeClientQuotas 48, KIP-546). Those by address limit connections, and are left out. */
export type QuotasSeen = Timing & {
  readonly kind: 'quotas';
  readonly cluster: string;
  readonly answer: Answer<readonly QuotaSeen[]>;
};

/** What an ACL speaks of, in the words of Kafka's tools. */
export type AclOperation =
  | 'All'
  | 'Read'
  | 'Write'
  | 'Create'
  | 'Delete'
  | 'Alter'
  | 'Describe'
  | 'ClusterAction'
  | 'DescribeConfigs'
  | 'AlterConfigs'
  | 'IdempotentWrite'
  /** One that a newer Kafka has. */
  | 'Other';

export type AclSeen = {
  readonly on: 'topic' | 'group' | 'cluster';
  /** `*` for all. */
  readonly name: string;
  readonly pattern: 'literal' | 'prefixed';
  /** `User:mm2-user`; `User:*` is everybody. */
  readonly principal: string;
  readonly host: string;
  readonly operation: AclOperation;
  readonly permission: 'allow' | 'deny';
};

/** The ACLs of topics, groups and the cluster itself (DescribeAcls 29). */
export type AclsSeen = Timing & {
  readonly kind: 'acls';
  readonly cluster: string;
  readonly answer: Answer<{
    readonly acls: readonly AclSeen[];
    /** How many more there are than kmon keeps: then a missing ACL proves nothing. */
    readonly left: number;
  }>;
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

/** A key by its hash, which is another one in each run of kmon. */
export type KeySeen = { readonly hash: number; readonly records: number };

/** What a run of records at the end of one partition says. Counts are records, but for `distinct`. */
export type RecordSample = {
  /** Offsets of the first and the last record; NaN where none was read. */
  readonly from: number;
  readonly to: number;
  readonly records: number;
  /** Of keys and values, unpacked. */
  readonly bytes: number;
  /** In batches that kmon could not unpack, by codec and why. */
  readonly unread: Readonly<Record<string, number>>;
  /** Without a key; with a key of no bytes. */
  readonly unkeyed: number;
  readonly empty: number;
  /** How many different keys there are, and the most frequent ones (64 at most), most frequent first. */
  readonly distinct: number;
  readonly keys: readonly KeySeen[];
  /** Whose key the Java client's default partitioner would have put into another partition. */
  readonly elsewhere: number;
  /** Of producers with an id: idempotent, and so with acks=all. */
  readonly idempotent: number;
  /** With the broker's time; the steps back are of the others. */
  readonly appendTimes: number;
  /** More than a second older than one before it: of the same idempotent producer, and of whichever. */
  readonly back: number;
  readonly backOfAll: number;
  /** The furthest step back within one producer, ms. */
  readonly furthestBack: Millis;
};

/** The newest records of one partition, counted (Fetch 1); only where the user asked for samples. */
export type RecordsSampled = Timing & {
  readonly kind: 'records';
  readonly cluster: string;
  readonly topic: string;
  readonly partition: number;
  readonly answer: Answer<RecordSample>;
};

/** A Connect cluster behind one or several worker URLs (GET /). */
export type ConnectSeen = Timing & {
  readonly kind: 'connect';
  readonly connect: string;
  readonly answer: Answer<{ readonly version: string; readonly clusterId: string; readonly url: string }>;
};

export type TaskSeen = {
  readonly task: number;
  readonly state: string;
  readonly worker: string;
  /** First line of the stack trace, redacted; only of a failed task. */
  readonly trace?: string;
};

export type ConnectorSeen = {
  readonly connector: string;
  /** `source` or `sink`. */
  readonly type: string;
  readonly state: string;
  readonly worker: string;
  readonly trace?: string;
  readonly tasks: readonly TaskSeen[];
  /** The configuration with every secret value replaced (`wire/connect/redact.ts`). */
  readonly config: Readonly<Record<string, string>>;
  /** Who its clients log in as, taken from the configuration before its secrets were replaced. */
  readonly principals?: ConnectorPrincipals;
};

/**
 * Users of a MirrorMaker 2 connector's clients, without `User:`. `source` reads the source cluster, `target` is MirrorMaker's own
 * client on the target, `producer` writes the records. `ANONYMOUS` where nobody logs in; absent where it cannot be told: a
 * certificate, a token, a reference that only the worker resolves, or the worker's own configuration.
 */
export type ConnectorPrincipals = {
  readonly source?: string;
  readonly target?: string;
  readonly producer?: string;
};

/** All connectors with their state and (redacted) configuration (GET /connectors?expand=status&expand=info). */
export type ConnectorsSeen = Timing & {
  readonly kind: 'connectors';
  readonly connect: string;
  readonly answer: Answer<readonly ConnectorSeen[]>;
};

/**
 * What a source connector has flushed (GET /connectors/{n}/offsets, KIP-875). `offset` is the last replicated
 * offset N of the source partition: the task resumes at N + 1.
 */
export type PositionsSeen = Timing & {
  readonly kind: 'positions';
  readonly connect: string;
  readonly connector: string;
  /** One entry a source cluster alias. */
  readonly answer: Answer<
    readonly { readonly sourceAlias: string; readonly topics: readonly OffsetColumn[] }[]
  >;
};

/** What the workers of a Connect cluster can run (GET /connector-plugins). */
export type PluginsSeen = Timing & {
  readonly kind: 'plugins';
  readonly connect: string;
  readonly answer: Answer<
    readonly { readonly class: string; readonly type: string; readonly version?: string }[]
  >;
};

/**
 * The attributes that kmon reads, by their MBean meaning; `wire/metrics` knows how each is spelt. Rates are records a
 * second, latencies, ages and times ms, totals counted since the task or the worker started.
 */
export type MetricName =
  | 'source-record-poll-rate'
  | 'source-record-write-rate'
  | 'source-record-active-count'
  /** Time that a poll of a task took which brought records, ms; polls that brought none are not counted. */
  | 'poll-batch-avg-time'
  | 'poll-batch-max-time'
  /** Records that met an error, that failed for good, and that were skipped (`errors.tolerance`). */
  | 'task-record-errors-total'
  | 'task-record-failures-total'
  | 'task-records-skipped-total'
  | 'producer-buffer-available-bytes'
  | 'producer-buffer-total-bytes'
  | 'producer-bufferpool-wait-ratio'
  | 'producer-throttle-time-avg'
  | 'producer-request-latency-avg'
  | 'producer-record-queue-time-avg'
  | 'producer-record-retry-rate'
  /** Bytes of a batch, after compression; requests a second. */
  | 'producer-batch-size-avg'
  | 'producer-request-rate'
  | 'consumer-fetch-throttle-time-avg'
  | 'consumer-fetch-latency-avg'
  /** Records that MirrorMaker 2's consumer is behind, summed over the partitions of a task that it has fetched. */
  | 'replication-records-lag'
  /** Of MirrorMaker 2's partitions through which records pass, the worst; by source and target, not by task. */
  | 'replication-latency-avg'
  | 'replication-record-age-max'
  | 'worker-rebalances-total'
  | 'worker-task-startup-failures-total'
  /** Cores that the process uses. */
  | 'process-cpu'
  | 'jvm-heap-used-bytes'
  | 'jvm-heap-max-bytes'
  /** Share of the time that the JVM collected garbage. */
  | 'jvm-gc-share'
  | 'node-cpu'
  | 'node-cores'
  | 'node-memory-used'
  | 'node-network-bytes';

/** One series at one instant. NaN is unknown. Rates are per second, times in ms, shares 0…1, as MetricName says. */
export type Sample = {
  readonly value: number;
  /** `host:port` of the scraped process. */
  readonly instance: string;
  /** Present where the series speaks of a task: `connector-producer-<connector>-<task>` and the like. */
  readonly connector?: string;
  readonly task?: number;
  /** Aliases of a flow's clusters, where the series speaks of one; exporters before Kafka 4.0 seldom name the source. */
  readonly source?: string;
  readonly target?: string;
};

/** Instant values of the metrics that were found, and why the others were not. */
export type MetricsSeen = Timing & {
  readonly kind: 'metrics';
  readonly source: string;
  readonly answer: Answer<{
    readonly samples: Readonly<Partial<Record<MetricName, readonly Sample[]>>>;
    /** What was looked for and not found, with the names that were tried. */
    readonly missing: Readonly<Partial<Record<MetricName, Failure>>>;
    /** The name under which each was found. */
    readonly found: Readonly<Partial<Record<MetricName, string>>>;
    /** Length of the window of the `rate()`, seconds. */
    readonly rateWindow: number;
  }>;
};

/**
 * What a metrics store has of the time before kmon was started (Prometheus' range query): it fills the past of
 * the same series that `metrics` goes on with.
 */
export type MetricsPastSeen = Timing & {
  readonly kind: 'metrics-past';
  readonly source: string;
  readonly answer: Answer<{
    /** Length of the window of the `rate()`, seconds. */
    readonly rateWindow: number;
    readonly series: readonly (Omit<Sample, 'value'> & {
      readonly metric: MetricName;
      /** Milliseconds since the epoch, rising; parallel to `values`. Where there is none, nothing was scraped. */
      readonly times: Float64Array;
      /** NaN is unknown. */
      readonly values: Float64Array;
    })[];
    /** What the store could not give of the past. */
    readonly missing?: Readonly<Partial<Record<MetricName, Failure>>>;
  }>;
};
