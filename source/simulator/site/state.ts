import type { Millis } from '../../core/clock.js';
import type { GroupSetting, SiteSetting } from './setting.js';

/** All that is true of a simulated site, as plain data: what kmon has to find out. Counts are records. */
export type SiteState = {
  now: Millis;
  seed: number;
  readonly setting: SiteSetting;
  topics: TopicState[];
  /** Partitions of all mirrored topics, in the order in which MirrorMaker 2 deals them to tasks. */
  partitions: MirroredPartition[];
  tasks: TaskState[];
  /** The tasks that will run, and from when, after a change of the connector's configuration. */
  next: { readonly tasks: number; readonly at: Millis } | undefined;
  /** Counts changes of who runs what: another number, other series. */
  generation: number;
  paused: boolean;
  bufferBytes: number;
  flushedAt: Millis;
  /** What the target's quota takes from MirrorMaker 2. */
  quota: Quota | undefined;
  /** Bytes that are allowed now, by broker or by broker and task. */
  credit: Record<string, number>;
  brokers: BrokerState[];
  workers: WorkerState[];
  groups: GroupState[];
};

/** `user`: shared by all tasks on each broker. `client`: each task has it to itself. */
export type Quota = { readonly bytesPerSecond: number; readonly of: 'user' | 'client' };

export type TopicState = {
  readonly topic: string;
  readonly recordBytes: number;
  rate: number;
  /** Share of the rate that one key, and so partition 0, has for itself. */
  hot: number;
};

/**
 * A partition of a source topic and its copy. `acked ≤ ready ≤ sent ≤ polled ≤ end`: what the tasks hold lies between
 * `acked` and `polled`.
 */
export type MirroredPartition = {
  readonly topic: string;
  readonly partition: number;
  readonly recordBytes: number;
  /** Log-end of the source. */
  end: number;
  /** The part of a record that has not arrived yet. */
  owed: number;
  /** Positions in the source: taken by the task, handed to its producer (and when the step began), acknowledged. */
  polled: number;
  sent: number;
  ready: number;
  acked: number;
  /** Acknowledged in the last step: a stop commits before it hears of them. */
  fresh: number;
  /** Where a task that starts goes on. */
  flushed: number;
  /** Log-end of the copy. */
  targetEnd: number;
  /** Of the copy. */
  replicas: readonly number[];
  isr: number[];
  /** −1 for none. */
  leader: number;
  /** Grows with each change of the leader, that to none as well. */
  epoch: number;
  /** `unclean.leader.election.enable` of its topic. */
  unclean: boolean;
};

export type TaskState = {
  readonly task: number;
  /** Index into the workers. */
  worker: number;
  /** `lost`: its worker was killed and Connect does not know yet. `stopping`: it polls no more, its producer goes on. */
  phase: 'running' | 'stopping' | 'lost' | 'unassigned';
  since: Millis;
  /** Its partitions, as indices. */
  assigned: number[];
  /** The part of a record that it has worked on. */
  owed: number;
  /** The partition that the next batch begins with. */
  turn: number;
  polled: number;
  sent: number;
  acked: number;
  /** `polled` at the end of each batch that is not acknowledged as a whole: Connect counts writes by the batch. */
  batches: number[];
  written: number;
  /** Averages as its producer's metrics have them: ms, and share of time. */
  throttle: number;
  wait: number;
};

export type BrokerState = {
  readonly id: number;
  downSince: Millis | undefined;
  upSince: Millis;
  /** Its replicas do not follow: they are never in sync. */
  isStuck: boolean;
};

export type WorkerState = {
  /** `worker-1`: its host. */
  readonly host: string;
  lostAt: Millis | undefined;
  backAt: Millis | undefined;
  rebalances: number;
};

export type GroupState = {
  readonly setting: GroupSetting;
  /** Records/s that a member handles, by member. */
  perMember: number[];
  /** Members that are away. */
  away: number;
  /** Members come and go in turn, one change so often; undefined: they stay. */
  churnEvery: Millis | undefined;
  changedAt: Millis;
  rebalancesUntil: Millis;
  epoch: number;
  owed: number[];
  position: number[];
  committed: number[];
  committedAt: Millis;
};

export function siteState(setting: SiteSetting, now: Millis): SiteState {
  const ids = Array.from({ length: setting.targetBrokers }, (_, i) => i + 1);
  const partitions = setting.topics.flatMap(({ topic, partitions: count, recordBytes }) =>
    Array.from({ length: count }, (_, partition) => newPartition(topic, partition, recordBytes, ids)),
  );
  return {
    now,
    seed: setting.seed,
    setting,
    topics: setting.topics.map(({ topic, recordBytes, rate }) => ({ topic, recordBytes, rate, hot: 0 })),
    partitions,
    tasks: [],
    next: undefined,
    generation: 0,
    paused: false,
    bufferBytes: setting.bufferBytes,
    flushedAt: now,
    quota: undefined,
    credit: {},
    brokers: ids.map(id => ({ id, downSince: undefined, upSince: -Infinity, isStuck: false })),
    workers: Array.from({ length: setting.workers }, (_, i) => ({
      host: `worker-${i + 1}`,
      lostAt: undefined,
      backAt: undefined,
      rebalances: 2,
    })),
    groups: setting.groups.map(group => newGroup(group, partitions, now)),
  };
}

function newPartition(
  topic: string,
  partition: number,
  recordBytes: number,
  ids: readonly number[],
): MirroredPartition {
  // Both logs have a past, and not the same one: replication began later than the topic.
  const end = 800_000 + 1_713 * partition;
  const replicas = ids.map((_, i) => ids[(partition + i) % ids.length] ?? -1).slice(0, 3);
  return {
    topic,
    partition,
    recordBytes,
    end,
    owed: 0,
    polled: end,
    sent: end,
    ready: end,
    acked: end,
    fresh: 0,
    flushed: end,
    targetEnd: end - 120_000 - 31 * partition,
    replicas,
    isr: [...replicas],
    leader: replicas[0] ?? -1,
    epoch: 0,
    unclean: false,
  };
}

function newGroup(setting: GroupSetting, all: readonly MirroredPartition[], now: Millis): GroupState {
  const ends = partitionsOf(setting, all).map(p => endOf(p, setting.cluster));
  return {
    setting,
    perMember: Array<number>(setting.members).fill(setting.perMember),
    away: 0,
    churnEvery: undefined,
    changedAt: now,
    rebalancesUntil: now,
    epoch: 3,
    owed: Array<number>(setting.members).fill(0),
    position: [...ends],
    committed: [...ends],
    committedAt: now,
  };
}

/** The partitions that a group reads: of a source topic, or of its copy. */
export function partitionsOf(
  { cluster, topic }: { readonly cluster: 'eu' | 'us'; readonly topic: string },
  all: readonly MirroredPartition[],
): readonly MirroredPartition[] {
  return all.filter(p => (cluster === 'eu' ? p.topic : copyOf(p.topic)) === topic);
}

export function endOf(p: MirroredPartition, cluster: 'eu' | 'us'): number {
  return cluster === 'eu' ? p.end : p.targetEnd;
}

/** A copy's name by DefaultReplicationPolicy. */
export function copyOf(topic: string): string {
  return `eu.${topic}`;
}

/** The true lag of a partition: what the source has and no task has brought to the target since it last started. */
export function lagOf(p: MirroredPartition): number {
  return p.end - p.acked;
}

/** The named topic of the source. Throws where there is none. */
export function topicNamed(state: SiteState, topic: string): TopicState {
  const found = state.topics.find(t => t.topic === topic);
  if (found === undefined) throw new Error(`the simulated site has no topic ${topic}`);
  return found;
}

/** The named group. Throws where there is none. */
export function groupNamed(state: SiteState, name: string): GroupState {
  const found = state.groups.find(g => g.setting.group === name);
  if (found === undefined) throw new Error(`the simulated site has no group ${name}`);
  return found;
}
