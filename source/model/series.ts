import type { Millis } from '../core/clock.js';
import { Minutes } from './minutes.js';
import { Samples, type How } from './samples.js';

/** For the many that keep no minutes. */
const none = new Minutes(0);

/** Samples in time order. */
export type Points = { readonly times: readonly Millis[]; readonly values: readonly number[] };

/**
 * A ring of samples. Storage grows with what is stored, up to its capacity; then the oldest leave it for a ring of minutes, and in
 * the end that. Samples and minutes are read as one.
 */
export class Series extends Samples {
  private readonly old: Minutes;
  private times: Float64Array;
  private values: Float64Array;
  private head = 0;
  private size = 0;
  private newestBegan = NaN;

  /** `samples` are kept, and then `minutes`; of samples closer together than `resolution` ms the last one is. */
  constructor(
    private readonly samples: number,
    private readonly resolution: Millis = 0,
    private readonly minutes = 0,
  ) {
    super();
    this.old = minutes > 0 ? new Minutes(minutes) : none;
    const first = Math.min(samples, 16);
    this.times = new Float64Array(first);
    this.values = new Float64Array(first);
  }

  /** NaN is a sample too: it says "asked, and not known". A time before the newest is dropped. */
  push(at: Millis, value: number): void {
    if (this.samples === 0) return;
    if (this.size > 0) {
      const newest = this.index(this.size - 1);
      if (at < (this.times[newest] ?? NaN)) return;
      if (this.isNewest(at)) {
        this.times[newest] = at;
        this.amend(value);
        return;
      }
    }
    if (this.size === this.times.length && this.size < this.samples) this.grow();
    if (this.size === this.times.length)
      this.old.add(this.times[this.head] ?? NaN, this.values[this.head] ?? NaN);
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
   * Puts what another memory has of the time before the first sample in front of it, as far as there is room.
   * Nothing while there is no sample: what is still to come may be as old. Nor once minutes are kept: the time before them is past.
   */
  prepend({ times, values }: Points): void {
    if (this.old.length > 0) return;
    const own = Array.from({ length: this.size }, (_, i) => [this.timeAt(i), this.valueAt(i)] as const);
    const oldest = this.timeAt(0);
    const older = times.flatMap((at, i) => (at < oldest ? [[at, values[i] ?? NaN] as const] : []));
    if (older.length === 0) return;
    const began = this.newestBegan;
    this.clear();
    for (const [at, value] of [...older, ...own]) {
      this.newestBegan = NaN;
      this.push(at, value);
    }
    this.newestBegan = began;
  }

  /** Forgets everything. */
  clear(): void {
    this.head = 0;
    this.size = 0;
    this.old.clear();
  }

  override get capacity(): number {
    return this.samples + this.minutes;
  }

  override get length(): number {
    return this.old.length + this.size;
  }

  override timeAt(i: number): Millis {
    const recent = i - this.old.length;
    if (recent < 0) return this.old.timeAt(i);
    return recent >= this.size ? NaN : (this.times[this.index(recent)] ?? NaN);
  }

  override startAt(i: number): Millis {
    return i < this.old.length ? this.old.startAt(i) : this.timeAt(i);
  }

  override valueAt(i: number): number {
    return this.summary(i, 'last');
  }

  override summary(i: number, how: How): number {
    const recent = i - this.old.length;
    if (recent < 0) return this.old.value(i, how);
    return recent >= this.size ? NaN : (this.values[this.index(recent)] ?? NaN);
  }

  private index(i: number): number {
    const length = this.times.length;
    return (this.head - this.size + i + length * 2) % length;
  }

  /** Only called while full and below capacity, so the oldest sample stands at `head`. */
  private grow(): void {
    const length = Math.min(this.samples, this.times.length * 2);
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
export type ReadonlySeries = Pick<Samples, keyof Samples>;
