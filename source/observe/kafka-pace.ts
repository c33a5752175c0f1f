import type { Millis } from '../core/clock.js';

/** Of the interval, a pass may take so much; beyond that the interval grows. */
const usualShare = 1 / 3;

/**
 * How long a whole pass takes the brokers, from what each part took when it was last answered: so a broker that hangs
 * slows nobody, and one that is slow is asked less often.
 */
export class Pace {
  private readonly parts = new Map<string, Map<number, Millis>>();
  private chosen: Millis = 0;

  constructor(private readonly share = usualShare) {}

  took(part: string, broker: number, ms: Millis): void {
    const brokers = this.parts.get(part) ?? new Map<number, Millis>();
    this.parts.set(part, brokers.set(broker, ms));
  }

  /** Brokers that left the cluster count no more. */
  keep(brokers: readonly number[]): void {
    for (const part of this.parts.values())
      for (const id of part.keys()) if (!brokers.includes(id)) part.delete(id);
  }

  /** One part comes after the other; in each the brokers work at the same time. */
  get pass(): Millis {
    let sum = 0;
    for (const part of this.parts.values()) sum += Math.max(0, ...part.values());
    return sum;
  }

  /** From the start of a pass to the start of the next, where the user asked for `base`. */
  interval(base: Millis): Millis {
    this.chosen = Math.max(base, Math.ceil(this.pass / this.share));
    return this.chosen;
  }

  /** The interval chosen last; undefined before the first pass. */
  get every(): Millis | undefined {
    return this.chosen === 0 ? undefined : this.chosen;
  }
}
