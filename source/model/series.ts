import type { Millis } from '../core/clock.js';

/**
 * A ring of (time, value) in time order: the history of one number. Storage grows with what is stored, up to
 * `capacity`; then the oldest leaves first.
 * Readers give the time up to which they read, so that a snapshot sees nothing that came after it.
 */
export class Series {
  private times: Float64Array;
  private values: Float64Array;
  private head = 0;
  private size = 0;
  private newestBegan = NaN;

  /** `capacity` samples are kept; of samples closer together than `resolution` ms the last one is. */
  constructor(
    readonly capacity: number,
    private readonly resolution: Millis = 0,
  ) {
    const first = Math.min(capacity, 16);
    this.times = new Float64Array(first);
    this.values = new Float64Array(first);
  }

  /** NaN is a sample too: it says "asked, and not known". A time before the newest is dropped. */
  push(at: Millis, value: number): void {
    if (this.capacity === 0) return;
    if (this.size > 0) {
      if (at < this.timeAt(this.size - 1)) return;
      if (at - this.newestBegan < this.resolution) {
        const newest = this.index(this.size - 1);
        this.times[newest] = at;
        this.values[newest] = value;
        return;
      }
    }
    if (this.size === this.times.length && this.size < this.capacity) this.grow();
    this.times[this.head] = at;
    this.values[this.head] = value;
    this.newestBegan = at;
    this.head = (this.head + 1) % this.times.length;
    if (this.size < this.times.length) this.size++;
  }

  /** Forgets everything. */
  clear(): void {
    this.head = 0;
    this.size = 0;
  }

  get length(): number {
    return this.size;
  }

  /** Time of sample `i`, 0 being the oldest that is kept; NaN outside. */
  timeAt(i: number): Millis {
    return i < 0 || i >= this.size ? NaN : (this.times[this.index(i)] ?? NaN);
  }

  /** Value of sample `i`, 0 being the oldest that is kept; NaN outside and where not known. */
  valueAt(i: number): number {
    return i < 0 || i >= this.size ? NaN : (this.values[this.index(i)] ?? NaN);
  }

  /** The value of the newest sample at or before `at`; NaN where there is none or it was not known then. */
  at(at: Millis): number {
    return this.valueAt(this.countUpTo(at) - 1);
  }

  /**
   * `columns` buckets of `bucket` ms each, the last one holding `to`; bucket edges are multiples of `bucket`, so
   * that a chart drawn a tick later differs only in its last column. A bucket without a known sample is NaN: a gap.
   */
  buckets(to: Millis, bucket: Millis, columns: number, how: 'mean' | 'last' | 'max' = 'mean'): Float64Array {
    const out = new Float64Array(columns).fill(NaN);
    const seen = new Uint32Array(columns);
    const last = Math.floor(to / bucket);
    for (let i = this.countUpTo(to) - 1; i >= 0; i--) {
      const column = columns - 1 - (last - Math.floor(this.timeAt(i) / bucket));
      if (column < 0) break;
      const value = this.valueAt(i);
      if (Number.isNaN(value)) continue;
      const before = out[column] ?? NaN;
      const n = seen[column] ?? 0;
      if (n === 0) out[column] = value;
      else if (how === 'mean') out[column] = before + (value - before) / (n + 1);
      else if (how === 'max') out[column] = Math.max(before, value);
      seen[column] = n + 1;
    }
    return out;
  }

  /** Known samples with from < time ≤ to, oldest first. */
  since(from: Millis, to: Millis): { readonly times: number[]; readonly values: number[] } {
    const times: number[] = [];
    const values: number[] = [];
    const end = this.countUpTo(to);
    for (let i = this.countUpTo(from); i < end; i++) {
      const value = this.valueAt(i);
      if (Number.isNaN(value)) continue;
      times.push(this.timeAt(i));
      values.push(value);
    }
    return { times, values };
  }

  /** How many samples have time ≤ `at`. */
  private countUpTo(at: Millis): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.timeAt(middle) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private index(i: number): number {
    const length = this.times.length;
    return (this.head - this.size + i + length * 2) % length;
  }

  /** Only called while full and below capacity, so the oldest sample stands at `head`. */
  private grow(): void {
    const length = Math.min(this.capacity, this.times.length * 2);
    this.times = unrolled(this.times, this.head, length);
    this.values = unrolled(this.values, this.head, length);
    this.head = this.size;
  }
}

function unrolled(ring: Float64Array, head: number, length: number): Float64Array {
  const out = new Float64Array(length);
  out.set(ring.subarray(head));
  out.set(ring.subarray(0, head), ring.length - head);
  return out;
}

/** What a reader may do with a Series. */
export type ReadonlySeries = Pick<
  Series,
  'length' | 'timeAt' | 'valueAt' | 'at' | 'buckets' | 'since' | 'capacity'
>;
