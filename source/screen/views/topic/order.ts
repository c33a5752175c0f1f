import { valueOf } from '../../../core/known.js';
import type { TopicPartitionView, TopicView } from '../../../model/topic-view.js';
import { remembered } from '../../remembered.js';
import type { Ui } from '../../ui.js';

/** The partitions of a topic in an order. By number nothing is looked at; for the others all of them, once a tick. */
export type PartitionOrder = {
  readonly at: (row: number) => number;
  readonly rowOf: (partition: number) => number;
};

const byNumber: PartitionOrder = { at: row => row, rowOf: partition => partition };

type Weight = (partition: TopicPartitionView) => number;

/** Greatest first; what is not known last, as in every list. */
const weights = {
  trouble: ({ leader, replicas, inSync }) => (leader === -1 ? Infinity : (replicas ?? NaN) - (inSync ?? NaN)),
  rate: ({ arrival }) => valueOf(arrival) ?? NaN,
  size: ({ bytes }) => valueOf(bytes) ?? NaN,
  leader: ({ leader }) => -(leader ?? NaN),
  moves: ({ leaderMoves }) => leaderMoves,
} as const satisfies Readonly<Record<string, Weight>>;

export const topicOrders: readonly string[] = ['partition', ...Object.keys(weights)];

export function topicOrder(topic: TopicView, ui: Ui): PartitionOrder {
  const by = ui.order.topic;
  return by !== undefined && isWeight(by) ? sorted(topic, by) : byNumber;
}

function isWeight(by: string): by is keyof typeof weights {
  return by in weights;
}

const sorted = remembered((topic: TopicView, by: keyof typeof weights): PartitionOrder => {
  const weight = topic.partitions.map(weights[by]);
  const rank = (p: number): number => {
    const w = weight[p] ?? NaN;
    return Number.isNaN(w) ? -Infinity : w;
  };
  const rows = [...topic.partitions.keys()].sort((a, b) => {
    const [x, y] = [rank(a), rank(b)];
    return x === y ? a - b : y - x;
  });
  const places = new Int32Array(rows.length);
  for (const [row, partition] of rows.entries()) places[partition] = row;
  return { at: row => rows[row] ?? 0, rowOf: partition => places[partition] ?? -1 };
});
