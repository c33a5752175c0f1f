import { latest } from '../../../core/known.js';
import type { GroupPartitionView, GroupView } from '../../../model/snapshot.js';
import { remembered } from '../../remembered.js';
import { width } from '../../text.js';
import type { Ui } from '../../ui.js';

type Compare = (a: GroupPartitionView, b: GroupPartitionView) => number;

const byName: Compare = (a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition;

/** What has no owner, or no leader, comes first: that is what one looks for. */
const orders = {
  partition: byName,
  lag: (a, b) => lagOf(b) - lagOf(a),
  owner: (a, b) => (a.owner ?? '').localeCompare(b.owner ?? ''),
  leader: (a, b) => (a.leader ?? -2) - (b.leader ?? -2),
} as const satisfies Readonly<Record<string, Compare>>;

export const groupOrders: readonly string[] = Object.keys(orders);

/** The partitions of a group in an order, with what all of them had to be looked at for. */
export type Ordered = {
  readonly partitions: readonly GroupPartitionView[];
  readonly rowOf: ReadonlyMap<string, number>;
  /** The row with the most lag. */
  readonly worst: number;
  readonly longestName: number;
};

export function groupOrder(group: GroupView, ui: Ui): Ordered {
  const by = ui.order.group ?? '';
  return ordered(group, by in orders ? (by as keyof typeof orders) : 'partition');
}

const ordered = remembered((group: GroupView, by: keyof typeof orders): Ordered => {
  const compare = orders[by];
  const partitions = [...group.partitions].sort((a, b) => compare(a, b) || byName(a, b));
  const rowOf = new Map<string, number>();
  let [worst, most, longestName] = [0, -1, 4];
  for (const [row, partition] of partitions.entries()) {
    const key = partitionKey(partition);
    rowOf.set(key, row);
    longestName = Math.max(longestName, width(key));
    const lag = latest(partition.lag)?.value ?? 0;
    if (lag > most) [worst, most] = [row, lag];
  }
  return { partitions, rowOf, worst, longestName };
});

function lagOf({ lag }: GroupPartitionView): number {
  return latest(lag)?.value ?? -1;
}

/** The row under the cursor: until the user moves it, the one with the most lag. */
export function selectedPartition({ rowOf, worst }: Ordered, ui: Ui): number {
  return rowOf.get(ui.cell.partition ?? '') ?? worst;
}

export function partitionKey(partition: GroupPartitionView): string {
  return `${partition.topic}/${partition.partition}`;
}
