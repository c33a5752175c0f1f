import type { Millis } from '../core/clock.js';
import type { How } from './samples.js';

/** What one bucket of old samples spans. */
export const minute: Millis = 60_000;

/** Numbers of a bucket: when its first and last sample were taken, how many are known, and what they come to. */
const field = { start: 0, time: 1, known: 2, last: 3, mean: 4, max: 5 } as const;
const fields = Object.keys(field).length;

/**
 * Old samples by the minute, in a ring: of each minute the last that is known, the mean and the largest. The last because it is a
 * reading, which can be told with its time and beside other readings of then; the mean for rates, and for what saws with
 * the commits; the largest so that a peak of seconds is still there hours later. No chart tells the least.
 */
export class Minutes {
  private cells: Float64Array;
  private head = 0;
  private size = 0;

  constructor(private readonly capacity: number) {
    this.cells = new Float64Array(Math.min(capacity, 8) * fields);
  }

  get length(): number {
    return this.size;
  }

  /** Takes one sample more; they come in time order. NaN counts for its minute where nothing else is known of it. */
  add(at: Millis, value: number): void {
    if (this.capacity === 0) return;
    const newest = this.size - 1;
    if (this.size === 0 || minuteOf(this.startAt(newest)) !== minuteOf(at)) this.open(at);
    const cell = this.cell(this.size - 1);
    this.cells[cell + field.time] = at;
    if (Number.isNaN(value)) return;
    const known = (this.cells[cell + field.known] ?? 0) + 1;
    const mean = known === 1 ? 0 : (this.cells[cell + field.mean] ?? 0);
    this.cells[cell + field.known] = known;
    this.cells[cell + field.last] = value;
    this.cells[cell + field.mean] = mean + (value - mean) / known;
    this.cells[cell + field.max] = known === 1 ? value : Math.max(this.cells[cell + field.max] ?? NaN, value);
  }

  clear(): void {
    this.head = 0;
    this.size = 0;
  }

  startAt(i: number): Millis {
    return this.get(i, field.start);
  }

  timeAt(i: number): Millis {
    return this.get(i, field.time);
  }

  /** NaN where none of its samples is known. */
  value(i: number, how: How): number {
    return this.get(i, field[how]);
  }

  private get(i: number, which: number): number {
    return i < 0 || i >= this.size ? NaN : (this.cells[this.cell(i) + which] ?? NaN);
  }

  /** Where the numbers of bucket `i` begin, 0 being the oldest. */
  private cell(i: number): number {
    const room = this.cells.length / fields;
    return ((this.head - this.size + i + room) % room) * fields;
  }

  private open(at: Millis): void {
    if (this.size * fields === this.cells.length && this.size < this.capacity) this.grow();
    const cell = this.head * fields;
    this.cells.fill(NaN, cell, cell + fields);
    this.cells[cell + field.start] = at;
    this.cells[cell + field.known] = 0;
    const room = this.cells.length / fields;
    this.head = (this.head + 1) % room;
    this.size = Math.min(this.size + 1, room);
  }

  /** Only called while full, so the oldest bucket stands at `head`. */
  private grow(): void {
    const cells = new Float64Array(Math.min(this.capacity, this.size * 2) * fields);
    cells.set(this.cells.subarray(this.head * fields));
    cells.set(this.cells.subarray(0, this.head * fields), this.cells.length - this.head * fields);
    [this.cells, this.head] = [cells, this.size];
  }
}

export function minuteOf(at: Millis): number {
  return Math.floor(at / minute);
}
