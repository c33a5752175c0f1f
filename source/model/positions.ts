import type { Millis } from '../core/clock.js';
import { isOfDeposed } from './deposed.js';
import type { LagBounds, RepeatCause, Repeats } from './snapshot.js';
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
 * An election in the target may raise k without a restart: Connect's producers are not idempotent (worker default
 * `enable.idempotence=false`), so a batch that the old leader took and did not acknowledge is in the new leader's log
 * and is sent to it again, once. It was appended after T was last read but one from the old leader and before T was
 * first read from the new one (which tells no T before it tells all that it began with, KIP-207), so hi rises by what
 * T rose by in between. A record in flight for a second is acknowledged or not yet visible.
 *
 * At rest means lo = hi: nothing lay between the flushed position and the end when both were read around one T.
 * Then k is known exactly, and lo stays exact until the next restart, whatever arrives afterwards.
 */
export class PartitionPosition {
  private n: Omit<Reading, 'epoch'> | undefined;
  private t: Reading | undefined;
  private s: Reading | undefined;
  private start: number | undefined;
  private targetSeen = false;
  /** S as it was known before the present T was asked; NaN where it was not. */
  private sBefore = NaN;
  /** The T that has its S already: a later S would only add what arrived meanwhile. */
  private paired: Reading | undefined;
  /** S − T of the newest pair in which S was asked after T was answered, and soon after. */
  private gap = NaN;
  /** The same with no record that arrived after T was read; NaN where not known. */
  private gapLow = NaN;
  private gapAsked: Millis = NaN;
  private gapAt: Millis = NaN;
  private lo = -Infinity;
  private readonly hi = new SlidingMinimum();
  /** Least upper bound of k since the last restart, without forgetting: for the count of repeats only. */
  private tightest = Infinity;
  private exact = false;
  private countFrom: Millis = -Infinity;
  /** What k was before it first rose, what was seen to raise it since, and when last. */
  private before:
    | {
        readonly lo: number;
        readonly hi: number;
        readonly at: Millis;
        readonly causes: readonly RepeatCause[];
      }
    | undefined;
  /** When the target's newest leader was first heard. */
  electedAt: Millis = -Infinity;
  /** Newest T of which every record was acknowledged when `recent` was asked for. */
  private acknowledged: Reading | undefined;
  private recent: Reading | undefined;
  private contradictions: Millis[] = [];
  private missed: Missed | undefined;
  private surplus: Surplus | undefined;
  /** What the source removed before the flushed position, when that last moved on, and nobody has accounted for yet. */
  private removed = 0;

  /** How often the flushed position was seen to move. */
  private flushes = 0;

  constructor(private readonly copying: Copying = 'one-for-one') {}

  /** The last replicated offset, as flushed. */
  observeN(asked: Millis, answered: Millis, value: number): void {
    const order = compare(this.n, asked, value);
    if (order === 'late') return;
    if (order === 'fell') this.reset();
    else if (this.n !== undefined && value > this.n.value) {
      this.flushes++;
      this.removed += this.belowStart;
    }
    this.n = { asked, answered, value };
  }

  /** End offset of the target's partition, and the leader epoch in which it was told. `flushInterval` in ms. */
  observeT(asked: Millis, answered: Millis, value: number, flushInterval: Millis, epoch = NaN): void {
    const order = compare(this.t, asked, value, epoch);
    if (order === 'late') return;
    if (order === 'fell') this.reset();
    else if (this.t !== undefined) {
      if (asked - this.t.answered > flushInterval) this.forgetUpper(-Infinity);
      if (epoch > this.t.epoch) this.elected(answered, value);
    }
    this.sBefore = this.s !== undefined && this.s.answered <= asked ? this.s.value : NaN;
    this.t = { asked, answered, value, epoch: Number.isNaN(epoch) ? (this.t?.epoch ?? NaN) : epoch };
    this.targetSeen = true;
    this.follow(this.t);
    if (this.n === undefined || asked < this.n.answered || asked < this.countFrom) return;
    const upper = value - (this.n.value + 1);
    if (upper < this.lo) this.fell(answered, this.lo - upper);
    this.hi.push(asked, upper, flushInterval);
    this.tightest = Math.min(this.tightest, upper);
    this.noteRest();
  }

  /** End offset of the source partition, and the leader epoch in which it was told. */
  observeS(asked: Millis, answered: Millis, value: number, epoch = NaN): void {
    const order = compare(this.s, asked, value, epoch);
    if (order === 'late') return;
    if (order === 'fell') this.reset();
    this.s = { asked, answered, value, epoch: Number.isNaN(epoch) ? (this.s?.epoch ?? NaN) : epoch };
    if (!this.targetSeen || this.t === undefined || asked < this.t.answered) return;
    const gap = value - this.t.value;
    if (-gap > this.hi.value) this.rose(answered, -gap - this.hi.value);
    this.lo = Math.max(this.lo, -gap);
    this.pair(this.t, asked, answered, gap);
    this.noteRest();
  }

  /** First offset that the source still has: bounds the lag of a partition from which nothing was flushed yet. */
  observeStart(value: number): void {
    this.start = value;
  }

  /**
   * Records that the source has removed behind the flushed position. Some of them may have been read since the last
   * flush: what is still so after another one was lost.
   */
  get belowStart(): number {
    if (this.n === undefined || this.start === undefined) return 0;
    return Math.max(0, this.start - (this.n.value + 1));
  }

  /** Where the task surely stands at least; undefined where not known. */
  get reached(): number | undefined {
    const { s, n } = this;
    if (s === undefined || n === undefined) return undefined;
    return Math.max(n.value + 1, s.value - (this.bounds()?.high ?? Infinity));
  }

  /** Records that did not reach the target though others behind them did; undefined where that cannot be told, or is none. */
  get unwritten(): Missed | undefined {
    return this.bounded ? this.missed : undefined;
  }

  /** Records in the target that this flow did not bring, without a restart that was seen. */
  get foreign(): Surplus | undefined {
    return this.surplus;
  }

  /** The target did not answer: until it does, only the flushed position bounds the lag. */
  targetLost(): void {
    this.targetSeen = false;
    this.unpair();
  }

  /** A producer was seen at `at` to have sent batches again, and no election tells which and how much. */
  mayHaveRepeated(at: Millis): void {
    this.remember(at, 'retry');
    this.forgetUpper(at);
  }

  /** The task restarted, or may have; `at` is when that was seen. */
  restarted(at: Millis): void {
    this.remember(at, 'restart');
    if (this.surplus !== undefined && at - this.surplus.at <= explains) this.surplus = undefined;
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
    const low = Number.isNaN(this.gapLow) ? 0 : Math.max(0, this.gapLow + this.lo);
    return { low, high, method: 'bounded', rested: this.exact && this.gapLow === this.gap };
  }

  /** S − T, of which the growth is that of the lag, and between when it was read; undefined where not known. */
  get difference(): { readonly records: number; readonly asked: Millis; readonly at: Millis } | undefined {
    if (!this.bounded || Number.isNaN(this.gap)) return undefined;
    return { records: this.gap, asked: this.gapAsked, at: this.gapAt };
  }

  /**
   * Records written twice by all restarts, elections and retries seen so far: k now less k before the first of them.
   * Undefined where none was seen or nothing was known before it; `high` is Infinity until it is bounded again.
   */
  get repeats(): Repeats | undefined {
    const { before } = this;
    if (before === undefined || before.causes.length === 0 || before.lo === -Infinity) return undefined;
    if (!this.bounded) return undefined;
    const { at, causes } = before;
    const high = (this.exact ? this.lo : this.tightest) - before.lo;
    return { low: Math.min(high, Math.max(0, this.lo - before.hi)), high, at, causes };
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

  private pair(t: Reading, asked: Millis, answered: Millis, gap: number): void {
    if (this.paired === t) return;
    const isSoon = asked - t.answered <= soon;
    if (!isSoon && asked - this.gapAt <= aWhile) return;
    this.paired = t;
    this.gap = gap;
    this.gapLow = isSoon ? gap : this.sBefore - t.value;
    this.gapAsked = t.asked;
    this.gapAt = answered;
  }

  private unpair(): void {
    this.gap = this.gapLow = this.gapAsked = this.gapAt = NaN;
    this.paired = undefined;
  }

  /** Another leader, of which `value` is the first T: one batch may come, or has come, a second time. */
  private elected(at: Millis, value: number): void {
    this.remember(at, 'election');
    this.electedAt = at;
    if (this.acknowledged === undefined) return this.forgetUpper(-Infinity);
    const most = value - this.acknowledged.value;
    this.hi.raise(most);
    this.tightest = this.known.hi + most;
    this.exact &&= most === 0;
  }

  private follow(t: Reading): void {
    if (this.recent !== undefined && t.asked - this.recent.answered < acknowledgedWithin) return;
    this.acknowledged = this.recent;
    this.recent = t;
  }

  private remember(at: Millis, cause?: RepeatCause): void {
    const { lo, hi } = this.before ?? this.known;
    const causes = this.before?.causes ?? [];
    const isNew = cause !== undefined && !causes.includes(cause);
    this.before = { lo, hi, at, causes: isNew ? [...causes, cause] : causes };
  }

  /** k went up although no restart was seen (yet): an invisible restart, or another writer. */
  private rose(at: Millis, records: number): void {
    const { surplus } = this;
    this.surplus = { records: (surplus?.records ?? 0) + records, times: (surplus?.times ?? 0) + 1, at };
    this.remember(at);
    this.contradicted(at);
  }

  /** k went down: records were not written (filtered, skipped, compacted away). */
  private fell(at: Millis, records: number): void {
    const { missed } = this;
    this.missed = {
      records: (missed?.records ?? 0) + records,
      times: (missed?.times ?? 0) + 1,
      removed: (missed?.removed ?? 0) + this.removed,
      at,
    };
    this.removed = 0;
    this.before = undefined;
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
    this.unpair();
    this.lo = -Infinity;
    this.before = undefined;
    this.acknowledged = this.recent = undefined;
    this.contradictions = [];
    this.missed = this.surplus = undefined;
    this.removed = 0;
    this.flushes = 0;
    this.forgetUpper(-Infinity);
  }
}

/** `records` from below; of them at most `removed` were removed by the source before they were read. */
export type Missed = {
  readonly records: number;
  readonly removed: number;
  readonly times: number;
  readonly at: Millis;
};

/** `records` from below. */
export type Surplus = { readonly records: number; readonly times: number; readonly at: Millis };

/**
 * Whether each source record becomes one target record, in the same partition. `other`: it is known not to (a filter,
 * a router, exactly-once with its transaction markers, an unknown naming policy), and only N and S count.
 * `unproven`: a transform that kmon does not know may do either; it is believed after some flushes without contradiction.
 */
export type Copying = 'one-for-one' | 'unproven' | 'other';

const flushesToProve = 2;

/** `epoch` is that of the leader, the last that was told; NaN where none was. */
type Reading = {
  readonly asked: Millis;
  readonly answered: Millis;
  readonly value: number;
  readonly epoch: number;
};

const tooManyContradictions = 3;

/**
 * What was written between T and S is counted as lag, so only a pair read within this time is taken, ms; unless there
 * was none for a while.
 */
const soon = 500;
const aWhile = 15_000;

/** A restart that is seen this long after k rose explains the rise, ms. */
const explains = 60_000;

/** A record that all replicas have is acknowledged at once; a leader that takes longer tells no end offsets either, ms. */
const acknowledgedWithin = 1_000;

/** Readings may overtake each other; only one asked after the last was answered can prove a fall. */
function compare(
  last: (Omit<Reading, 'epoch'> & { readonly epoch?: number }) | undefined,
  asked: Millis,
  value: number,
  epoch = NaN,
): 'next' | 'late' | 'fell' {
  if (last === undefined) return 'next';
  if (asked < last.asked) return 'late';
  if (isOfDeposed(epoch, last.epoch ?? NaN, asked, last.answered)) return 'late';
  if (epoch < (last.epoch ?? NaN)) return 'fell';
  if (value >= last.value) return 'next';
  return asked >= last.answered ? 'fell' : 'late';
}
