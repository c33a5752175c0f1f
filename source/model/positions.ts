import type { Millis } from '../core/clock.js';
import type { LagBounds } from './snapshot.js';
import { SlidingMinimum } from './sliding-minimum.js';

/**
 * Where MirrorMaker 2 stands in one source partition, as a bound.
 *
 *   S    end offset of the source partition
 *   T    end offset of the target's partition of the same number
 *   N    last replicated offset that Connect has flushed (every 60 s by default): the task would resume at N + 1
 *   pos  the source position behind which everything has reached the target; not observable
 *   k    = T − pos: constant while MirrorMaker 2 is the only writer and neither repeats nor drops
 *
 *   T − S ≤ k          if S was asked after T was answered: pos cannot pass the end
 *   k ≤ T − (N + 1)    if T was asked after N was answered: what is flushed has reached the target
 *
 *   lag = S − T + k  ∈  [S − T + lo, S − T + hi],  lo = max(T − S), hi = min(T − (N + 1))
 *
 * A restart returns pos to N + 1 and so raises k by what had been written since the flush: hi begins anew, lo holds.
 * Restarts can be invisible, so hi forgets after three flush intervals.
 *
 * At rest means lo = hi: nothing lay between the flushed position and the end when both were read around one T.
 * Then k is known exactly, and lo stays exact until the next restart, whatever arrives afterwards.
 */
export class PartitionPosition {
  private n: Reading | undefined;
  private t: Reading | undefined;
  private s: Reading | undefined;
  private start: number | undefined;
  private targetSeen = false;
  /** S − T of the newest pair in which S was asked after T was answered, and soon after. */
  private gap = NaN;
  private gapAsked: Millis = NaN;
  private gapAt: Millis = NaN;
  private lo = -Infinity;
  private readonly hi = new SlidingMinimum();
  /** Least upper bound of k since the last restart, without forgetting: for the count of repeats only. */
  private tightest = Infinity;
  private exact = false;
  private countFrom: Millis = -Infinity;
  private beforeRestart: { readonly lo: number; readonly hi: number } | undefined;
  private contradictions: Millis[] = [];

  /** How often the flushed position was seen to move. */
  private flushes = 0;

  constructor(private readonly copying: Copying = 'one-for-one') {}

  /** The last replicated offset, as flushed. */
  observeN(asked: Millis, answered: Millis, value: number): void {
    const order = compare(this.n, asked, value);
    if (order === 'late') return;
    if (order === 'fell') this.reset();
    else if (this.n !== undefined && value > this.n.value) this.flushes++;
    this.n = { asked, answered, value };
  }

  /** End offset of the target's partition. `flushInterval` in ms. */
  observeT(asked: Millis, answered: Millis, value: number, flushInterval: Millis): void {
    const order = compare(this.t, asked, value);
    if (order === 'late') return;
    if (order === 'fell') this.reset();
    else if (this.t !== undefined && asked - this.t.answered > flushInterval) this.forgetUpper(-Infinity);
    this.t = { asked, answered, value };
    this.targetSeen = true;
    if (this.n === undefined || asked < this.n.answered || asked < this.countFrom) return;
    const upper = value - (this.n.value + 1);
    if (upper < this.lo) this.fell(answered);
    this.hi.push(asked, upper, flushInterval);
    this.tightest = Math.min(this.tightest, upper);
    this.noteRest();
  }

  /** End offset of the source partition. */
  observeS(asked: Millis, answered: Millis, value: number): void {
    const order = compare(this.s, asked, value);
    if (order === 'late') return;
    if (order === 'fell') this.reset();
    this.s = { asked, answered, value };
    if (!this.targetSeen || this.t === undefined || asked < this.t.answered) return;
    const gap = value - this.t.value;
    if (-gap > this.hi.value) this.rose(answered);
    this.lo = Math.max(this.lo, -gap);
    if (asked - this.t.answered <= soon || !(asked - this.gapAt <= aWhile)) {
      this.gap = gap;
      this.gapAsked = this.t.asked;
      this.gapAt = answered;
    }
    this.noteRest();
  }

  /** First offset that the source still has: bounds the lag of a partition from which nothing was flushed yet. */
  observeStart(value: number): void {
    this.start = value;
  }

  /** The target did not answer: until it does, only the flushed position bounds the lag. */
  targetLost(): void {
    this.targetSeen = false;
    this.gap = this.gapAsked = this.gapAt = NaN;
  }

  /** The task restarted, or may have; `at` is when that was seen. */
  restarted(at: Millis): void {
    this.beforeRestart ??= this.known;
    this.contradictions = this.contradictions.filter(then => at - then > explains);
    this.forgetUpper(at);
  }

  /** Undefined until S and one of N and the log's start are known. */
  bounds(): LagBounds | undefined {
    if (this.s === undefined) return undefined;
    const resume = this.n === undefined ? this.start : this.n.value + 1;
    const flushed = resume === undefined ? Infinity : Math.max(0, this.s.value - resume);
    const bounded = this.bounded && !Number.isNaN(this.gap);
    const high = bounded ? Math.min(flushed, this.gap + this.hi.value) : flushed;
    if (high === Infinity) return undefined;
    if (!bounded || this.n === undefined) return { low: 0, high, method: 'flushed', rested: false };
    return { low: Math.max(0, this.gap + this.lo), high, method: 'bounded', rested: this.exact };
  }

  /** S − T, of which the growth is that of the lag, and between when it was read; undefined where not known. */
  get difference(): { readonly records: number; readonly asked: Millis; readonly at: Millis } | undefined {
    if (!this.bounded || Number.isNaN(this.gap)) return undefined;
    return { records: this.gap, asked: this.gapAsked, at: this.gapAt };
  }

  /**
   * Records written twice by the restarts seen so far: k now less k before the first of them. Undefined where no
   * restart was seen or nothing was known before it; `high` is Infinity until it is bounded again.
   */
  get repeats(): { readonly low: number; readonly high: number } | undefined {
    const before = this.beforeRestart;
    if (before === undefined || !this.bounded || before.lo === -Infinity) return undefined;
    const high = (this.exact ? this.lo : this.tightest) - before.lo;
    return { low: Math.min(high, Math.max(0, this.lo - before.hi)), high };
  }

  private get bounded(): boolean {
    if (this.copying === 'other') return false;
    if (this.copying === 'unproven')
      return this.flushes >= flushesToProve && this.contradictions.length === 0;
    return this.contradictions.length < tooManyContradictions;
  }

  private get known(): { readonly lo: number; readonly hi: number } {
    return { lo: this.lo, hi: this.exact ? this.lo : this.tightest };
  }

  /** k went up although no restart was seen (yet): an invisible restart, or another writer. */
  private rose(at: Millis): void {
    this.beforeRestart ??= this.known;
    this.contradicted(at);
  }

  /** k went down: records were not written (filtered, skipped, compacted away). */
  private fell(at: Millis): void {
    this.beforeRestart = undefined;
    this.lo = -Infinity;
    this.contradicted(at);
  }

  /** One is survived by beginning anew; three within an hour say that the target is no copy one for one. */
  private contradicted(at: Millis): void {
    this.contradictions = [...this.contradictions.filter(then => at - then < 3_600_000), at];
    this.forgetUpper(-Infinity);
  }

  private forgetUpper(countFrom: Millis): void {
    this.hi.clear();
    this.tightest = Infinity;
    this.exact = false;
    this.countFrom = Math.max(this.countFrom, countFrom);
  }

  private noteRest(): void {
    if (this.lo === this.hi.value) this.exact = true;
  }

  /** An offset went back: a topic was recreated or truncated, or positions were altered. Nothing of before holds. */
  private reset(): void {
    this.n = this.t = this.s = undefined;
    this.gap = this.gapAsked = this.gapAt = NaN;
    this.lo = -Infinity;
    this.beforeRestart = undefined;
    this.contradictions = [];
    this.flushes = 0;
    this.forgetUpper(-Infinity);
  }
}

/**
 * Whether each source record becomes one target record, in the same partition. `other`: it is known not to (a filter,
 * a router, exactly-once with its transaction markers, an unknown naming policy), and only N and S count.
 * `unproven`: a transform that kmon does not know may do either; it is believed after some flushes without contradiction.
 */
export type Copying = 'one-for-one' | 'unproven' | 'other';

const flushesToProve = 2;

type Reading = { readonly asked: Millis; readonly answered: Millis; readonly value: number };

const tooManyContradictions = 3;

/**
 * What was written between T and S is counted as lag, so only a pair read within this time is taken, ms; unless there
 * was none for a while.
 */
const soon = 500;
const aWhile = 15_000;

/** A restart that is seen this long after k rose explains the rise, ms. */
const explains = 60_000;

/** Readings may overtake each other; only one asked after the last was answered can prove a fall. */
function compare(last: Reading | undefined, asked: Millis, value: number): 'next' | 'late' | 'fell' {
  if (last === undefined) return 'next';
  if (asked < last.asked) return 'late';
  if (value >= last.value) return 'next';
  return asked >= last.answered ? 'fell' : 'late';
}
