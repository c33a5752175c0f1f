import type { Reader } from '../reader.js';

/** Replicas of a partition, as most have them. */
const usual = 3;

/** Lists of broker ids, one a partition, as one column: partition after partition, in whatever order they are read. */
export class IdLists {
  private ids: Int32Array<ArrayBuffer>;
  /** Where the list of each partition begins. */
  private starts: Int32Array<ArrayBuffer>;
  private next = 0;
  private last = -1;
  private isInOrder = true;

  constructor(partitions: number) {
    this.ids = new Int32Array(partitions * usual);
    this.starts = new Int32Array(partitions);
  }

  /** Reads the list of a partition, and says how many there are. */
  read(partition: number, answer: Reader): number {
    const count = answer.length(4);
    if (partition >= this.starts.length) this.starts = widened(this.starts, partition + 1);
    if (this.next + count > this.ids.length) this.ids = widened(this.ids, 2 * (this.next + count));
    this.starts[partition] = this.next;
    for (let i = 0; i < count; i++) this.ids[this.next++] = answer.int32();
    this.isInOrder &&= partition > this.last;
    this.last = partition;
    return count;
  }

  /** `counts`: how many each partition has; NaN where none was read. */
  finish(counts: Float64Array): Int32Array {
    const { ids, starts, next } = this;
    if (this.isInOrder) return ids.slice(0, next);
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

function widened(column: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const wide = new Int32Array(length);
  wide.set(column);
  return wide;
}
