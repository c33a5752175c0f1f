import type { Millis } from '../core/clock.js';
import { Samples, type How } from './samples.js';
import type { ReadonlySeries } from './series.js';

/** Samples as they were at a past moment: what came later is not there, whoever reads how far. */
export class SamplesUntil extends Samples {
  constructor(
    private readonly samples: ReadonlySeries,
    private readonly until: Millis,
  ) {
    super();
  }

  override get capacity(): number {
    return this.samples.capacity;
  }

  override get length(): number {
    return this.samples.countUpTo(this.until);
  }

  override timeAt(i: number): Millis {
    return this.has(i) ? this.samples.timeAt(i) : NaN;
  }

  override valueAt(i: number): number {
    return this.has(i) ? this.samples.valueAt(i) : NaN;
  }

  override startAt(i: number): Millis {
    return this.has(i) ? this.samples.startAt(i) : NaN;
  }

  override summary(i: number, how: How): number {
    return this.has(i) ? this.samples.summary(i, how) : NaN;
  }

  override newest(at: Millis): number {
    return this.samples.newest(Math.min(at, this.until));
  }

  override countUpTo(at: Millis): number {
    return this.samples.countUpTo(Math.min(at, this.until));
  }

  private has(i: number): boolean {
    return this.samples.timeAt(i) <= this.until;
  }
}
