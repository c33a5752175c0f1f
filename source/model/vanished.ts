import type { Millis } from '../core/clock.js';
import type { VanishedCommits } from './commit-view.js';

interface Missing {
  /** Partitions that had a commit. */
  readonly had: number;
  readonly partitions: number;
  readonly at: Millis;
}

/**
 * Commits of one group that were there and are no more. Those of a topic that is deleted go with it, and are none; nor are those that
 * are there again.
 */
export class Vanished {
  private readonly topics = new Map<string, Missing>();

  /** @param gone commits that went since the last answer @param committed partitions of the topic that have one now */
  note(topic: string, gone: number, committed: () => number, at: Millis): void {
    const before = this.topics.get(topic);
    if (gone === 0 && before === undefined) return;
    const now = committed();
    const had = Math.max(before?.had ?? 0, now + gone);
    if (had === now) this.topics.delete(topic);
    else this.topics.set(topic, { had, partitions: had - now, at: gone > 0 ? at : (before?.at ?? at) });
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
