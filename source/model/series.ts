import type { Millis } from '../core/clock.js';
import { Samples } from './samples.js';

/** A ring of samples. Storage grows with what is stored, up to `capacity`; then the oldest leaves first. */
export class Series extends Samples {
  private times: Float64Array;
  private values: Float64Array;
  private head = 0;
  private size = 0;
  private newestBegan = NaN;

  /** `capacity` samples are kept; of samples closer together than `resolution` ms the last one is. */
  constructor(
    override readonly capacity: number,
    private readonly resolution: Millis = 0,
  ) {
    super();
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

  override get length(): number {
    return this.size;
  }

  override timeAt(i: number): Millis {
    return i < 0 || i >= this.size ? NaN : (this.times[this.index(i)] ?? NaN);
  }

  override valueAt(i: number): number {
    return i < 0 || i >= this.size ? NaN : (this.values[this.index(i)] ?? NaN);
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

/** What a reader may do with samples. */
export type ReadonlySeries = Pick<
  Samples,
  'length' | 'timeAt' | 'valueAt' | 'at' | 'buckets' | 'since' | 'capacity'
>;
