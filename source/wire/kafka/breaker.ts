import type { Clock, Millis } from '../../core/clock.js';
import type { Failure } from '../../core/failure.js';

/**
 * Spares the asker a time-out a sweep for a broker that just failed: until the pause is over the same failure is
 * given again at once. The pause doubles with each failure in a row; any answer ends it.
 */
export class Breaker {
  private until: Millis = -Infinity;
  private inARow = 0;
  private reason: Failure | undefined;

  constructor(private readonly clock: Clock) {}

  /** The failure to repeat, while the pause lasts. */
  get open(): Failure | undefined {
    return this.clock.now() < this.until ? this.reason : undefined;
  }

  trip(reason: Failure): void {
    const { first, longest } = pauses(reason);
    this.reason = reason;
    this.until = this.clock.now() + Math.min(longest, first * 2 ** this.inARow);
    this.inARow++;
  }

  reset(): void {
    this.until = -Infinity;
    this.inARow = 0;
  }
}

/**
 * ms. A refusal costs next to nothing and its end should be seen soon. Credentials that were refused are not tried
 * often: some brokers count. A broker that hangs costs its asker the whole time-out.
 */
function pauses(reason: Failure): { first: number; longest: number } {
  if (reason.kind === 'refused') return { first: 1_000, longest: 8_000 };
  if (reason.kind === 'unauthenticated') return { first: 15_000, longest: 60_000 };
  return { first: 4_000, longest: 30_000 };
}
