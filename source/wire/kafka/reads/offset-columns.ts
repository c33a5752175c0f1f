import type { OffsetColumn } from '../../../core/observation.js';
import { keepShape } from '../../../core/keep-shape.js';

/** Rows of a block: half a megabyte of offsets. */
const mostRows = 65_536;

/** Columns as they are being read: row `i` of one is row `from + i` of its block. */
type Rows = {
  readonly partition: Int32Array;
  readonly offset: Float64Array;
  readonly failure: Uint8Array;
  /** Made when the first epoch is known; NaN where none is. */
  leaderEpoch: Float64Array | undefined;
};

/**
 * The offset columns of one answer, cut from few blocks of memory. A thousand groups have as many columns, and arrays of their
 * own for each cost more than all else in a sweep: four allocations outside of the heap, and a collector that has to
 * free them one by one. Nearly all of them speak of the same partitions as the one before, and have no failure: those then share
 * these two arrays with it.
 */
export class OffsetColumns {
  private rows: Rows = { partition: noRows, offset: noOffsets, failure: noFailures, leaderEpoch: undefined };
  private from = 0;
  private next = 0;
  private end = 0;
  private hasEpochs = false;
  private hasFailures = false;
  /** Of the column that was finished last; of the last one without a failure. */
  private before: Int32Array = noRows;
  private faultless: Uint8Array = noFailures;

  /** Begins a column of at most `count` rows; `expected` rows are to come in the whole answer. */
  begin(count: number, expected: number): void {
    this.hasEpochs = false;
    this.hasFailures = false;
    if (this.next + count > this.rows.partition.length) {
      const size = Math.max(count, Math.min(expected, mostRows));
      this.rows = {
        partition: new Int32Array(size),
        offset: new Float64Array(size),
        failure: new Uint8Array(size),
        leaderEpoch: undefined,
      };
      this.next = 0;
    }
    this.from = this.next;
    this.end = this.next + count;
  }

  /** `failure` as an OffsetColumn has it, `offset` and `leaderEpoch` NaN where they are not known. */
  add(partition: number, offset: number, failure: number, leaderEpoch: number): void {
    const { rows, next } = this;
    rows.partition[next] = partition;
    rows.offset[next] = offset;
    rows.failure[next] = failure;
    if (failure !== 0) this.hasFailures = true;
    if (!this.hasEpochs && !Number.isNaN(leaderEpoch)) this.beginEpochs();
    if (this.hasEpochs && rows.leaderEpoch) rows.leaderEpoch[next] = leaderEpoch;
    this.next = next + 1;
  }

  /** The rows that were added since `begin`, as a column. */
  finish(topic: string): OffsetColumn {
    const { rows, from, next } = this;
    const partition = this.speaksOfTheSame() ? this.before : rows.partition.subarray(from, next);
    const isLikeFaultless = !this.hasFailures && this.faultless.length === next - from;
    const failure = isLikeFaultless ? this.faultless : rows.failure.subarray(from, next);
    this.before = partition;
    if (!this.hasFailures) this.faultless = failure;
    const offset = rows.offset.subarray(from, next);
    // Two literals, not one spread into the other: of that the engine makes a thousand columns a sweep without its own shapes.
    if (!this.hasEpochs || rows.leaderEpoch === undefined) return { topic, partition, offset, failure };
    return { topic, partition, offset, failure, leaderEpoch: rows.leaderEpoch.subarray(from, next) };
  }

  private speaksOfTheSame(): boolean {
    const { rows, from, next, before } = this;
    if (before.length !== next - from) return false;
    for (let i = 0; i < before.length; i++) if (before[i] !== rows.partition[from + i]) return false;
    return true;
  }

  private beginEpochs(): void {
    const { rows } = this;
    rows.leaderEpoch ??= new Float64Array(rows.partition.length);
    rows.leaderEpoch.fill(NaN, this.from, this.end);
    this.hasEpochs = true;
  }
}

const noRows = new Int32Array(0);
const noOffsets = new Float64Array(0);
const noFailures = new Uint8Array(0);

keepShape(new OffsetColumns());
