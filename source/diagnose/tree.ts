import type { Evidence } from './finding.js';

export type Answer = 'yes' | 'no' | 'unknown';

/** One question of a decision tree as it was answered: plain data, which screens draw. */
export type Step = {
  readonly id: string;
  /** `does the target throttle the producers?` */
  readonly question: string;
  readonly answer: Answer;
  /** The numbers that answered it, or why there are none: `throttle 180 ms on 4 of 4 tasks`. */
  readonly because: string;
  readonly evidence: readonly Evidence[];
  /** True on the way that led to the verdict. */
  readonly taken: boolean;
  /** What a yes would mean, or what is to be looked at next. */
  readonly leads: string;
  /** Questions below it; they were asked whether or not the way led there. */
  readonly steps: readonly Step[];
};

export type Tree = {
  /** `why does the lag of mm2-source grow?` */
  readonly asks: string;
  readonly steps: readonly Step[];
  /** Where the way ended: `target-limited`. */
  readonly verdict: string;
};
