import type { Millis } from '../core/clock.js';
import type { Failure } from '../core/failure.js';
import { lost, seen, type Known } from '../core/known.js';
import type { OffsetColumn, OffsetsSeen } from '../core/observation.js';

/** What was last read of one partition's log end, and when. */
export type EndOffset = {
  offset: Known<number>;
  asked: Millis;
  answered: Millis;
};

/** Log-end offsets of one cluster, by topic and partition. */
export class EndOffsets {
  private readonly topics = new Map<string, EndOffset[]>();

  fold(o: OffsetsSeen): void {
    for (const column of o.topics) {
      let ends = this.topics.get(column.topic);
      if (ends === undefined) this.topics.set(column.topic, (ends = []));
      for (const { partition, offset, failed } of cells(column, o.failures)) {
        const before = ends[partition];
        const known =
          failed === undefined ? seen(offset, o.answered) : lost(before?.offset, failed, o.answered);
        if (failed === undefined && Number.isNaN(offset)) continue;
        ends[partition] = { offset: known, asked: o.asked, answered: o.answered };
      }
    }
  }

  get(topic: string, partition: number): EndOffset | undefined {
    return this.topics.get(topic)?.[partition];
  }

  /** Drops the topics that are no longer there. */
  retain(exists: (topic: string) => boolean): void {
    for (const topic of this.topics.keys()) if (!exists(topic)) this.topics.delete(topic);
  }
}

export type Cell = { readonly partition: number; readonly offset: number; readonly failed?: Failure };

/** The rows of a column: partition, offset (NaN where none), and the reason where it failed. */
export function* cells(column: OffsetColumn, failures: readonly Failure[]): Generator<Cell> {
  for (const [i, partition] of column.partition.entries()) {
    const offset = column.offset[i] ?? NaN;
    const failed = failures[(column.failure[i] ?? 0) - 1];
    yield failed === undefined ? { partition, offset } : { partition, offset: NaN, failed };
  }
}
