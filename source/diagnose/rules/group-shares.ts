import { valueOf } from '../../core/known.js';
import type { GroupPartitionView } from '../../model/snapshot.js';

/** One of several that a group's lag lies on: a partition, a member, a broker. */
export type Part = {
  readonly name: string;
  readonly partitions: readonly GroupPartitionView[];
  /** Its share of the lag, and of what arrives, 0…1; NaN where nothing is known to arrive. */
  readonly lag: number;
  readonly arrival: number;
  /** Records/s. */
  readonly arrives: number;
  readonly consumed: number;
};

export type Parts = {
  readonly all: readonly Part[];
  /** The one with the most lag. */
  readonly worst: Part;
  /** Its share of the lag ÷ an even share, and of arrival. */
  readonly excess: number;
  readonly arrivalExcess: number;
};

/** What is asked of the one with the most lag: its share, 0…1, and that ÷ an even share. */
export type Least = { readonly share: number; readonly excess: number };

/** The lag of each, 0 where it is not known. A row makes its facts when they are read, and all that follows reads the lag of all. */
export function lagsOf(partitions: readonly GroupPartitionView[]): readonly number[] {
  return partitions.map(p => valueOf(p.lag) ?? 0);
}

/**
 * Undefined where there are not two, no lag, or no part with so much of it as is asked for: what arrives is looked at only behind that,
 * for most groups have none. What has no name (no owner, no leader) is in the sums alone. `lags` are those of the partitions.
 */
export function partsBy(
  partitions: readonly GroupPartitionView[],
  lags: readonly number[],
  nameOf: (p: GroupPartitionView) => string | undefined,
  even: 'by number' | 'by partitions',
  least: Least,
): Parts | undefined {
  let lag = 0;
  const named = new Map<string, { lag: number; readonly partitions: GroupPartitionView[] }>();
  for (const [i, p] of partitions.entries()) {
    const its = lags[i] ?? 0;
    lag += its;
    const name = nameOf(p);
    if (name === undefined) continue;
    const mine = named.get(name);
    if (mine === undefined) named.set(name, { lag: its, partitions: [p] });
    else {
      mine.lag += its;
      mine.partitions.push(p);
    }
  }
  if (named.size < 2 || lag === 0) return undefined;
  const most = [...named.values()].reduce((a, b) => (b.lag > a.lag ? b : a));
  const fair = even === 'by number' ? 1 / named.size : most.partitions.length / partitions.length;
  const excess = most.lag / lag / fair;
  if (most.lag / lag < least.share || excess < least.excess) return undefined;
  const arrival = total(partitions, p => p.arrival);
  const all = [...named].map(([name, mine]): Part => {
    const arrives = total(mine.partitions, p => p.arrival);
    return {
      name,
      partitions: mine.partitions,
      lag: mine.lag / lag,
      arrival: arrives / arrival,
      arrives,
      consumed: total(mine.partitions, p => p.consume),
    };
  });
  const worst = all.reduce((a, b) => (b.lag > a.lag ? b : a));
  return { all, worst, excess, arrivalExcess: worst.arrival * all.length };
}

/** Whether one of these lags alone is that share of them all. */
export function liesOnOne(lags: readonly number[], share: number): boolean {
  let lag = 0;
  let most = 0;
  for (const its of lags) {
    lag += its;
    most = Math.max(most, its);
  }
  return most >= share * lag;
}

function total(
  partitions: readonly GroupPartitionView[],
  what: (p: GroupPartitionView) => GroupPartitionView['lag'],
): number {
  let sum = 0;
  for (const p of partitions) sum += valueOf(what(p)) ?? 0;
  return sum;
}

/** What is consumed of what arrives there; undefined where nothing does. */
export function keepsUp({ consumed, arrives }: Part): number | undefined {
  return arrives > 0 ? consumed / arrives : undefined;
}
