/**
 * A simulated Kafka cluster as plain data. A test or a scene changes it at any time; every answer is made from what
 * it holds at that moment.
 */
export type KafkaState = {
  clusterId: string;
  /** Id of the active controller; −1 for none. */
  controller: number;
  brokers: SimulatedBroker[];
  topics: Record<string, SimulatedTopic>;
  groups: Record<string, SimulatedGroup>;
  /** With users, every listener asks for SASL; without, it is plain. */
  users: Record<string, SimulatedUser>;
  /** `connections.max.reauth.ms`: after so long a login is over (KIP-368); 0 for never. */
  maxReauthMs: number;
  /** By user, client id or both. */
  quotas: SimulatedQuota[];
  /** Undefined: no authorizer is set up, and nobody is held to anything. */
  acls: SimulatedAcl[] | undefined;
  /** What every answer claims that this client was throttled for (KIP-219), ms. */
  throttleMs: number;
};

export type SimulatedBroker = {
  readonly id: number;
  readonly host: string;
  /** Fixed when the cluster starts. */
  port: number;
  rack: string | null;
  fault: BrokerFault;
  /** Newest version offered by API key, to play an older broker; −1 leaves the API out. */
  newest: Record<number, number>;
  /** Oldest version offered by API key, to play a newer one. */
  oldest: Record<number, number>;
  /** Faults of single APIs by key, before the broker's own: `{ 9: 'hung' }` answers all but OffsetFetch. */
  faults: Record<number, BrokerFault>;
  /** Kafka's error code for its log directories; 0 for none. */
  logDirError: number;
  /** What was set on the broker itself; the rest is Kafka's default. */
  configs?: Record<string, string>;
};

/**
 * `down`: the connection is refused. `hung`: it accepts and never answers, as after SIGSTOP. `slow`: every answer takes
 * so many milliseconds more. `closing`: it hangs up on every request after the greeting. `garbage`: it answers with
 * these bytes, whatever was asked. `half`: it hangs up in the middle of an answer. `cut`: the answer is complete by its length,
 * but what it says ends half-way.
 */
export type BrokerFault =
  | 'none'
  | 'down'
  | 'hung'
  | 'closing'
  | 'half'
  | 'cut'
  | { readonly slow: number }
  | { readonly garbage: Buffer };

export type SimulatedTopic = {
  /** As Kafka prints it; absent: made from the name. One that was deleted and created again has another. */
  id?: string;
  internal: boolean;
  /** Kafka's error code for the topic in Metadata, DescribeConfigs and DescribeShareGroupOffsets. */
  error: number;
  partitions: SimulatedPartition[];
  /** What was set on the topic itself; the rest is Kafka's default. */
  configs?: Record<string, string>;
};

export type SimulatedPartition = {
  /** −1 for none. */
  leader: number;
  replicas: number[];
  isr: number[];
  logStart: number;
  logEnd: number;
  /** Behind the log-end while a transaction is open; absent: equal to it. */
  lastStable?: number;
  /** Kafka's error code in ListOffsets. */
  error: number;
  /** Grows with each change of the leader; 0 where absent. */
  leaderEpoch?: number;
  /** Bytes on each replica's disk; absent: 100 a record. */
  size?: number;
  /** When records were written: from each offset on, of that time; rising. Absent: none is known to have been written. */
  times?: { offset: number; timestamp: number }[];
  /** Where the records of each leader's epoch end, of those before the present one. */
  epochEnds?: Record<number, number>;
  /** Who writes to it with a producer id. */
  producers?: SimulatedProducer[];
  /** What was written at an offset; absent: nobody can read it. */
  records?: (offset: number) => SimulatedRecord;
  /** Instead of `records`: batches as a real broker's log holds them, from the log's start to its end. */
  log?: Buffer;
  /** Replicas that a reassignment under way adds and takes away. */
  adding?: number[];
  removing?: number[];
};

export type SimulatedRecord = {
  key: string | null;
  value: string | null;
  /** ms since the epoch. */
  timestamp: number;
  /** Absent: its producer is not idempotent. */
  producerId?: number;
  /** Of a batch, by its first record: the broker's own time, and whether it is compressed. */
  appendTime?: boolean;
  gzip?: boolean;
};

export type SimulatedProducer = {
  id: number;
  epoch: number;
  lastSequence: number;
  lastTimestamp: number;
  /** −1 without a transaction. */
  transactionStart: number;
};

/** Null is the default of its kind; a part that is absent is not spoken of. `ip` limits connections. */
export type SimulatedQuota = {
  entity: { user?: string | null; 'client-id'?: string | null; ip?: string | null };
  values: Record<string, number>;
};

export type SimulatedAcl = {
  /** By the protocol's number: topic 2, group 3, cluster 4, transactional id 5. */
  resourceType: number;
  name: string;
  /** literal 3, prefixed 4. */
  pattern: number;
  principal: string;
  host: string;
  operation: number;
  /** deny 2, allow 3. */
  permission: number;
};

export type SimulatedGroup = {
  type: 'classic' | 'consumer' | 'share' | 'streams';
  protocolType: string;
  state: string;
  /** Id of the broker that lists it. */
  coordinator: number;
  assignor: string;
  epoch: number;
  assignmentEpoch: number;
  members: SimulatedMember[];
  /** Committed offsets by topic and partition. */
  committed: Record<string, Record<number, number>>;
  /** Epoch of the leader that wrote what was committed last; absent: the client did not say. */
  committedEpoch?: number;
  /** Share groups: start offsets by topic and partition; −1 for a partition that none has read yet. */
  shareStarts?: Record<string, Record<number, number>>;
  /** Streams groups: each subtopology by its id; null while the coordinator misses topics to set them up; absent: it was told of none. */
  subtopologies?: Record<string, SimulatedSubtopology> | null;
  /** Kafka's error code for the whole group, in describes and in OffsetFetch: 14 while its coordinator loads. */
  error: number;
  /** Kafka's error codes by topic, in OffsetFetch. */
  errors: Record<string, number>;
};

/** The topics of a part of an application of Kafka Streams that is connected by topics alone with the others. */
export type SimulatedSubtopology = {
  /** Of others, which it reads. */
  sources: string[];
  /** The group's own, by which it reads what other parts wrote, and by which others read what it writes. */
  repartitions?: string[];
  sinks?: string[];
  /** The group's own, in which it keeps its state. */
  changelogs?: string[];
};

export type SimulatedMember = {
  id: string;
  instance: string | null;
  clientId: string;
  /** Without the slash that brokers put before it. */
  host: string;
  epoch: number;
  /** By topic; of a member of a streams group by subtopology. */
  assignment: Record<string, number[]>;
  /** What the coordinator wants it to own; absent: what it owns. */
  target?: Record<string, number[]>;
  /** Connect workers. */
  url?: string;
  /** Members of streams groups: the process that this is a thread of; absent: each is one of its own. */
  process?: SimulatedProcess;
};

export type SimulatedProcess = {
  id: string;
  /** Where its state can be asked for. */
  endpoint?: { host: string; port: number };
  tags?: Record<string, string>;
  /** How far its tasks have restored their state, and how far the changelogs go: by subtopology and partition. */
  taskOffsets?: Record<string, Record<number, number>>;
  /** Tasks whose state it keeps for when another process is lost, by subtopology. */
  standby?: Record<string, number[]>;
};

export type SimulatedUser = {
  password: string;
  /** `none`: no ACLs at all. Such a user sees an empty cluster, not an error. */
  sees: 'all' | 'none';
  /** Absent: nothing. Who may change all may read records too. */
  changes?: 'all' | 'none';
};

/** What a caller must say of a cluster; the rest is as in a healthy one. */
export type KafkaSetting = {
  readonly clusterId?: string;
  /** How many, with ids from 1. */
  readonly brokers?: number;
  /** Topics by name: a number of partitions, spread over the brokers; or more, as one likes. */
  readonly topics?: Readonly<Record<string, number | Partial<SimulatedTopic>>>;
  readonly groups?: Readonly<Record<string, Partial<SimulatedGroup>>>;
  readonly users?: Readonly<Record<string, SimulatedUser>>;
  readonly quotas?: readonly SimulatedQuota[];
  readonly acls?: readonly SimulatedAcl[];
  readonly maxReauthMs?: number;
  /** Newest version by API key that its brokers offer, to play an older Kafka; −1 leaves an API out. */
  readonly newest?: Readonly<Record<number, number>>;
};

export function stateOf(setting: KafkaSetting): KafkaState {
  const ids = Array.from({ length: setting.brokers ?? 3 }, (_, i) => i + 1);
  const groups = Object.entries(setting.groups ?? {});
  return {
    clusterId: setting.clusterId ?? 'simulated-cluster-id00',
    controller: ids[0] ?? -1,
    brokers: ids.map(id => ({
      id,
      host: '127.0.0.1',
      port: 0,
      rack: null,
      fault: 'none',
      newest: { ...setting.newest },
      oldest: {},
      faults: {},
      logDirError: 0,
    })),
    topics: Object.fromEntries(
      Object.entries(setting.topics ?? {}).map(([name, topic]) => [name, topicOf(topic, ids)]),
    ),
    groups: Object.fromEntries(
      groups.map(([name, group], i) => [name, groupOf({ coordinator: ids[i % ids.length] ?? -1, ...group })]),
    ),
    users: { ...setting.users },
    quotas: [...(setting.quotas ?? [])],
    acls: setting.acls && [...setting.acls],
    maxReauthMs: setting.maxReauthMs ?? 0,
    throttleMs: 0,
  };
}

function topicOf(topic: number | Partial<SimulatedTopic>, ids: readonly number[]): SimulatedTopic {
  const plain: SimulatedTopic = { internal: false, error: 0, partitions: [] };
  if (typeof topic !== 'number') return { ...plain, ...topic };
  return { ...plain, partitions: Array.from({ length: topic }, (_, i) => partitionOf({}, ids, i)) };
}

/** A healthy, empty partition: its replicas are the next three brokers in turn, the first of them leads. */
export function partitionOf(
  partition: Partial<SimulatedPartition>,
  ids: readonly number[],
  turn = 0,
): SimulatedPartition {
  const replicas = ids.map((_, i) => ids[(turn + i) % ids.length] ?? -1).slice(0, 3);
  return {
    leader: replicas[0] ?? -1,
    replicas,
    isr: [...replicas],
    logStart: 0,
    logEnd: 0,
    error: 0,
    ...partition,
  };
}

/** A classic consumer group at rest, without members. */
export function groupOf(group: Partial<SimulatedGroup>): SimulatedGroup {
  const type = group.type ?? 'classic';
  return {
    type,
    protocolType: type === 'share' || type === 'streams' ? type : 'consumer',
    state: group.members && group.members.length > 0 ? 'Stable' : 'Empty',
    coordinator: 1,
    assignor: 'range',
    epoch: 1,
    assignmentEpoch: 1,
    members: [],
    committed: {},
    error: 0,
    errors: {},
    ...group,
  };
}

export function memberOf(member: Partial<SimulatedMember> & { readonly id: string }): SimulatedMember {
  return { instance: null, clientId: member.id, host: '127.0.0.1', epoch: 1, assignment: {}, ...member };
}
