import { failure, type Failure } from '../core/failure.js';
import type { TopicSeen } from '../core/observation.js';
import type { WantedPartitions } from '../wire/kafka/reads/list-offsets.js';

/** Whom to ask for the offsets of which partitions, and which have nobody to be asked. */
export type OffsetPlan = {
  readonly byLeader: ReadonlyMap<number, readonly WantedPartitions[]>;
  readonly nobody: readonly (WantedPartitions & { readonly why: Failure })[];
};

/** A partition with a leader; `partitions`: how many its topic has. */
export type Led = {
  readonly topic: string;
  readonly partition: number;
  readonly partitions: number;
  readonly leader: number;
};

type Topics = ReadonlySet<string>;

/** The sweep's topics, and those of a few flows on either side. */
const mostPlans = 8;

/**
 * Plans of ListOffsets over the leaders that the metadata tells. A plan is made once and kept until leaders move or
 * other topics are asked for: at ten thousand partitions making it costs more than asking.
 */
export class Leaders {
  private topics: ReadonlyMap<string, TopicSeen> = new Map();
  private plans: { readonly topics: Topics; readonly plan: OffsetPlan }[] = [];

  constructor(
    private readonly cluster: string,
    /** How many partitions of a topic are spoken of that the metadata does not have. */
    private readonly partitionsOf: (topic: string) => number,
  ) {}

  learn(topics: readonly TopicSeen[]): void {
    const moved =
      topics.length !== this.topics.size || topics.some(t => hasMoved(this.topics.get(t.topic), t));
    this.topics = new Map(topics.map(t => [t.topic, t]));
    if (moved) this.plans = [];
  }

  /** Topics as the metadata told them last. */
  get seen(): ReadonlyMap<string, TopicSeen> {
    return this.topics;
  }

  /** The partitions of these topics that have a leader, topic after topic. */
  led(topics: readonly string[]): Led[] {
    return topics.flatMap(topic => {
      const leaders = this.topics.get(topic)?.leader ?? new Float64Array(0);
      return [...leaders].flatMap((leader, partition) =>
        leader >= 0 ? [{ topic, partition, partitions: leaders.length, leader }] : [],
      );
    });
  }

  planFor(topics: Topics): OffsetPlan {
    const known = this.plans.find(p => p.topics === topics || isSame(p.topics, topics));
    if (known) return known.plan;
    const plan = this.make(topics);
    this.plans = [{ topics, plan }, ...this.plans].slice(0, mostPlans);
    return plan;
  }

  private make(topics: Topics): OffsetPlan {
    const byLeader = new Map<number, WantedPartitions[]>();
    const nobody: (WantedPartitions & { readonly why: Failure })[] = [];
    for (const topic of topics) {
      const seen = this.topics.get(topic);
      if (seen === undefined || seen.leader.length === 0) {
        const count = this.partitionsOf(topic);
        const partitions = Int32Array.from({ length: count }, (_, i) => i);
        if (count > 0) nobody.push({ topic, partitions, why: seen?.failed ?? this.unknown() });
        continue;
      }
      for (const [leader, partitions] of shared(seen.leader)) {
        if (leader < 0) nobody.push({ topic, partitions, why: this.leaderless() });
        else add(byLeader, leader, { topic, partitions });
      }
    }
    return { byLeader, nobody };
  }

  private unknown(): Failure {
    const detail = 'it does not have the topic: deleted, or this user may not Describe it';
    return failure('absent', `Metadata of ${this.cluster}`, detail);
  }

  private leaderless(): Failure {
    return failure('absent', `leader of partitions on ${this.cluster}`, 'the partition has no leader');
  }
}

/** The partitions of one topic by leader; −1 where there is none or it is not known. */
function shared(leaders: Float64Array): ReadonlyMap<number, Int32Array> {
  const counts = new Map<number, number>();
  for (const id of leaders) counts.set(leaderOf(id), (counts.get(leaderOf(id)) ?? 0) + 1);
  const lists = new Map<number, Int32Array>();
  for (const [leader, count] of counts) {
    const list = new Int32Array(count);
    let next = 0;
    for (let p = 0; p < leaders.length; p++) if (leaderOf(leaders[p]) === leader) list[next++] = p;
    lists.set(leader, list);
  }
  return lists;
}

function leaderOf(id: number | undefined): number {
  return id === undefined || Number.isNaN(id) ? -1 : id;
}

function add(lists: Map<number, WantedPartitions[]>, leader: number, wanted: WantedPartitions): void {
  const list = lists.get(leader);
  if (list) list.push(wanted);
  else lists.set(leader, [wanted]);
}

function hasMoved(before: TopicSeen | undefined, now: TopicSeen): boolean {
  if (before === undefined || before.failed?.kind !== now.failed?.kind) return true;
  const [a, b] = [before.leader, now.leader];
  if (a.length !== b.length) return true;
  for (let p = 0; p < a.length; p++) if (leaderOf(a[p]) !== leaderOf(b[p])) return true;
  return false;
}

function isSame(a: Topics, b: Topics): boolean {
  if (a.size !== b.size) return false;
  for (const topic of a) if (!b.has(topic)) return false;
  return true;
}
