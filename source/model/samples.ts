import type { Millis } from '../core/clock.js';

/** How several samples become one number: their mean, the last that is known, or the largest. */
export type How = 'mean' | 'last' | 'max';

/**
 * (time, value) in time order: the history of one number, however it is stored. NaN says "asked, and not known".
 * Readers give the time up to which they read, so that a snapshot sees nothing that came after it.
 *
 * What is old may be kept in less detail: then one entry stands for the samples from `startAt` to `timeAt`, and readers need not
 * know.
 */
export abstract class Samples {
  abstract readonly capacity: number;
  abstract get length(): number;

  /** Time of sample `i`, 0 being the oldest that is kept; NaN outside. */
  abstract timeAt(i: number): Millis;

  /** Value of sample `i`, 0 being the oldest that is kept; NaN outside and where not known. */
  abstract valueAt(i: number): number;

  /** Time of the first of the samples that entry `i` stands for: its own, where that is one. */
  startAt(i: number): Millis {
    return this.timeAt(i);
  }

  /** The value of the newest sample at or before `at`; NaN where there is none or it was not known then. */
  at(at: Millis): number {
    return this.valueAt(this.newest(at));
  }

  /** When the sample was taken that `at` tells of; NaN where there is none. */
  timeBefore(at: Millis): Millis {
    return this.timeAt(this.newest(at));
  }

  /**
   * `columns` buckets of `bucket` ms each, the last one holding `to`; bucket edges are multiples of `bucket`, so
   * that a chart drawn a tick later differs only in its last column. A bucket without a known sample is NaN: a gap.
   */
  buckets(to: Millis, bucket: Millis, columns: number, how: How = 'mean'): Float64Array {
    const out = new Float64Array(columns).fill(NaN);
    const seen = new Uint32Array(columns);
    const columnOf = (at: Millis): number =>
      columns - 1 - (Math.floor(to / bucket) - Math.floor(at / bucket));
    for (let i = this.countUpTo(to) - 1; i >= 0; i--) {
      const end = columnOf(this.timeAt(i));
      if (end < 0) break;
      const value = this.summary(i, how);
      if (Number.isNaN(value)) continue;
      for (let column = end; column >= Math.max(0, columnOf(this.startAt(i))); column--) {
        const before = out[column] ?? NaN;
        const n = seen[column] ?? 0;
        if (n === 0) out[column] = value;
        else if (how === 'mean') out[column] = before + (value - before) / (n + 1);
        else if (how === 'max') out[column] = Math.max(before, value);
        seen[column] = n + 1;
      }
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

  /** The one number of the samples that entry `i` stands for; `valueAt` is the last of them. */
  summary(i: number, _how: How): number {
    return this.valueAt(i);
  }

  /** Which sample was the newest at `at`; −1 where there was none. */
  newest(at: Millis): number {
    return this.countUpTo(at) - 1;
  }

  /** How many samples have time ≤ `at`. */
  countUpTo(at: Millis): number {
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
