import type { Millis } from '../core/clock.js';
import { failure, type Failure } from '../core/failure.js';
import { isKnown, mapKnown, seen, unknown, type Known } from '../core/known.js';
import type { TopicSeen } from '../core/observation.js';
import type { Disks, DiskUse } from './disks.js';
import { notKept, unkept } from './not-kept.js';
import { once } from './once.js';
import { gates, leaderSkewOf, spreadOf, type Gate, type Spread } from './skew.js';
import type { TopicFacts } from './topic-facts.js';
import type { TopicPicture } from './topic-offsets.js';
import type { PartitionSampled, TopicPartitionView, TopicSkew, TopicView } from './topic-view.js';

/** Who reads and writes which topic of a cluster, as ids. */
export type TopicUse = {
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly readingFlows: ReadonlyMap<string, readonly string[]>;
  readonly writingFlows: ReadonlyMap<string, readonly string[]>;
};

/** What a view of a topic is made of; none of it changes. */
export type TopicParts = {
  readonly cluster: string;
  readonly facts: TopicFacts;
  readonly offsets: TopicPicture | undefined;
  readonly disks: Disks;
  readonly use: () => TopicUse;
  readonly sampled?: readonly PartitionSampled[];
  /** Set of a past moment, when neither offsets nor disks are known any more. */
  readonly past?: true;
};

const nobody: readonly string[] = [];

export function topicView(parts: TopicParts): TopicView {
  const { cluster, facts, offsets, disks, use, sampled, past } = parts;
  const { seen: now, at, config, truncations, unclean, since } = facts;
  const { topic } = now;
  const count = now.leader.length;
  const subject = (what: string): string => `${what} of ${topic}`;
  const counts = once(() => countsOf(now));
  const diskUse = once(() => disks.ofTopic(topic, count));
  const arrivals = once(() => Float64Array.from({ length: count }, (_, p) => offsets?.arrival(p) ?? NaN));
  const bytes = once(() => Float64Array.from({ length: count }, (_, p) => wholeSize(now, diskUse(), p)));
  const noArrival = now.failed ?? (offsets === undefined ? noOffsets(subject('arrival'), past) : undefined);
  const row = (p: number): TopicPartitionView => partitionView(parts, diskUse(), p);
  const partitions = once(() => Array.from({ length: count }, (_, p) => row(p)));
  const isOne = (p: number): boolean => Number.isInteger(p) && p >= 0 && p < count;
  const arrivalSkew = once(() =>
    noArrival
      ? unknown<Spread>(noArrival, at)
      : spread(subject('spread of arrival'), topic, arrivals(), gates.rate, at),
  );
  const bytesSkew = once(() =>
    past ? unkept(subject('bytes'), at) : spread(subject('spread of bytes'), topic, bytes(), gates.bytes, at),
  );
  const leaders = once(() =>
    mapKnown(
      leaderSkewOf(
        subject('leaders'),
        Array.from(now.leader, (leader, p) => ({
          ...(!Number.isNaN(leader) && { leader }),
          rate: arrivals()[p] ?? NaN,
        })),
        at,
      ),
      skewOf => (noArrival ? { ...skewOf, rate: unknown<Spread>(noArrival, at) } : skewOf),
    ),
  );
  const skew: TopicSkew = {
    get arrival() {
      return arrivalSkew();
    },
    get bytes() {
      return bytesSkew();
    },
    get leaders() {
      return leaders();
    },
  };
  return {
    id: `${cluster}/${topic}`,
    cluster,
    topic,
    ...(now.topicId !== undefined && { topicId: now.topicId }),
    internal: now.internal,
    ...(now.failed && { failed: now.failed }),
    partitionCount: count,
    get leaderless() {
      return counts().leaderless;
    },
    get underReplicated() {
      return counts().underReplicated;
    },
    get unknownPartitions() {
      return counts().unknown;
    },
    get replicas(): TopicView['replicas'] {
      const { least, most } = counts();
      if (least <= most) return seen({ least, most }, at);
      return unknown(now.failed ?? failure('absent', subject('replicas'), 'no partition tells them'), at);
    },
    get underMinInSync() {
      return underMinInSync(facts);
    },
    config,
    since,
    ...(facts.created !== undefined && { created: facts.created }),
    ...(facts.recreated !== undefined && { recreated: facts.recreated }),
    ...(facts.partitionsAdded && { partitionsAdded: facts.partitionsAdded }),
    get leaderMoves() {
      return facts.moves?.count.reduce((a, b) => a + b, 0) ?? 0;
    },
    truncations,
    unclean,
    get arrival() {
      return noArrival ? unknown<number>(noArrival, at) : sumOf(subject('arrival'), arrivals(), at);
    },
    get peakArrival() {
      return noArrival ? NaN : arrivals().reduce((most, rate) => (rate <= most ? most : rate), NaN);
    },
    get bytes(): TopicView['bytes'] {
      if (past) return unkept(subject('bytes'), at);
      if (now.failed) return unknown(now.failed, at);
      const { state } = disks;
      if (!diskUse().told.some(n => n > 0) && !isKnown(state)) return unknown(state.unknown, state.since);
      return sumOf(subject('bytes'), bytes(), isKnown(state) ? state.at : state.since);
    },
    get readers() {
      const { groups, readingFlows } = use();
      return { groups: groups.get(topic) ?? nobody, flows: readingFlows.get(topic) ?? nobody };
    },
    get writers() {
      return use().writingFlows.get(topic) ?? nobody;
    },
    get partitions() {
      return partitions();
    },
    partition: p => (isOne(p) ? row(p) : undefined),
    leaders: now.leader,
    ...(sampled && { sampled }),
    skew,
  };
}

function partitionView(
  { facts: { seen: now, at, moves }, offsets, disks, past }: TopicParts,
  use: DiskUse,
  partition: number,
): TopicPartitionView {
  const { topic } = now;
  const leader = known(now.leader[partition]);
  const replicas = known(now.replicas[partition]);
  const inSync = known(now.inSync[partition]);
  const leaderEpoch = known(now.leaderEpoch?.[partition]);
  const moved = moves?.at[partition] ?? NaN;
  const subject = (what: string): string => `${what} of ${topic}/${partition}`;
  const unread = (what: string): Known<number> =>
    unknown(
      offsets
        ? failure('early', subject(what), 'its offsets were not read yet')
        : noOffsets(subject(what), past),
      at,
    );
  const arrival = offsets?.arrival(partition) ?? NaN;
  return {
    topic,
    partition,
    ...(leader !== undefined && { leader }),
    ...(replicas !== undefined && { replicas }),
    ...(inSync !== undefined && { inSync }),
    ...(leaderEpoch !== undefined && { leaderEpoch }),
    leaderMoves: moves?.count[partition] ?? 0,
    ...(!Number.isNaN(moved) && { leaderMoved: { at: moved, from: moves?.from[partition] ?? -1 } }),
    start: offsets?.start(partition) ?? unread('log start'),
    end: offsets?.end(partition) ?? unread('log end'),
    bytes: past ? unkept(subject('bytes'), at) : sizeOf(subject('bytes'), now, use, disks, partition),
    arrival: Number.isNaN(arrival) ? unread('arrival') : seen(arrival, at),
  };
}

function known(value: number | undefined): number | undefined {
  return value === undefined || Number.isNaN(value) ? undefined : value;
}

/** NaN while a replica has not told its size. */
function wholeSize(now: TopicSeen, { bytes, told }: DiskUse, p: number): number {
  return (told[p] ?? 0) > 0 && (told[p] ?? 0) >= (now.replicas[p] ?? NaN) ? (bytes[p] ?? NaN) : NaN;
}

function sizeOf(subject: string, now: TopicSeen, use: DiskUse, disks: Disks, p: number): Known<number> {
  const { state } = disks;
  const at = isKnown(state) ? state.at : state.since;
  const whole = wholeSize(now, use, p);
  if (!Number.isNaN(whole)) return seen(whole, at);
  const told = use.told[p] ?? 0;
  if (told === 0 && !isKnown(state)) return unknown(state.unknown, state.since);
  const detail = `${told} of ${now.replicas[p] ?? NaN} replicas tell theirs`;
  return unknown(failure('partial', subject, detail), at, told > 0 ? seen(use.bytes[p] ?? 0, at) : undefined);
}

function countsOf({ leader, replicas, inSync }: TopicSeen): {
  leaderless: number;
  underReplicated: number;
  unknown: number;
  least: number;
  most: number;
} {
  const counts = { leaderless: 0, underReplicated: 0, unknown: 0, least: Infinity, most: -Infinity };
  for (let p = 0; p < leader.length; p++) {
    const led = leader[p] ?? NaN;
    const of = replicas[p] ?? NaN;
    if (Number.isNaN(led)) counts.unknown++;
    else if (led === -1) counts.leaderless++;
    if ((inSync[p] ?? NaN) < of) counts.underReplicated++;
    if (of < counts.least) counts.least = of;
    if (of > counts.most) counts.most = of;
  }
  return counts;
}

function underMinInSync({ seen: now, at, config }: TopicFacts): Known<number> {
  if (!isKnown(config)) return unknown(config.unknown, config.since);
  const least = Number(config.value.values['min.insync.replicas']);
  const subject = `partitions of ${now.topic} below min.insync.replicas`;
  if (Number.isNaN(least)) return unknown(failure('absent', subject, 'the broker did not tell it'), at);
  let below = 0;
  for (const inSync of now.inSync) {
    if (Number.isNaN(inSync)) return unknown(failure('partial', subject, 'not all partitions are known'), at);
    if (inSync < least) below++;
  }
  return seen(below, at);
}

/** Unknown as soon as one is: a sum of those that happened to answer would be too small. */
function sumOf(subject: string, values: Float64Array, at: Millis): Known<number> {
  let [total, hidden] = [0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) hidden++;
    else total += value;
  }
  if (hidden === 0) return seen(total, at);
  if (hidden === values.length) return unknown(failure('early', subject, 'not read yet, or not twice'), at);
  const detail = `${hidden} of ${values.length} partitions are not known`;
  return unknown(failure('partial', subject, detail), at, seen(total, at));
}

function spread(subject: string, topic: string, values: Float64Array, gate: Gate, at: Millis): Known<Spread> {
  return spreadOf(
    subject,
    Array.from(values, (value, p) => ({ name: `${topic}/${p}`, value })),
    gate,
    at,
  );
}

function noOffsets(subject: string, past: true | undefined): Failure {
  if (past) return notKept(subject);
  return failure(
    'absent',
    subject,
    'its offsets are not read: no group and no flow that kmon knows reads it',
  );
}
