import type { Millis } from '../core/clock.js';

/** Signs within this time of each other are of one episode. */
export const mergeWithin: Millis = 30_000;
const keptStarts = 1_000;

/** Counts episodes: signs within 30 s of each other are one, unless something else tells that it began again. */
export class Episodes {
  private readonly starts: Millis[] = [];
  private newest = -Infinity;
  private count = 0;

  /** Returns whether a new one began. */
  signal(at: Millis, within = mergeWithin): boolean {
    const begins = !(at - this.newest <= within);
    if (begins) this.begin(at);
    this.newest = Math.max(this.newest, at);
    return begins;
  }

  /** One more, although it followed so closely on the one before that its signs are of the same episode. */
  again(at: Millis): void {
    this.begin(at);
  }

  get total(): number {
    return this.count;
  }

  get last(): Millis | undefined {
    return this.starts[this.starts.length - 1];
  }

  /** How many began in the last `window` ms. */
  lately(at: Millis, window: Millis): number {
    let n = 0;
    for (let i = this.starts.length - 1; i >= 0; i--) {
      const start = this.starts[i] ?? NaN;
      if (start <= at - window) break;
      if (start <= at) n++;
    }
    return n;
  }

  private begin(at: Millis): void {
    this.count++;
    this.starts.push(at);
    if (this.starts.length > keptStarts) this.starts.shift();
  }
}
