import type { Millis } from '../core/clock.js';

/**
 * (time, value) in time order: the history of one number, however it is stored. NaN says "asked, and not known".
 * Readers give the time up to which they read, so that a snapshot sees nothing that came after it.
 */
export abstract class Samples {
  abstract readonly capacity: number;
  abstract get length(): number;

  /** Time of sample `i`, 0 being the oldest that is kept; NaN outside. */
  abstract timeAt(i: number): Millis;

  /** Value of sample `i`, 0 being the oldest that is kept; NaN outside and where not known. */
  abstract valueAt(i: number): number;

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
  protected countUpTo(at: Millis): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.timeAt(middle) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
