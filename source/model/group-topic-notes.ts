import type { Millis } from '../core/clock.js';
import type { Picture } from './columns.js';
import { column } from './group-topic-columns.js';

/** Between two readings that a partition's consumption is told from there is at least this time. */
const anchorEvery: Millis = 30_000;

const columns = 5;

/**
 * What a group's commits in a topic are judged by besides its cells, by partition; no picture is made of it. All of it is cut from one
 * block: a buffer of its own for each, in each topic of each group, is an object to be marked and freed one by one.
 */
export class GroupTopicNotes {
  /** The answer that last named the partition; NaN where none did. */
  readonly named: Float64Array;
  /** When the commit last moved while there was something to commit; NaN where not. */
  readonly moved: Float64Array;
  /** Epoch of the leader that wrote what was committed last, as the client said. */
  readonly epochs: Float64Array;
  /** Two readings of old, so that the older is between one and two `anchorEvery` ago: what was committed then, and when. */
  private older: Float64Array;
  private newer: Float64Array;
  private olderAt: Millis = Infinity;
  private newerAt: Millis = Infinity;

  constructor(private readonly rows = 0) {
    const block = new Float64Array(columns * rows).fill(NaN);
    const cut = (i: number): Float64Array => block.subarray(i * rows, (i + 1) * rows);
    [this.named, this.moved, this.epochs, this.older, this.newer] = [cut(0), cut(1), cut(2), cut(3), cut(4)];
  }

  /** What was committed when the older anchor was set. */
  get anchored(): Float64Array {
    return this.older;
  }

  /** When that was; Infinity where there is none. */
  get anchoredAt(): Millis {
    return this.olderAt;
  }

  /** Sets an anchor, where it is time. */
  anchor(at: Millis, cells: Picture): void {
    const isFirst = this.olderAt === Infinity;
    const newest = this.newerAt === Infinity ? this.olderAt : this.newerAt;
    if (!isFirst && at - newest < anchorEvery) return;
    if (this.newerAt !== Infinity) {
      [this.older, this.newer] = [this.newer, this.older];
      this.olderAt = this.newerAt;
    }
    const offsets = isFirst ? this.older : this.newer;
    for (let p = 0; p < this.rows; p++) offsets[p] = cells.get(column.committed, p);
    if (isFirst) this.olderAt = at;
    else this.newerAt = at;
  }

  /** The commit went back: what moved before says nothing of its pace. */
  rewound(p: number): void {
    this.older[p] = NaN;
    this.newer[p] = NaN;
    this.moved[p] = NaN;
  }

  /** The partition has no commit any more. */
  forget(p: number): void {
    this.rewound(p);
    this.epochs[p] = NaN;
  }

  /** The same with room for more partitions. */
  grown(rows: number): GroupTopicNotes {
    const wider = new GroupTopicNotes(rows);
    wider.named.set(this.named);
    wider.moved.set(this.moved);
    wider.epochs.set(this.epochs);
    wider.older.set(this.older);
    wider.newer.set(this.newer);
    wider.olderAt = this.olderAt;
    wider.newerAt = this.newerAt;
    return wider;
  }
}
