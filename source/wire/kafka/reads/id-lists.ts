import type { Reader } from '../reader.js';

/** Replicas of a partition, as most have them. */
const usual = 3;

/**
 * Lists of broker ids, one a partition, as one column: partition after partition, in whatever order they are read. Brokers list
 * partitions in their order, and most have all replicas in sync: then the block that was begun with is the column.
 */
export class IdLists {
  private ids: Int32Array<ArrayBuffer>;
  /** Where the list of each partition begins, once one came out of order; until then they follow one another. */
  private starts: Int32Array<ArrayBuffer> | undefined;
  private next = 0;
  private last = -1;

  constructor(partitions: number) {
    this.ids = new Int32Array(partitions * usual);
  }

  /** Reads the list of a partition, and says how many there are. `counts`: how many those before have; NaN where none was read. */
  read(partition: number, answer: Reader, counts: Float64Array): number {
    const count = answer.length(4);
    if (partition <= this.last) this.starts ??= startsOf(counts);
    if (this.starts !== undefined) {
      if (partition >= this.starts.length) this.starts = widened(this.starts, partition + 1);
      this.starts[partition] = this.next;
    }
    if (this.next + count > this.ids.length) this.ids = widened(this.ids, 2 * (this.next + count));
    for (let i = 0; i < count; i++) this.ids[this.next++] = answer.int32();
    this.last = partition;
    return count;
  }

  /** `counts`: how many each partition has. */
  finish(counts: Float64Array): Int32Array {
    const { ids, starts, next } = this;
    if (starts === undefined) return next === ids.length ? ids : ids.slice(0, next);
    const sorted = new Int32Array(next);
    let at = 0;
    for (let p = 0; p < counts.length; p++) {
      const count = counts[p] ?? NaN;
      if (Number.isNaN(count)) continue;
      const from = starts[p] ?? 0;
      sorted.set(ids.subarray(from, from + count), at);
      at += count;
    }
    return sorted;
  }
}

function startsOf(counts: Float64Array): Int32Array<ArrayBuffer> {
  const starts = new Int32Array(counts.length);
  let next = 0;
  for (let p = 0; p < counts.length; p++) {
    starts[p] = next;
    const count = counts[p] ?? NaN;
    if (!Number.isNaN(count)) next += count;
  }
  return starts;
}

function widened(column: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const wide = new Int32Array(length);
  wide.set(column);
  return wide;
}
