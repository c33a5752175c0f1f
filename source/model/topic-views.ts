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
import type {
  PartitionsAdded,
  PartitionSampled,
  TopicPartitionView,
  TopicSkew,
  TopicView,
} from './topic-view.js';

/** Who reads and writes which topic of a cluster, as ids. */
export type TopicUse = {
  /** Put together when it is first asked for: rules ask who writes a topic, and seldom who reads it. */
  readonly groups: () => ReadonlyMap<string, readonly string[]>;
  readonly readingFlows: ReadonlyMap<string, readonly string[]>;
  readonly writingFlows: ReadonlyMap<string, readonly string[]>;
};

/** What a view of a topic is made of; none of it changes. */
export type TopicParts = {
  readonly cluster: string;
  readonly facts: TopicFacts;
  readonly offsets: TopicPicture | undefined;
  readonly disks: Disks;
  readonly use: TopicUse;
  readonly sampled?: readonly PartitionSampled[];
  /** Set of a past moment, when neither offsets nor disks are known any more. */
  readonly past?: true;
};

/** Of partitions; `least`, `most`: the numbers of replicas of one. */
type Counts = {
  leaderless: number;
  underReplicated: number;
  unknown: number;
  least: number;
  most: number;
};

const nobody: readonly string[] = [];

/** The view of a topic: what takes a look at all of its partitions is made when it is first read. */
export class SeenTopic implements TopicView {
  readonly id: string;
  readonly cluster: string;
  readonly topic: string;
  declare readonly topicId?: string;
  readonly internal: boolean;
  declare readonly failed?: Failure;
  readonly partitionCount: number;
  readonly config: TopicView['config'];
  readonly since: Millis;
  declare readonly created?: Millis;
  declare readonly recreated?: Millis;
  declare readonly partitionsAdded?: PartitionsAdded;
  readonly truncations: TopicView['truncations'];
  readonly unclean: TopicView['unclean'];
  readonly leaders: Float64Array;
  declare readonly sampled?: readonly PartitionSampled[];
  readonly #parts: TopicParts;
  #counts: Counts | undefined;
  #diskUse: DiskUse | undefined;
  #arrivals: Float64Array | undefined;
  #sizes: Float64Array | undefined;
  #partitions: TopicView['partitions'] | undefined;
  #skew: TopicSkew | undefined;

  constructor(parts: TopicParts) {
    const { cluster, facts, sampled } = parts;
    const { seen: now } = facts;
    this.id = `${cluster}/${now.topic}`;
    this.cluster = cluster;
    this.topic = now.topic;
    if (now.topicId !== undefined) this.topicId = now.topicId;
    this.internal = now.internal;
    if (now.failed) this.failed = now.failed;
    this.partitionCount = now.leader.length;
    this.config = facts.config;
    this.since = facts.since;
    if (facts.created !== undefined) this.created = facts.created;
    if (facts.recreated !== undefined) this.recreated = facts.recreated;
    if (facts.partitionsAdded) this.partitionsAdded = facts.partitionsAdded;
    this.truncations = facts.truncations;
    this.unclean = facts.unclean;
    this.leaders = now.leader;
    if (sampled) this.sampled = sampled;
    this.#parts = parts;
  }

  get leaderless(): number {
    return this.counts.leaderless;
  }

  get underReplicated(): number {
    return this.counts.underReplicated;
  }

  get unknownPartitions(): number {
    return this.counts.unknown;
  }

  get replicas(): TopicView['replicas'] {
    const { least, most } = this.counts;
    const { at } = this.#parts.facts;
    if (least <= most) return seen({ least, most }, at);
    const absent = failure('absent', this.subject('replicas'), 'no partition tells them');
    return unknown(this.failed ?? absent, at);
  }

  get underMinInSync(): TopicView['underMinInSync'] {
    return underMinInSync(this.#parts.facts);
  }

  get leaderMoves(): number {
    return this.#parts.facts.moves?.count.reduce((a, b) => a + b, 0) ?? 0;
  }

  get arrival(): TopicView['arrival'] {
    const noArrival = this.noArrival();
    const { at } = this.#parts.facts;
    return noArrival ? unknown(noArrival, at) : sumOf(this.subject('arrival'), this.arrivals, at);
  }

  get peakArrival(): number {
    return this.noArrival() ? NaN : largest(this.arrivals);
  }

  get bytes(): TopicView['bytes'] {
    const { facts, disks, past } = this.#parts;
    if (past) return unkept(this.subject('bytes'), facts.at);
    if (this.failed) return unknown(this.failed, facts.at);
    const { state } = disks;
    if (!this.diskUse.told.some(n => n > 0) && !isKnown(state)) return unknown(state.unknown, state.since);
    return sumOf(this.subject('bytes'), this.sizes, isKnown(state) ? state.at : state.since);
  }

  get readers(): TopicView['readers'] {
    const { groups, readingFlows } = this.#parts.use;
    return { groups: groups().get(this.topic) ?? nobody, flows: readingFlows.get(this.topic) ?? nobody };
  }

  get writers(): TopicView['writers'] {
    return this.#parts.use.writingFlows.get(this.topic) ?? nobody;
  }

  get partitions(): TopicView['partitions'] {
    return (this.#partitions ??= Array.from({ length: this.partitionCount }, (_, p) => this.row(p)));
  }

  get partition(): TopicView['partition'] {
    return p => (Number.isInteger(p) && p >= 0 && p < this.partitionCount ? this.row(p) : undefined);
  }

  get skew(): TopicSkew {
    return (this.#skew ??= this.skewNow());
  }

  private row(partition: number): TopicPartitionView {
    return partitionView(this.#parts, this.diskUse, partition);
  }

  /** Each part of it is costly as well. */
  private skewNow(): TopicSkew {
    const { topic, leaders } = this;
    const noArrival = this.noArrival();
    const { facts, past } = this.#parts;
    const { at } = facts;
    const subject = (what: string): string => this.subject(what);
    const spreadBy = (what: string, values: Float64Array, gate: Gate): Known<Spread> =>
      spreadOf(
        subject(`spread of ${what}`),
        Array.from(values, (value, p) => ({ name: `${topic}/${p}`, value })),
        gate,
        at,
      );
    const arrival = once(() =>
      noArrival ? unknown<Spread>(noArrival, at) : spreadBy('arrival', this.arrivals, gates.rate),
    );
    const bytes = once(() =>
      past ? unkept(subject('bytes'), at) : spreadBy('bytes', this.sizes, gates.bytes),
    );
    const ofLeaders = once(() => {
      const led = Array.from(leaders, (leader, p) => ({
        ...(!Number.isNaN(leader) && { leader }),
        rate: this.arrivals[p] ?? NaN,
      }));
      return mapKnown(leaderSkewOf(subject('leaders'), led, at), skew =>
        noArrival ? { ...skew, rate: unknown<Spread>(noArrival, at) } : skew,
      );
    });
    return {
      get arrival() {
        return arrival();
      },
      get bytes() {
        return bytes();
      },
      get leaders() {
        return ofLeaders();
      },
    };
  }

  private subject(what: string): string {
    return `${what} of ${this.topic}`;
  }

  /** Why nothing is known of what arrives. */
  private noArrival(): Failure | undefined {
    const { offsets, past } = this.#parts;
    return this.failed ?? (offsets === undefined ? noOffsets(this.subject('arrival'), past) : undefined);
  }

  private get counts(): Counts {
    return (this.#counts ??= countsOf(this.#parts.facts.seen));
  }

  private get diskUse(): DiskUse {
    const { disks } = this.#parts;
    return (this.#diskUse ??= disks.ofTopic(this.topic, this.partitionCount));
  }

  private get arrivals(): Float64Array {
    return (this.#arrivals ??= arrivalsOf(this.#parts.offsets, this.partitionCount));
  }

  private get sizes(): Float64Array {
    const { seen: now } = this.#parts.facts;
    return (this.#sizes ??= Float64Array.from({ length: this.partitionCount }, (_, p) =>
      wholeSize(now, this.diskUse, p),
    ));
  }
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

function countsOf({ leader, replicas, inSync }: TopicSeen): Counts {
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

/** In a loop of its own: `Float64Array.from` asks for each by its name, and a rule asks for those of all topics at every tick. */
function arrivalsOf(offsets: TopicPicture | undefined, partitions: number): Float64Array {
  const rates = new Float64Array(partitions).fill(NaN);
  if (offsets !== undefined) for (let p = 0; p < partitions; p++) rates[p] = offsets.arrival(p);
  return rates;
}

/** NaN of none. */
function largest(values: Float64Array): number {
  let most = NaN;
  for (let i = 0; i < values.length; i++) if (!((values[i] ?? NaN) <= most)) most = values[i] ?? NaN;
  return most;
}

/** Unknown as soon as one is: a sum of those that happened to answer would be too small. */
function sumOf(subject: string, values: Float64Array, at: Millis): Known<number> {
  let total = 0;
  let hidden = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (Number.isNaN(value)) hidden++;
    else total += value;
  }
  if (hidden === 0) return seen(total, at);
  if (hidden === values.length) return unknown(failure('early', subject, 'not read yet, or not twice'), at);
  const detail = `${hidden} of ${values.length} partitions are not known`;
  return unknown(failure('partial', subject, detail), at, seen(total, at));
}

function noOffsets(subject: string, past: true | undefined): Failure {
  if (past) return notKept(subject);
  return failure(
    'absent',
    subject,
    'its offsets are not read: no group and no flow that kmon knows reads it',
  );
}
