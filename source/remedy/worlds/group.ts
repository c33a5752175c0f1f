import { failure, type Failure } from '../../core/failure.js';
import type { Millis } from '../../core/clock.js';
import type {
  Answer,
  GroupDescription,
  GroupType,
  MemberSeen,
  OffsetColumn,
} from '../../core/observation.js';
import type { KafkaLink } from '../../wire/kafka/link.js';
import { readConsumerGroups } from '../../wire/kafka/reads/consumer-group-describe.js';
import { readClassicGroups } from '../../wire/kafka/reads/describe-groups.js';
import { readListGroups } from '../../wire/kafka/reads/list-groups.js';
import {
  readListOffsets,
  readOffsetsAt,
  type WantedPartitions,
} from '../../wire/kafka/reads/list-offsets.js';
import { readOffsetFetch } from '../../wire/kafka/reads/offset-fetch.js';
import { readReplicas, type ReplicasSeen } from '../../wire/kafka/reads/replicas.js';
import { placeKey, type InKafka } from './kafka.js';

/** A group of consumers as it is now; one that is not there (any more) has the state `undefined`. */
export type GroupWorld = InKafka & {
  readonly kind: 'group';
  readonly type: GroupType;
  readonly state: string | undefined;
  readonly coordinator: number;
  readonly members: readonly MemberSeen[];
  /** By partition, in the order of topics and partitions. */
  readonly offsets: readonly GroupOffset[];
  /** The time for which `atTime` of the offsets was asked. */
  readonly askedTime?: Millis;
};

/** What a group has committed in a partition, and where its log begins and ends; undefined where that is not known. */
export type GroupOffset = {
  readonly topic: string;
  readonly partition: number;
  readonly committed: number;
  readonly start: number | undefined;
  readonly end: number | undefined;
  /** The first record of the time that was asked for, or later; the end where there is none. */
  readonly atTime?: number;
};

export async function readGroup(
  link: KafkaLink,
  group: string,
  time: Millis | undefined,
  signal: AbortSignal,
): Promise<Answer<GroupWorld>> {
  const cluster = (await readReplicas(link, 'all', signal)).answer;
  if ('failed' in cluster) return cluster;
  const { clusterId, controller, brokers } = cluster.ok;
  const found = await find(link, group, cluster.ok, signal);
  if ('failed' in found) return found;
  const base = { kind: 'group', clusterId, controller, brokers } as const;
  if (found.ok === undefined) {
    const none = { type: 'unknown', state: undefined, coordinator: -1, members: [], offsets: [] } as const;
    return { ok: { ...base, ...none } };
  }
  const { type, coordinator } = found.ok;
  const described = await describe(link, coordinator, group, type, signal);
  if ('failed' in described) return described;
  const offsets = await readOffsets(link, coordinator, group, cluster.ok, time, signal);
  if ('failed' in offsets) return offsets;
  return {
    ok: {
      ...base,
      type,
      coordinator,
      state: described.ok.state,
      members: described.ok.members,
      offsets: offsets.ok,
      ...(time !== undefined && { askedTime: time }),
    },
  };
}

/** `state`, `member` with the id of a static one, or what is committed in `orders/3`. */
export function groupShows({ state, members, offsets }: GroupWorld, key: string): string | undefined {
  if (key === 'state') return state;
  const instance = /^member (.+)$/s.exec(key)?.[1];
  if (instance !== undefined) {
    const member = members.find(m => m.instance === instance);
    return member && `${member.clientId}@${member.host}`;
  }
  const committed = offsets.find(o => placeKey(o) === key)?.committed;
  return committed === undefined ? undefined : String(committed);
}

/** Offsets of a group that reads move on: they count only where a plan is about them. */
export function groupDiffers(before: GroupWorld, now: GroupWorld): readonly string[] {
  const ids = ({ members }: GroupWorld): string =>
    members
      .map(m => m.instance ?? m.member)
      .sort()
      .join();
  return [...(ids(before) === ids(now) ? [] : ['members']), ...(before.state === now.state ? [] : ['state'])];
}

type Found = { readonly type: GroupType; readonly coordinator: number };

/** Each broker lists the groups that it coordinates. Where one does not answer, the group may be there. */
async function find(
  link: KafkaLink,
  group: string,
  { brokers }: ReplicasSeen,
  signal: AbortSignal,
): Promise<Answer<Found | undefined>> {
  const lists = await Promise.all(
    brokers.map(async ({ id }) => ({ id, answer: (await readListGroups(link, id, signal)).answer })),
  );
  let failed: Failure | undefined;
  for (const { id, answer } of lists) {
    if ('failed' in answer) failed = answer.failed;
    else {
      const seen = answer.ok.find(one => one.group === group);
      if (seen !== undefined) return { ok: { type: seen.type, coordinator: id } };
    }
  }
  return failed ? { failed } : { ok: undefined };
}

/** Share and streams groups commit otherwise: kmon changes neither. */
async function describe(
  link: KafkaLink,
  coordinator: number,
  group: string,
  type: GroupType,
  signal: AbortSignal,
): Promise<Answer<GroupDescription>> {
  if (type === 'share' || type === 'streams') {
    return { failed: failure('unsupported', `group ${group}`, `kmon changes no ${type} groups`) };
  }
  const read = type === 'consumer' ? readConsumerGroups : readClassicGroups;
  const { groups } = await read(link, coordinator, [group], signal);
  return groups[0]?.answer ?? { failed: failure('malformed', `group ${group}`, 'the answer is empty') };
}

async function readOffsets(
  link: KafkaLink,
  coordinator: number,
  group: string,
  cluster: ReplicasSeen,
  time: Millis | undefined,
  signal: AbortSignal,
): Promise<Answer<readonly GroupOffset[]>> {
  const [seen] = await readOffsetFetch(link, coordinator, [group], signal);
  const fetched = seen?.groups[0]?.answer;
  if (seen === undefined || fetched === undefined) {
    return { failed: failure('malformed', `OffsetFetch of group ${group}`, 'the answer is empty') };
  }
  if ('failed' in fetched) return fetched;
  const [why] = seen.failures;
  if (why !== undefined) return { failed: why };
  const leaders = leadersOf(cluster, fetched.ok);
  const [starts, ends, times] = await Promise.all([
    askLeaders(leaders, (broker, wanted) => readListOffsets(link, broker, wanted, 'log-start', signal)),
    askLeaders(leaders, (broker, wanted) => readListOffsets(link, broker, wanted, 'log-end', signal)),
    time === undefined
      ? undefined
      : askLeaders(leaders, (broker, wanted) => readOffsetsAt(link, broker, wanted, time, signal)),
  ]);
  const offsets = entriesOf(fetched.ok).map(({ topic, partition, offset }): GroupOffset => {
    const key = placeKey({ topic, partition });
    const [start, end, first] = [starts.get(key), ends.get(key), times?.get(key)];
    const base = { topic, partition, committed: offset, start, end };
    const atTime = Number.isNaN(first) ? end : first;
    return atTime === undefined ? base : { ...base, atTime };
  });
  return {
    ok: offsets.sort((a, b) =>
      a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1,
    ),
  };
}

type Entry = {
  readonly topic: string;
  readonly partition: number;
  /** NaN where there is none. */
  readonly offset: number;
  readonly isKnown: boolean;
};

function entriesOf(columns: readonly OffsetColumn[]): readonly Entry[] {
  return columns.flatMap(({ topic, partition, offset, failure: why }) =>
    [...partition].map((p, i) => ({
      topic,
      partition: p,
      offset: offset[i] ?? NaN,
      isKnown: why[i] === 0,
    })),
  );
}

type ByLeader = ReadonlyMap<number, readonly WantedPartitions[]>;

function leadersOf({ partitions }: ReplicasSeen, columns: readonly OffsetColumn[]): ByLeader {
  const leads = new Map(partitions.map(p => [placeKey(p), p.leader]));
  const wanted = new Map<number, Map<string, number[]>>();
  for (const { topic, partition } of entriesOf(columns)) {
    const leader = leads.get(placeKey({ topic, partition })) ?? -1;
    if (leader < 0) continue;
    const topics = wanted.get(leader) ?? new Map<string, number[]>();
    wanted.set(leader, topics.set(topic, [...(topics.get(topic) ?? []), partition]));
  }
  return new Map(
    [...wanted].map(([leader, topics]) => [
      leader,
      [...topics].map(([topic, all]) => ({ topic, partitions: Int32Array.from(all) })),
    ]),
  );
}

/** Offsets by partition, NaN where there is no such record; one whose leader does not tell is left out. */
async function askLeaders(
  leaders: ByLeader,
  ask: (
    broker: number,
    wanted: readonly WantedPartitions[],
  ) => Promise<{ readonly answer: Answer<{ readonly topics: readonly OffsetColumn[] }> }>,
): Promise<ReadonlyMap<string, number>> {
  const answers = await Promise.all([...leaders].map(([broker, wanted]) => ask(broker, wanted)));
  const entries = answers.flatMap(({ answer }) => ('ok' in answer ? entriesOf(answer.ok.topics) : []));
  return new Map(entries.filter(e => e.isKnown).map(e => [placeKey(e), e.offset]));
}
