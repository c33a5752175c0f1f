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

/** Undefined where there are not two, or no lag. What has no name (no owner, no leader) is in the sums alone. */
export function partsBy(
  partitions: readonly GroupPartitionView[],
  nameOf: (p: GroupPartitionView) => string | undefined,
  even: 'by number' | 'by partitions',
): Parts | undefined {
  const lag = total(partitions, p => p.lag);
  const arrival = total(partitions, p => p.arrival);
  const groups = new Map<string, GroupPartitionView[]>();
  for (const p of partitions) {
    const name = nameOf(p);
    if (name === undefined) continue;
    const mine = groups.get(name);
    if (mine === undefined) groups.set(name, [p]);
    else mine.push(p);
  }
  if (groups.size < 2 || lag === 0) return undefined;
  const all = [...groups].map(([name, mine]) => {
    const arrives = total(mine, p => p.arrival);
    return {
      name,
      partitions: mine,
      lag: total(mine, p => p.lag) / lag,
      arrival: arrives / arrival,
      arrives,
      consumed: total(mine, p => p.consume),
    };
  });
  const worst = all.reduce((a, b) => (b.lag > a.lag ? b : a));
  const fair = even === 'by number' ? 1 / all.length : worst.partitions.length / partitions.length;
  return { all, worst, excess: worst.lag / fair, arrivalExcess: worst.arrival * all.length };
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
