import type { Millis } from '../core/clock.js';

/** Of one core, frames may take so much. */
const mostShare = 0.1;
/** The last so many frames tell what one costs: their median, so that one slow one tells nothing. */
const told = 5;
/** Intervals are multiples of this, so that the one that is shown does not flicker. */
const step: Millis = 500;
const longest: Millis = 30_000;
/** It shortens again only when frames have become cheaper by this. */
const relief = 0.7;

/**
 * How often a frame is made. What one costs (snapshot, judgement, drawing) grows with the site, the screen and the machine's
 * other work; where it is more than a tenth of a core at the interval that was asked for, the interval grows.
 */
export class FramePace {
  private costs: Millis[] = [];
  private chosen: Millis;

  constructor(private readonly asked: Millis) {
    this.chosen = asked;
  }

  /** CPU that a frame took, ms. */
  took(cost: Millis): void {
    this.costs = [...this.costs, cost].slice(-told);
    if (this.costs.length < told) return;
    const median = this.costs.toSorted((a, b) => a - b)[told >> 1] ?? 0;
    const enough = median / mostShare;
    const wanted = enough <= this.asked ? this.asked : Math.min(longest, Math.ceil(enough / step) * step);
    if (wanted > this.chosen || enough <= this.chosen * relief) this.chosen = Math.max(this.asked, wanted);
  }

  /** From one frame to the next, ms. */
  get interval(): Millis {
    return this.chosen;
  }

  /** Whether that is longer than what was asked for. */
  get isStretched(): boolean {
    return this.chosen > this.asked;
  }
}
