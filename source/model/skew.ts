import type { Millis } from '../core/clock.js';
import { failure } from '../core/failure.js';
import { isKnown, seen, unknown, type Known } from '../core/known.js';
import type { FlowPartitionView } from './snapshot.js';
import { drawn } from './lag.js';
import { median } from './trend.js';

export type HotPartition = {
  readonly topic: string;
  readonly partition: number;
  /** Its share of the flow's lag, 0…1. */
  readonly share: number;
};

/** Below this a share says nothing: a few records lie anywhere. */
const leastLag = 1_000;

/** The partition with the most lag, when there is enough lag for shares to mean something; undefined otherwise. */
export function hottestPartition(partitions: readonly FlowPartitionView[]): HotPartition | undefined {
  let total = 0;
  let most = 0;
  let hottest: FlowPartitionView | undefined;
  for (const p of partitions) {
    const lag = isKnown(p.lag) ? drawn(p.lag.value) : 0;
    total += lag;
    if (lag <= most) continue;
    most = lag;
    hottest = p;
  }
  if (hottest === undefined || total < leastLag || partitions.length < 2) return undefined;
  return { topic: hottest.topic, partition: hottest.partition, share: most / total };
}

/**
 * How unevenly something lies over n items. The largest over the median is what to judge by: over so few items as a
 * topic has partitions, no item can be more than √(n − 1) standard deviations above the mean.
 */
export type Spread = {
  readonly items: number;
  /** Items whose value is not known: they are in no number here. */
  readonly unknown: number;
  readonly total: number;
  /** Name of the largest one: `topic/partition`, a member, a broker. */
  readonly top: string;
  /** Its share of all, 0…1. */
  readonly topShare: number;
  readonly maxToMean: number;
  /** Infinity where more than half of the items have nothing. */
  readonly maxToMedian: number;
  /** Standard deviation over mean. */
  readonly cv: number;
  /** 0 where all have the same, towards 1 where one has all. */
  readonly gini: number;
  /** Σ ÷ max: so many items would do at the pace of the busiest. */
  readonly effective: number;
};

/** What members of a group, or tasks of a flow, have to do. */
export type OwnerSkew = {
  readonly owners: number;
  /** Those that own no partition: it is fewer partitions than members, or they do not subscribe. */
  readonly idle: number;
  /** Partitions of one member; absent of tasks, which do not tell theirs. */
  readonly partitions?: { readonly least: number; readonly most: number };
  /** Records/s that arrive in what each owns; of tasks: that each takes. */
  readonly rate: Known<Spread>;
};

/** Over the brokers that lead at least one partition of what it is told of. */
export type LeaderSkew = {
  /** Partitions that each leads. */
  readonly partitions: readonly { readonly broker: number; readonly leads: number }[];
  /** Records/s that arrive at each. */
  readonly rate: Known<Spread>;
};

export type GroupSkew = {
  /** By partition. */
  readonly lag: Known<Spread>;
  readonly arrival: Known<Spread>;
  readonly members: Known<OwnerSkew>;
  readonly leaders: Known<LeaderSkew>;
};

export type FlowSkew = {
  /** By source partition. */
  readonly lag: Known<Spread>;
  readonly arrival: Known<Spread>;
  readonly tasks: Known<OwnerSkew>;
  readonly leaders: Known<LeaderSkew>;
};

/** An item's name and what it has; NaN is unknown. */
export type Item = { readonly name: string; readonly value: number };

/** Below either of these nothing is told: what little there is lies unevenly by chance. */
export type Gate = { readonly items: number; readonly mean: number; readonly total: number };

/**
 * Floors of volume. Of evenly spread traffic, partitions of 100 records each differ by chance up to a CV of 0.18 and a Gini of
 * 0.09 (99th percentile), of 20 records already to 0.39 and 0.20. Rates are judged over a minute, hence 100 ÷ 60 s.
 */
export const gates = {
  lag: { items: 3, mean: 100, total: leastLag },
  rate: { items: 3, mean: 100 / 60, total: 10 },
  bytes: { items: 3, mean: 1_000_000, total: 256_000_000 },
  /** Two brokers, members or tasks can be uneven, too. */
  ownerRate: { items: 2, mean: 100 / 60, total: 10 },
} satisfies Record<string, Gate>;

/** At most this share of the items may be unknown: what is hidden could be the largest. */
const mostUnknown = 0.2;

/** O(n log n); to be made when it is looked at. */
export function spreadOf(subject: string, items: readonly Item[], gate: Gate, at: Millis): Known<Spread> {
  const known = items.filter(({ value }) => !Number.isNaN(value));
  const hidden = items.length - known.length;
  if (items.length < gate.items)
    return unknown(failure('absent', subject, `${items.length} is too few to compare`), at);
  if (known.length === 0) return unknown(failure('early', subject, 'none is known yet'), at);
  if (hidden > mostUnknown * items.length)
    return unknown(failure('partial', subject, `${hidden} of ${items.length} are not known`), at);
  const values = Float64Array.from(known, ({ value }) => value).sort();
  const n = values.length;
  const total = values.reduce((a, b) => a + b, 0);
  const mean = total / n;
  if (total < gate.total || mean < gate.mean)
    return unknown(failure('absent', subject, 'too little to tell chance from skew'), at);
  const largest = known.reduce((a, b) => (b.value > a.value ? b : a));
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / n;
  const ranked = values.reduce((sum, v, i) => sum + (2 * (i + 1) - n - 1) * v, 0);
  return seen(
    {
      items: n,
      unknown: hidden,
      total,
      top: largest.name,
      topShare: largest.value / total,
      maxToMean: largest.value / mean,
      maxToMedian: largest.value / (median(values) ?? NaN),
      cv: Math.sqrt(variance) / mean,
      gini: ranked / (n * total),
      effective: total / largest.value,
    },
    at,
  );
}

type Led = { readonly leader?: number; readonly rate: number };

/** Partitions without a leader, or whose leader is not known, are left out. */
export function leaderSkewOf(subject: string, partitions: readonly Led[], at: Millis): Known<LeaderSkew> {
  const brokers = new Map<number, { leads: number; rate: number }>();
  for (const { leader, rate } of partitions) {
    if (leader === undefined || leader < 0) continue;
    const broker = brokers.get(leader) ?? { leads: 0, rate: 0 };
    brokers.set(leader, { leads: broker.leads + 1, rate: broker.rate + rate });
  }
  if (brokers.size === 0) return unknown(failure('absent', subject, 'no leader is known'), at);
  const all = [...brokers].sort(([a], [b]) => a - b);
  const rates = all.map(([broker, { rate }]) => ({ name: String(broker), value: rate }));
  return seen(
    {
      partitions: all.map(([broker, { leads }]) => ({ broker, leads })),
      rate: spreadOf(`${subject}, by rate`, rates, gates.ownerRate, at),
    },
    at,
  );
}
