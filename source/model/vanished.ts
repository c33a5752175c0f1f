import type { Millis } from '../core/clock.js';
import type { VanishedCommits } from './commit-view.js';

/** Commits of one group that were there and are no more. Those of a topic that is deleted go with it, and are none. */
export class Vanished {
  private readonly topics = new Map<string, { readonly partitions: number; readonly at: Millis }>();

  note(topic: string, partitions: number, at: Millis): void {
    if (partitions === 0) return;
    this.topics.set(topic, { partitions: (this.topics.get(topic)?.partitions ?? 0) + partitions, at });
  }

  retain(exists: (topic: string) => boolean): void {
    for (const topic of this.topics.keys()) if (!exists(topic)) this.topics.delete(topic);
  }

  view(): VanishedCommits | undefined {
    if (this.topics.size === 0) return undefined;
    const all = [...this.topics.values()];
    return {
      partitions: all.reduce((n, { partitions }) => n + partitions, 0),
      topics: [...this.topics.keys()].sort(),
      at: Math.max(...all.map(({ at }) => at)),
    };
  }
}
