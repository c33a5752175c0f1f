import type { Millis } from '../core/clock.js';
import type { LagBatch } from './lag-batch.js';

const points = 60;
/** When the table is full every second one of these oldest points goes: the past grows coarser as it recedes. */
const thinned = 40;

/** Of a `LagBatch` what ages are told of. */
type AgeBatch = Pick<LagBatch, 'size' | 'row' | 'committed' | 'lag' | 'age'>;

/**
 * When the log end of each partition passed which offset: a look-up table of 60 points a partition, as kafka-lag-exporter
 * keeps one, to say how old the first record is that a reader has not read. Three of its traps are avoided: a flat segment is never
 * divided by (only its right-hand end moves on, and an offset on it has that time), nothing is extrapolated to
 * the left of what was seen (the oldest point is a bound), and nothing is said from one point alone.
 */
export class ArrivalTimes {
  private times = new Float64Array(0);
  private offsets = new Float64Array(0);
  private counts = new Uint8Array(0);

  open(rows: number): void {
    if (rows <= this.counts.length) return;
    const [times, offsets, counts] = [
      new Float64Array(rows * points),
      new Float64Array(rows * points),
      new Uint8Array(rows),
    ];
    times.set(this.times);
    offsets.set(this.offsets);
    counts.set(this.counts);
    [this.times, this.offsets, this.counts] = [times, offsets, counts];
  }

  clear(row: number): void {
    this.counts[row] = 0;
  }

  /** An offset below the last one begins anew: the topic was recreated or truncated. */
  push(row: number, at: Millis, offset: number): void {
    const base = row * points;
    let n = this.counts[row] ?? 0;
    if (n > 0) {
      if (at <= this.time(base, n - 1)) return;
      if (offset < this.offset(base, n - 1)) n = 0;
    }
    if (n > 1 && this.offset(base, n - 1) === offset && this.offset(base, n - 2) === offset) n--;
    if (n === points) n = this.thin(base);
    this.times[base + n] = at;
    this.offsets[base + n] = offset;
    this.counts[row] = n + 1;
  }

  /**
   * How long the log end has been past `offset`, ms, at the newest point: the age of the first unread record. Negative
   * is a bound, "at least so long": the end was past it when kmon first looked. NaN where not known.
   */
  age(row: number, offset: number): Millis {
    const one: AgeBatch = {
      size: 1,
      row: Int32Array.of(row),
      committed: Float64Array.of(offset),
      lag: Float64Array.of(1),
      age: new Float64Array(1),
    };
    this.ages(one);
    return one.age[0] ?? NaN;
  }

  /**
   * The ages of the committed offsets of a batch; where there is no lag nothing is unread, however the end was read. All in one loop:
   * a number that is handed to a function or given back by it is an object, for each partition of each group.
   */
  ages({ size, row, committed, lag, age }: AgeBatch): void {
    const { times, offsets, counts } = this;
    for (let i = 0; i < size; i++) {
      const behind = lag[i] ?? NaN;
      const p = row[i] ?? 0;
      const n = counts[p] ?? 0;
      if (!(behind > 0) || n === 0) {
        age[i] = behind === 0 ? 0 : NaN;
        continue;
      }
      const offset = committed[i] ?? NaN;
      const first = p * points;
      const last = first + n - 1;
      const now = times[last] ?? NaN;
      if (offset >= (offsets[last] ?? NaN)) age[i] = 0;
      else if (n === 1) age[i] = NaN;
      else if (offset < (offsets[first] ?? NaN)) age[i] = (times[first] ?? NaN) - now;
      else {
        let right = last;
        while ((offsets[right - 1] ?? NaN) > offset) right--;
        const ol = offsets[right - 1] ?? NaN;
        const or = offsets[right] ?? NaN;
        const tl = times[right - 1] ?? NaN;
        const tr = times[right] ?? NaN;
        age[i] = now - (tl + ((offset - ol) * (tr - tl)) / (or - ol));
      }
    }
  }

  /** Records per second that arrived over (about) the last `window` ms; NaN until two points are in it. */
  rate(row: number, window: Millis): number {
    const base = row * points;
    const last = (this.counts[row] ?? 0) - 1;
    if (last < 1) return NaN;
    const now = this.time(base, last);
    // By halves: a window holds thirty points, and this is asked of each partition of each sweep.
    let first = 0;
    let within = last;
    while (first < within) {
      const middle = (first + within) >> 1;
      if (now - this.time(base, middle) <= window) within = middle;
      else first = middle + 1;
    }
    const over = now - this.time(base, first);
    return over > 0 ? ((this.offset(base, last) - this.offset(base, first)) / over) * 1000 : NaN;
  }

  /** Where the log end was at that time, by the last look before it; NaN where none was so early. */
  endAt(row: number, at: Millis): number {
    const base = row * points;
    let i = (this.counts[row] ?? 0) - 1;
    while (i >= 0 && this.time(base, i) > at) i--;
    return i < 0 ? NaN : this.offset(base, i);
  }

  private thin(base: number): number {
    let to = 0;
    for (let from = 0; from < points; from++) {
      if (from < thinned && from % 2 === 1) continue;
      this.times[base + to] = this.time(base, from);
      this.offsets[base + to] = this.offset(base, from);
      to++;
    }
    return to;
  }

  private time(base: number, i: number): Millis {
    return this.times[base + i] ?? NaN;
  }

  private offset(base: number, i: number): number {
    return this.offsets[base + i] ?? NaN;
  }
}
