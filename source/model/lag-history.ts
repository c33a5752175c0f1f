import type { Millis } from '../core/clock.js';
import type { LagBatch } from './lag-batch.js';
import type { LagPool } from './lag-pool.js';
import { minuteOf } from './minutes.js';
import { Samples } from './samples.js';
import type { ReadonlySeries } from './series.js';

/**
 * Lag over time of all partitions of one group, or of one flow: a line a partition, and one clock for all of them, because
 * one sweep samples them together. Samples that are old leave for one number a minute: the last that is known.
 */
export class LagHistory {
  private readonly times: Float64Array;
  /** When the first and the last sample of each minute were taken. */
  private readonly minuteStarts: Float64Array;
  private readonly minuteTimes: Float64Array;
  private minuteHead = -1;
  private minutes = 0;
  private head = -1;
  private size = 0;
  private began = NaN;
  private slots = new Int32Array(0);
  /** The lag that was last written, −1 for a line that is not in use. */
  private lags = new Float64Array(0);
  /** Which of all partitions that ever had a line this one is: who reads it must not take another's past for its own. */
  private births = new Float64Array(0);
  private born = 0;
  private readonly unused: number[] = [];
  private used = 0;

  /** Readings within `resolution` ms are one sample: a sweep arrives broker by broker. */
  constructor(
    private readonly pool: LagPool,
    private readonly resolution: Millis,
  ) {
    this.times = new Float64Array(pool.samples);
    this.minuteStarts = new Float64Array(pool.minutes);
    this.minuteTimes = new Float64Array(pool.minutes);
    pool.join(this);
  }

  /** Lines in use, whether or not the pool had room for their past. */
  get count(): number {
    return this.used - this.unused.length;
  }

  /** A line for one partition more. */
  add(): number {
    const line = this.unused.pop() ?? this.used++;
    if (line >= this.slots.length) this.grow();
    this.lags[line] = 0;
    this.births[line] = ++this.born;
    this.claim(line);
    return line;
  }

  remove(line: number): void {
    this.release(line);
    this.lags[line] = -1;
    this.births[line] = NaN;
    this.unused.push(line);
  }

  /** Gives everything back. */
  dispose(): void {
    for (let line = 0; line < this.used; line++) this.release(line);
    this.pool.leave(this);
  }

  /** Gives a line a past to be kept in, where there is room. */
  claim(line: number): void {
    this.slots[line] = this.pool.take();
  }

  release(line: number): void {
    const slot = this.slots[line] ?? -1;
    if (slot === -1) return;
    this.pool.giveBack(slot);
    this.slots[line] = -1;
  }

  /** Opens the sample that the next writes belong to; a time before the newest belongs to the newest. */
  begin(at: Millis): void {
    if (this.size > 0) {
      const newest = this.times[this.head] ?? NaN;
      if (at - this.began < this.resolution || at < newest) {
        this.times[this.head] = Math.max(newest, at);
        return;
      }
    }
    this.head = (this.head + 1) % this.times.length;
    if (this.size === this.times.length) this.age(this.head);
    this.size = Math.min(this.size + 1, this.times.length);
    this.began = at;
    this.times[this.head] = at;
    for (let line = 0; line < this.used; line++) {
      const slot = this.slots[line] ?? -1;
      if (slot !== -1) this.pool.erase(slot, this.head);
    }
  }

  /** NaN says "asked, and not known". */
  write(line: number, lag: number): void {
    if (!Number.isNaN(lag)) this.lags[line] = lag;
    const slot = this.slots[line] ?? -1;
    if (slot !== -1) this.pool.write(slot, this.head, lag);
  }

  /** The lags of a batch; what it says nothing of stays not sampled. */
  writeAll({ size, line, lag }: LagBatch): void {
    for (let i = 0; i < size; i++) if (lag[i] !== -1) this.write(line[i] ?? -1, lag[i] ?? NaN);
  }

  /** The lag of each line in use, where one was read; returns how many. `to` has room for `count`. */
  copyLags(to: Float64Array): number {
    let copied = 0;
    for (let line = 0; line < this.used; line++) {
      const lag = this.lags[line] ?? -1;
      if (lag >= 0) to[copied++] = lag;
    }
    return copied;
  }

  /** The least lag of the lines that have a past; Infinity where none has. */
  leastKept(): number {
    let least = Infinity;
    for (let line = 0; line < this.used; line++) {
      const lag = this.lags[line] ?? -1;
      if (lag >= 0 && lag < least && (this.slots[line] ?? -1) !== -1) least = lag;
    }
    return least;
  }

  /** The most lag of the lines that have none; −1 where all have one. */
  mostLeft(): number {
    let most = -1;
    for (let line = 0; line < this.used; line++) {
      const lag = this.lags[line] ?? -1;
      if (lag > most && (this.slots[line] ?? -1) === -1) most = lag;
    }
    return most;
  }

  each(look: (line: number, lag: number, kept: boolean) => void): void {
    for (let line = 0; line < this.used; line++) {
      const lag = this.lags[line] ?? -1;
      if (lag >= 0) look(line, lag, (this.slots[line] ?? -1) !== -1);
    }
  }

  /** A moment of this history, to ask for the series of then. */
  get moment(): number {
    return this.born;
  }

  /** The past of whichever partition had the line at that moment; nothing once the line is another's. */
  series(line: number, moment = this.born): ReadonlySeries {
    const birth = this.births[line] ?? NaN;
    return new LineSeries(this, line, birth <= moment ? birth : NaN);
  }

  /** A line with its owner: to be written to, and read. */
  line(): PartitionSeries {
    const line = this.add();
    return new OwnLine(this, line, this.births[line] ?? NaN);
  }

  /** For `LineSeries`. */
  get length(): number {
    return this.minutes + this.size;
  }

  get capacity(): number {
    return this.times.length + this.minuteTimes.length;
  }

  /** Whether the line is still that partition's, and has a past. */
  has(line: number, birth: number): boolean {
    return this.births[line] === birth && this.slots[line] !== -1;
  }

  timeAt(i: number): Millis {
    if (i < 0 || i >= this.length) return NaN;
    if (i < this.minutes) return this.minuteTimes[this.minuteIndex(i)] ?? NaN;
    return this.times[this.index(i - this.minutes)] ?? NaN;
  }

  startAt(i: number): Millis {
    return i >= 0 && i < this.minutes ? (this.minuteStarts[this.minuteIndex(i)] ?? NaN) : this.timeAt(i);
  }

  /** −1 where the line was not sampled. */
  lagAt(line: number, i: number): number {
    const slot = this.slots[line] ?? -1;
    if (i < 0 || i >= this.length || slot === -1) return NaN;
    if (i < this.minutes) return this.pool.read(slot, this.times.length + this.minuteIndex(i));
    return this.pool.read(slot, this.index(i - this.minutes));
  }

  /** The sample at `index` of the ring becomes part of its minute, before another is written there. */
  private age(index: number): void {
    if (this.minuteTimes.length === 0) return;
    const at = this.times[index] ?? NaN;
    const begins = this.minutes === 0 || minuteOf(this.minuteStarts[this.minuteHead] ?? NaN) !== minuteOf(at);
    if (begins) {
      this.minuteHead = (this.minuteHead + 1) % this.minuteTimes.length;
      this.minutes = Math.min(this.minutes + 1, this.minuteTimes.length);
      this.minuteStarts[this.minuteHead] = at;
    }
    this.minuteTimes[this.minuteHead] = at;
    const to = this.times.length + this.minuteHead;
    for (let line = 0; line < this.used; line++) {
      const slot = this.slots[line] ?? -1;
      if (slot === -1) continue;
      const lag = this.pool.read(slot, index);
      if (begins || lag >= 0) this.pool.copy(slot, index, to);
      else if (lag !== -1 && this.pool.read(slot, to) === -1) this.pool.write(slot, to, NaN);
    }
  }

  private index(i: number): number {
    return (this.head - this.size + 1 + i + this.times.length) % this.times.length;
  }

  private minuteIndex(i: number): number {
    const length = this.minuteTimes.length;
    return (this.minuteHead - this.minutes + 1 + i + length) % length;
  }

  private grow(): void {
    const length = Math.max(16, this.slots.length * 2);
    const slots = new Int32Array(length).fill(-1);
    const lags = new Float64Array(length).fill(-1);
    const births = new Float64Array(length).fill(NaN);
    slots.set(this.slots);
    lags.set(this.lags);
    births.set(this.births);
    [this.slots, this.lags, this.births] = [slots, lags, births];
  }
}

/** The lag of one partition over time, for who has one object a partition. */
export type PartitionSeries = ReadonlySeries & { push(at: Millis, lag: number): void; drop(): void };

/** One line, read as any other history; nothing once the line belongs to another partition. */
class LineSeries extends Samples {
  constructor(
    protected readonly history: LagHistory,
    protected readonly line: number,
    private readonly birth: number,
  ) {
    super();
  }

  override get capacity(): number {
    return this.history.capacity;
  }

  override get length(): number {
    return this.history.has(this.line, this.birth) ? this.history.length : 0;
  }

  override timeAt(i: number): Millis {
    return this.length === 0 ? NaN : this.history.timeAt(i);
  }

  override startAt(i: number): Millis {
    return this.length === 0 ? NaN : this.history.startAt(i);
  }

  override valueAt(i: number): number {
    const lag = this.sample(i);
    return lag < 0 ? NaN : lag;
  }

  /** A sample in which this partition was not asked says nothing: the one before it does. */
  override newest(at: Millis): number {
    let i = this.countUpTo(at) - 1;
    while (i >= 0 && this.sample(i) < 0) i--;
    return i;
  }

  private sample(i: number): number {
    return this.length === 0 ? NaN : this.history.lagAt(this.line, i);
  }
}

class OwnLine extends LineSeries implements PartitionSeries {
  push(at: Millis, lag: number): void {
    this.history.begin(at);
    this.history.write(this.line, lag);
  }

  drop(): void {
    this.history.remove(this.line);
  }
}
