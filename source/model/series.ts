import type { Millis } from '../core/clock.js';
import { Samples } from './samples.js';

/** Samples in time order. */
export type Points = { readonly times: readonly Millis[]; readonly values: readonly number[] };

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
      if (this.isNewest(at)) {
        this.times[this.index(this.size - 1)] = at;
        this.amend(value);
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

  /** Whether a sample of that time would take the place of the newest. */
  isNewest(at: Millis): boolean {
    return at - this.newestBegan < this.resolution;
  }

  /** Says the newest sample anew. */
  amend(value: number): void {
    if (this.size > 0) this.values[this.index(this.size - 1)] = value;
  }

  /**
   * Puts what another memory has of the time before the first sample in front of it, the newest of it as far as there is room.
   * Nothing while there is no sample: what is still to come may be as old.
   */
  prepend({ times, values }: Points): void {
    const oldest = this.timeAt(0);
    const end = times.filter(at => at < oldest).length;
    const start = Math.max(0, end - (this.capacity - this.size));
    if (end === start) return;
    const size = end - start + this.size;
    const length = Math.max(this.times.length, size);
    const [at, value] = [new Float64Array(length), new Float64Array(length)];
    at.set(times.slice(start, end));
    value.set(values.slice(start, end));
    for (let i = 0; i < this.size; i++) {
      at[end - start + i] = this.timeAt(i);
      value[end - start + i] = this.valueAt(i);
    }
    [this.times, this.values, this.size, this.head] = [at, value, size, size % length];
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
