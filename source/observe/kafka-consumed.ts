import type { CommittedSeen, OffsetColumn } from '../core/observation.js';

type Outcome = CommittedSeen['groups'][number]['answer'];

/** What one group read when it was last seen: topics, and how many of their partitions its offsets speak of. */
type Last = {
  readonly broker: number;
  readonly entries: number;
  readonly topics: ReadonlyMap<string, number>;
};

/**
 * Which topics the groups of a cluster read, as their committed offsets and share partitions told last. A group that
 * cannot be seen now keeps what it had: its topics' ends are still of interest.
 */
export class Consumed {
  private readonly groups = new Map<string, Last>();
  private partitions: ReadonlyMap<string, number> = new Map();
  private union: ReadonlySet<string> = new Set();
  private isStale = false;

  learn(broker: number, group: string, answer: Outcome): void {
    if ('failed' in answer) return;
    const entries = answer.ok.reduce((sum, { partition }) => sum + partition.length, 0);
    const before = this.groups.get(group);
    if (before !== undefined && isSame(before.topics, answer.ok)) {
      if (before.broker !== broker || before.entries !== entries)
        this.groups.set(group, { ...before, broker, entries });
      return;
    }
    const topics = new Map<string, number>();
    for (const { topic, partition } of answer.ok)
      topics.set(topic, Math.max(topics.get(topic) ?? 0, highest(partition) + 1));
    this.isStale = true;
    this.groups.set(group, { broker, entries, topics });
  }

  /** The broker's list of groups was read: what it no longer coordinates is another's, or gone. */
  keep(broker: number, listed: ReadonlySet<string>): void {
    for (const [group, last] of this.groups) {
      if (last.broker !== broker || listed.has(group)) continue;
      this.groups.delete(group);
      this.isStale = true;
    }
  }

  /** How many offsets the group had when last seen. */
  readonly entriesOf = (group: string): number | undefined => this.groups.get(group)?.entries;

  /** The same object as before while nothing changed. */
  topics(): ReadonlySet<string> {
    this.refresh();
    return this.union;
  }

  /** How many partitions a topic has at least, as far as offsets speak of it. */
  readonly partitionsOf = (topic: string): number => {
    this.refresh();
    return this.partitions.get(topic) ?? 0;
  };

  private refresh(): void {
    if (!this.isStale) return;
    this.isStale = false;
    const partitions = new Map<string, number>();
    for (const { topics } of this.groups.values())
      for (const [topic, count] of topics) partitions.set(topic, Math.max(partitions.get(topic) ?? 0, count));
    this.partitions = partitions;
    this.union = new Set(partitions.keys());
  }
}

function highest(partition: Int32Array): number {
  let most = -1;
  // By their index: an iterator makes an object of each.
  for (let i = 0; i < partition.length; i++) most = Math.max(most, partition[i] ?? -1);
  return most;
}

/** Whether the columns, one a topic, speak of the same partitions as before: nearly always, and then nothing is made anew. */
function isSame(topics: ReadonlyMap<string, number>, columns: readonly OffsetColumn[]): boolean {
  return (
    topics.size === columns.length &&
    columns.every(({ topic, partition }) => topics.get(topic) === highest(partition) + 1)
  );
}
