import type { Millis } from '../core/clock.js';

/**
 * The least value of the last two to three sub-windows. It forgets, yet is never empty once something was pushed,
 * because the newest sub-window opens with the value that opens it.
 */
export class SlidingMinimum {
  private newest = Infinity;
  private older = Infinity;
  private oldest = Infinity;
  private openedAt = NaN;

  push(at: Millis, value: number, subWindow: Millis): void {
    if (!(at - this.openedAt < subWindow)) {
      const missed = at - this.openedAt >= 3 * subWindow;
      this.oldest = missed ? Infinity : this.older;
      this.older = missed ? Infinity : this.newest;
      this.newest = value;
      this.openedAt = at;
    } else if (value < this.newest) this.newest = value;
  }

  /** What was bounded has grown by at most `by`. */
  raise(by: number): void {
    this.newest += by;
    this.older += by;
    this.oldest += by;
  }

  clear(): void {
    this.newest = this.older = this.oldest = Infinity;
    this.openedAt = NaN;
  }

  /** Infinity while nothing is known. */
  get value(): number {
    return Math.min(this.newest, this.older, this.oldest);
  }
}
