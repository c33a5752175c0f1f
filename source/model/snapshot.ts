import type { Millis } from '../core/clock.js';
import type { Failure } from '../core/failure.js';
import type { Known } from '../core/known.js';
import type {
  AclSeen,
  ApisOffered,
  GroupType,
  MetricName,
  QuotaSeen,
  ReassignmentSeen,
} from '../core/observation.js';
import type { Change } from './change-log.js';
import type { CommitBehaviour, CommitEvent, CommitTotals } from './commit-view.js';
import type { BelowStart, Foreign, LossAhead, Unwritten } from './loss-view.js';
import type { MachineLoad } from './machine-loads.js';
import type { Machine } from './machines.js';
import type { RebalanceView } from './rebalance-view.js';
import type { ReadonlySeries } from './series.js';
import type { FlowSkew, GroupSkew } from './skew.js';
import type { TopicView } from './topic-view.js';
import type { Trend } from './trend.js';

export type { CommitBehaviour, CommitEvent } from './commit-view.js';
export type { Rebalance, RebalanceView } from './rebalance-view.js';
export type { FlowSkew, GroupSkew, LeaderSkew, Spread } from './skew.js';
export type { TopicView } from './topic-view.js';
export type { Trend } from './trend.js';

/** All that is known at one tick. Immutable; screens and rules read nothing else. */
export type Snapshot = {
  readonly revision: number;
  /** Time of the tick. Series are read up to it. */
  readonly at: Millis;
  readonly clusters: readonly ClusterView[];
  readonly connects: readonly ConnectView[];
  readonly metrics: readonly MetricsView[];
  readonly flows: readonly FlowView[];
  readonly groups: readonly GroupView[];
  /** Of all clusters, cluster by cluster; made when they are first read. */
  readonly topics: readonly TopicView[];
  readonly workers: readonly WorkerView[];
  readonly history: HistoryView;
  /** What changed until then, as far as it is kept, oldest first; made when it is first read. */
  readonly changes: readonly Change[];
};

/** How much of the past is kept of single partitions. Where memory does not do for all, the worst have it. */
export type HistoryView = {
  /** Partitions whose lag over time is kept, and those for which there is no room. */
  readonly kept: number;
  readonly left: number;
  /** Memory for it now, and the most that it will take. */
  readonly bytes: number;
  readonly limit: number;
  /** Moments that can be gone back to: the oldest and the newest, and the memory for them. */
  readonly moments: {
    readonly oldest?: Millis;
    readonly newest?: Millis;
    readonly bytes: number;
    readonly limit: number;
  };
};

export type ClusterView = {
  readonly name: string;
  readonly clusterId: Known<string>;
  readonly brokers: Known<readonly BrokerView[]>;
  /** Ids of brokers that were there while kmon watched, and are missed by no partition any more. */
  readonly retired: readonly number[];
  /** Counts over all partitions, from Metadata; NaN-free: partitions whose state is not known are in `unknown`. */
  readonly partitions: Known<{
    readonly total: number;
    readonly leaderless: number;
    readonly underReplicated: number;
    readonly unknown: number;
  }>;
  /** Whether the groups could be listed, broker by broker: a failure here means that groups may be missing. */
  readonly groupListing: Known<number>;
  /** Set where the user seems to be allowed to see nothing: no topic, no group, no error (Kafka answers so to a user without ACLs). */
  readonly blind?: Failure;
  /** Quotas by user and client id. Which of them holds for a client says `quotasFor` (`model/quotas.ts`). */
  readonly quotas: Known<readonly QuotaSeen[]>;
  /** ACLs of topics, groups and the cluster; `left` more are not kept. Unknown (`unsupported`) where there is no authorizer. */
  readonly acls: Known<{ readonly acls: readonly AclSeen[]; readonly left: number }>;
  /** Partitions whose replicas are being moved. */
  readonly reassignments: Known<readonly ReassignmentSeen[]>;
  /** What the last whole pass of kmon over this cluster cost it; bytes both ways. Absent before the first. */
  readonly cost?: { readonly requests: number; readonly bytes: number };
};

export type BrokerView = {
  readonly id: number;
  readonly address: string;
  readonly rack?: string;
  /** Whether Metadata names it as the controller; a KRaft cluster names any broker, so that it says little there. */
  readonly controller: boolean;
  /** The last answer to kmon, or why there is none. */
  readonly answers: Known<true>;
  /** The values of its configuration that decide over what kmon watches, defaults included. */
  readonly config: Known<Readonly<Record<string, string>>>;
  /** The requests that it offers, and in which versions. */
  readonly apis: Known<ApisOffered>;
  /** Partitions that it leads, of those whose leader is known. */
  readonly leaders: number;
  /** Those that it would lead if the order of their replicas alone decided. */
  readonly preferred: Known<PreferredRole>;
  /** Records/s that arrive in those of them whose log ends are read, and how many these are. */
  readonly arrival: { readonly perSecond: number; readonly partitions: number };
  /** Replicas in its log directories, and the bytes that they take. */
  readonly replicas: Known<number>;
  readonly bytes: Known<number>;
  /** Its JVM and host, where metrics come from that host and from one process there alone. */
  readonly machine: Machine;
  readonly load: MachineLoad;
};

/** What the order of replicas gives a broker to lead. */
export type PreferredRole = {
  /** Partitions of which it is the preferred leader. */
  readonly partitions: number;
  /** Those of them that another one leads though this one is in sync: an election gives them back. */
  readonly away: number;
  /** And those that another one leads since this one is not in sync. */
  readonly behind: number;
  /** Partitions that it would lead after an election of the preferred leaders. */
  readonly elected: number;
};

export type ConnectView = {
  readonly name: string;
  readonly version: Known<string>;
  readonly clusterId: Known<string>;
  readonly connectors: Known<number>;
  /** What its workers can run. */
  readonly plugins: Known<
    readonly { readonly class: string; readonly type: string; readonly version?: string }[]
  >;
};

export type MetricsView = {
  readonly name: string;
  readonly answers: Known<true>;
  readonly found: Readonly<Partial<Record<MetricName, string>>>;
  readonly missing: Readonly<Partial<Record<MetricName, Failure>>>;
};

/** Where a rate comes from: the task's own counters, or the growth of end offsets (arrival at source, write at target). */
export type RateMethod = 'metrics' | 'end-offsets';

export type RateView = {
  /** Records per second. */
  readonly now: Known<number>;
  readonly method: RateMethod;
  /** Over how long each value is a mean: after a change it is of before as well for so long. Absent where that is not known. */
  readonly over?: Millis;
  readonly series: ReadonlySeries;
};

/**
 * True lag as an interval of records: low ≤ lag ≤ high. `method` says where the bounds come from:
 * `bounded` from both clusters' end offsets and flushed positions, `flushed` from the flushed positions alone
 * (too high by what was written since the flush).
 */
export type LagBounds = {
  readonly low: number;
  readonly high: number;
  readonly method: 'bounded' | 'flushed';
  /** True once the flow was seen at rest since the last restart: then `low` is the number to show. */
  readonly rested: boolean;
  /**
   * The bounds are of some moment between this and the time of the value: when the first of the two ends was asked for,
   * and when the second was answered. Of partitions only.
   */
  readonly asked?: Millis;
};

export type FlowKind = 'mirror-source' | 'mirror-checkpoint' | 'mirror-heartbeat' | 'source' | 'sink';

/** What may make a task write records twice: its own restart, another leader in the target, a request sent again. */
export type RepeatCause = 'restart' | 'election' | 'retry';

/** Records written twice, as an interval; what may have done it, and when that was last seen. */
export type Repeats = {
  readonly low: number;
  readonly high: number;
  readonly at: Millis;
  readonly causes: readonly RepeatCause[];
};

/** One connector; for MirrorMaker 2's source connector a source → target pair. */
export type FlowView = {
  /** `<connect>/<connector>`, unique. */
  readonly id: string;
  readonly connect: string;
  readonly connector: string;
  readonly kind: FlowKind;
  /** Aliases as the connector is configured, and the named clusters that they are (absent: no credentials given). */
  readonly source?: { readonly alias: string; readonly cluster?: string };
  readonly target?: { readonly alias: string; readonly cluster?: string };
  readonly state: Known<string>;
  readonly worker: Known<string>;
  readonly tasksMax: Known<number>;
  readonly tasks: readonly TaskView[];
  /** The configuration, secrets replaced. */
  readonly config: Known<Readonly<Record<string, string>>>;
  /** As whom its tasks read and write: what quotas and ACLs go by. */
  readonly clients: FlowClients;

  /** Records/s that tasks took from the source; unknown without metrics. */
  readonly poll: RateView;
  readonly write: RateView;
  /** Records/s that producers appended to the replicated source partitions (ΔS/Δt). */
  readonly arrival: RateView;
  readonly lag: Known<LagBounds>;
  /** Lag over time: its lower end, which moves as the lag does; the upper end where only flushed positions are known. */
  readonly lagSeries: ReadonlySeries;
  /** Δ(S − T) per second over the last minute, or since it turned: growth of lag, independent of its level. */
  readonly lagSlope: Known<number>;
  /** Records handed to producers and not yet acknowledged. Not lag. */
  readonly inFlight: Known<number>;
  readonly inFlightSeries: ReadonlySeries;
  /** Worst task: 1 − available/total of the producer buffer, 0…1. */
  readonly bufferUsed: Known<number>;
  readonly bufferUsedSeries: ReadonlySeries;
  /** Worst task: produce-throttle-time-avg, ms. */
  readonly throttle: Known<number>;
  /** Worst task: bufferpool-wait-ratio, 0…1. */
  readonly waitRatio: Known<number>;
  /** Worst task: request-latency-avg, ms. */
  readonly requestLatency: Known<number>;
  /** `buffer.memory` of its producers, and the largest average batch of one of them, bytes; requests/s of all. */
  readonly bufferBytes: Known<number>;
  readonly batchBytes: Known<number>;
  readonly requests: Known<number>;
  /** Records that its tasks skipped in the last five minutes instead of failing (`errors.tolerance`). */
  readonly skipped: Known<number>;
  readonly pollBatch: Known<PollBatch>;
  /** Worst task: fetch-throttle-time-avg of the source consumer, ms. */
  readonly fetchThrottle: Known<number>;
  /** Worst task: fetch-latency-avg of the source consumer, ms. */
  readonly fetchLatency: Known<number>;
  readonly fetchLatencySeries: ReadonlySeries;
  readonly partitions: readonly FlowPartitionView[];
  /** Made when it is first read. */
  readonly skew: FlowSkew;
  /** Absent while nothing was observed that makes tasks write records twice. */
  readonly repeats?: Repeats;
  /** Worst task: record-retry-rate of its producer, records/s. */
  readonly retries: Known<number>;
  /**
   * How long until the source's retention removes what was not read: of the partition where that is soonest. Unknown (unsupported) where
   * retention does not gain on it.
   */
  readonly timeToLoss: Known<LossAhead>;
  /** Undefined where no flushed position lies before its log. */
  readonly belowStart: BelowStart | undefined;
  readonly unwritten: Unwritten | undefined;
  readonly foreign: Foreign | undefined;
  /** Restarts of tasks that were observed (worker, state, task count or configuration changed); that some FAILED is none. */
  readonly restarts: { readonly total: number; readonly lastHour: number; readonly last?: Millis };
  /** Rebalances of the Connect group that runs it. */
  readonly rebalances: RebalanceView;
  /** Seconds between flushes that kmon has seen, else the default of 60. */
  readonly flushInterval: { readonly seconds: number; readonly observed: boolean };
  /** Latest time at which a flush was seen to move a position. */
  readonly lastFlush?: Millis;
};

/**
 * How long a poll took that brought records, ms; of polls that brought none Connect tells nothing. On average: of the task whose
 * polls are the fastest, and of the one whose are the slowest; and the longest of any.
 */
export type PollBatch = {
  readonly fastest: number;
  readonly slowest: number;
  readonly longest: number | undefined;
};

/** A client as brokers know it, for `quotasFor`. */
export type ClientIdentity = {
  /** Without `User:`; absent where the configuration does not tell. */
  readonly user?: string;
  /** One a task, unless the configuration gives all of them the same. */
  readonly clientIds: readonly string[];
};

export type FlowClients = {
  /** On the source cluster; absent of a connector that reads something else than Kafka. */
  readonly reads?: ClientIdentity;
  /** On the target cluster; absent of a sink. */
  readonly writes?: ClientIdentity;
};

export type TaskView = {
  readonly task: number;
  readonly state: string;
  readonly worker: string;
  readonly trace?: string;
  readonly poll: Known<number>;
  readonly write: Known<number>;
  readonly inFlight: Known<number>;
  readonly bufferUsed: Known<number>;
  readonly throttle: Known<number>;
  readonly waitRatio: Known<number>;
  /** request-latency-avg of its producer, ms. */
  readonly requestLatency: Known<number>;
};

export type FlowPartitionView = {
  readonly topic: string;
  readonly partition: number;
  readonly lag: Known<LagBounds>;
  /** Records/s that producers append to the source partition. */
  readonly arrival: Known<number>;
  readonly series: ReadonlySeries;
  /** Leader of the source partition; −1 none, undefined not known. */
  readonly leader?: number;
};

/**
 * `offsets`: log end − committed offset. `share-start`: log end − start of the share partition, which is the lag from above,
 * for some of the records between them may be acknowledged already (KIP-932). `share-count`: what the coordinator counts, without those
 * (KIP-1226, Kafka 4.2).
 */
export type GroupLagMethod = 'offsets' | 'share-start' | 'share-count';

/**
 * Age of the first unread record: how long ago the log end passed the committed offset, interpolated between the end offsets that
 * kmon read. `bound`: at least so long, because it was past it when kmon first looked.
 */
export type TimeLag = { readonly ms: Millis; readonly bound: boolean };

/** Why the lag of a group is `absent` for good, and not only until it is read: it has committed nothing. */
export const noCommits = 'no committed offsets';

export type GroupView = {
  /** `<cluster>/<group>`, unique. */
  readonly id: string;
  readonly cluster: string;
  readonly group: string;
  readonly type: GroupType;
  /** `consumer`, `connect`, … as the group's founder named it; empty where not known. */
  readonly protocol: string;
  readonly state: Known<string>;
  readonly assignor?: string;
  readonly coordinator: number;
  readonly members: Known<readonly MemberView[]>;
  /** What its members own, in numbers: costs no look at partitions. */
  readonly assignment: Known<Assignment>;
  /** Total over the partitions whose lag is known, told by `lagMethod`. */
  readonly lag: Known<number>;
  readonly lagMethod: GroupLagMethod;
  /** How long the partition that is furthest behind in time is behind. */
  readonly timeLag: Known<TimeLag>;
  /** Records that retention removed before the group had read them; exact in offsets. Compacted topics do not count. */
  readonly lost: Known<number>;
  /** The largest lag of one partition, of those that are known. */
  readonly mostLag: number;
  /** Partitions with a commit. */
  readonly partitionCount: number;
  /** How many partitions with a commit have no known lag; never counted as 0. */
  readonly unknownPartitions: number;
  readonly lagSeries: ReadonlySeries;
  /** Whether there are too few samples of its lag to tell how it grows. */
  readonly isYoung: boolean;
  /** Records/s over the last minute, negative while draining; made when it is first read. */
  readonly lagSlope: Known<number>;
  /** Whether it rises beyond what chance and the sawtooth of commits do; made when it is first read. */
  readonly lagTrend: Known<Trend>;
  /**
   * Time between two commits, ms: the median of the last that were seen while there was something to commit. Kmon sees no
   * shorter one than between two of its own readings.
   */
  readonly commitPeriod: Known<Millis>;
  /** Records/s committed, over the last minute. */
  readonly consume: Known<number>;
  /** Time until lag is 0 at the present pace, ms; unknown (unsupported) while it does not drain. */
  readonly drain: Known<Millis>;
  /** As of this snapshot; made when it is first read, which for hundreds of groups at once is work. */
  readonly partitions: readonly GroupPartitionView[];
  /** The lag of each of these, as it was last known; NaN where it never was. Costs a hundredth of the rows. */
  readonly partitionLags: readonly number[];
  /** Made when it is first read. */
  readonly skew: GroupSkew;
  /** What befell its commits, without a look at single partitions. */
  readonly befell: CommitTotals;
  /** How it commits; made when it is first read. */
  readonly commits: CommitBehaviour;
  /** When a committed offset last went back; absent where none did. */
  readonly lastRewind?: Millis;
  /**
   * How long until retention removes records that it has not read, at the pace of now: of the partition where that is soonest.
   * Unknown (unsupported) where retention does not gain on it; made when it is first read.
   */
  readonly timeToLoss: Known<Millis>;
  readonly rebalances: RebalanceView;
};

export type Assignment = {
  readonly members: number;
  /** Members without a partition. */
  readonly idle: number;
  /** Members with a `group.instance.id`. */
  readonly static: number;
  /** Partitions that are owned, and the fewest and the most of one member. */
  readonly partitions: number;
  readonly least: number;
  readonly most: number;
};

export type MemberView = {
  readonly member: string;
  readonly instance?: string;
  readonly clientId: string;
  readonly host: string;
  readonly partitions: number | undefined;
  readonly lag: Known<number>;
};

/** A present row makes each fact when it is read: keep what is needed more than once, and copy none with `...`. */
export type GroupPartitionView = {
  readonly topic: string;
  readonly partition: number;
  readonly committed: Known<number>;
  readonly end: Known<number>;
  readonly lag: Known<number>;
  readonly timeLag: Known<TimeLag>;
  /** Records that retention removed before they were read: max(0, log start − committed). Unknown of a compacted topic. */
  readonly lost: Known<number>;
  /** Records/s that are committed here, and that producers append. */
  readonly consume: Known<number>;
  readonly arrival: Known<number>;
  readonly series: ReadonlySeries;
  /** Member that owns it: `client-id@host`, as last known. */
  readonly owner?: string | undefined;
  readonly leader?: number | undefined;
  /** Times at which the committed offset went back. */
  readonly rewinds: readonly Millis[];
  /** What befell the committed offset beside moving on; newest last, bounded. */
  readonly events: readonly CommitEvent[];
  /** Since when the committed offset is what it is; `bound`: at least so long. */
  readonly unmoved: Known<{ readonly since: Millis; readonly bound: boolean }>;
  /** First offset of the log, and how fast it moves: records/s that retention removes. */
  readonly start: Known<number>;
  readonly removal: Known<number>;
  /** Until retention removes records that were not read, ms; unknown (unsupported) where it does not gain. */
  readonly timeToLoss: Known<Millis>;
};

/** A Connect worker. Joined to metrics through the tasks that both name, so that two workers on one host stay apart. */
export type WorkerView = Machine & {
  readonly id: string;
  readonly connect: string;
  readonly tasks: number;
  readonly connectors: number;
  readonly load: MachineLoad;
  /** Rebalances that it has completed since it was started, by its own count. */
  readonly rebalances: Known<number>;
};
