import type { Millis } from '../core/clock.js';
import { minuteOf } from './minutes.js';
import { Pressed } from './pressed.js';

/** How often a moment is kept, how long all of them are, and how long one a minute is. */
const every: Millis = 30_000;
const fine: Millis = 900_000;
const longest: Millis = 6 * 3_600_000;
/** Where memory is short, all of them are kept for so long only. */
const leastFine: Millis = 60_000;

type Moment<T> = {
  readonly at: Millis;
  readonly what: Pressed<T>;
  /** Of its form, but for what it shares with the moment before. */
  formBytes: number;
};

/**
 * What something looked like at past moments, within a budget: every half minute for a quarter of an hour, every minute for six hours
 * (`Minutes` keeps numbers alike). Where the budget does not do, minutes come sooner; then the oldest leave.
 */
export class Moments<T extends object> {
  private readonly kept: Moment<T>[] = [];
  private bytes = 0;

  /** `limit`: bytes, about. */
  constructor(private readonly limit: number) {}

  /** Whether `at` is to be kept, `next` being the time of what is to come: it is the last of its half minute. */
  due(at: Millis, next: Millis): boolean {
    return Math.floor(next / every) > Math.floor(at / every);
  }

  keep(at: Millis, value: T): void {
    const what = Pressed.of(value, this.kept.at(-1)?.what);
    this.kept.push({ at, what, formBytes: what.formBytes });
    this.bytes += what.formBytes + what.numberBytes;
    this.thin(at - fine);
    while ((this.kept[0]?.at ?? at) < at - longest) this.dropOldest();
    if (this.bytes > this.limit) this.thin(at - leastFine);
    while (this.bytes > this.limit && this.kept.length > 1) this.dropOldest();
  }

  /** The newest that is not later than `at`; its series end at `at`. */
  at(at: Millis): { readonly at: Millis; readonly value: T } | undefined {
    const moment = this.kept[this.countUpTo(at) - 1];
    return moment && { at: moment.at, value: moment.what.restored(at) };
  }

  /** Times of the moments, oldest first. */
  get times(): readonly Millis[] {
    return this.kept.map(({ at }) => at);
  }

  usage(): { readonly bytes: number; readonly limit: number } {
    return { bytes: this.bytes, limit: this.limit };
  }

  /** Leaves the last of each minute that is over before `until`. */
  private thin(until: Millis): void {
    for (let i = this.countUpTo(until) - 2; i >= 0; i--) {
      const [one, next] = [this.kept[i], this.kept[i + 1]];
      if (one === undefined || next === undefined || minuteOf(one.at) !== minuteOf(next.at)) continue;
      // What it had for itself, and what the next one had of it, cannot be told apart.
      this.count(next, Math.min(next.formBytes + one.formBytes, next.what.wholeBytes));
      this.drop(i);
    }
  }

  /** The oldest of those that are left then has for itself what it shared with it. */
  private dropOldest(): void {
    this.drop(0);
    const [oldest] = this.kept;
    if (oldest !== undefined) this.count(oldest, oldest.what.wholeBytes);
  }

  private drop(i: number): void {
    for (const { what, formBytes } of this.kept.splice(i, 1)) this.bytes -= formBytes + what.numberBytes;
  }

  private count(moment: Moment<T>, formBytes: number): void {
    this.bytes += formBytes - moment.formBytes;
    moment.formBytes = formBytes;
  }

  private countUpTo(at: Millis): number {
    let low = 0;
    let high = this.kept.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.kept[middle]?.at ?? Infinity) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
