import type { Millis } from '../core/clock.js';

export type Severity = 'critical' | 'warning' | 'info';

export type Confidence = 'high' | 'medium' | 'low';

/** What a rule says about one subject at one tick, before the life-cycle ages it. */
export type Finding = {
  readonly rule: string;
  readonly subject: Subject;
  readonly severity: Severity;
  /** The verdict in a word or two: `target-limited`. */
  readonly verdict: string;
  /** One sentence without the subject: `target limits writes: quota of mm2-user`. */
  readonly sentence: string;
  /** What follows from it: `lag +3.30k/s`. */
  readonly consequence: string;
  readonly confidence: Confidence;
  /** What would raise the confidence; empty when it is high. */
  readonly raise: readonly string[];
  readonly evidence: readonly Evidence[];
  /** What could not be checked, and why. */
  readonly unchecked: readonly string[];
  /** What would prove the verdict wrong. */
  readonly falsifier: string;
  /** Remedies that fit, best first, by the id of their action; with why an action would not cure. */
  readonly remedies: readonly { readonly action: string; readonly cures: boolean; readonly note: string }[];
  readonly byHand: readonly string[];
};

export type Subject =
  | { readonly kind: 'flow'; readonly id: string; readonly name: string }
  | { readonly kind: 'group'; readonly id: string; readonly name: string };

/** One comparison that a rule made. */
export type Evidence = {
  readonly what: string;
  /** The value as text with its unit; `–` where unknown. */
  readonly value: string;
  readonly threshold: string;
  /** Where the threshold comes from: a runbook, a measurement, a KIP, a default of kmon. */
  readonly origin: string;
  readonly holds: boolean | 'unknown';
  /** Length of the window in seconds and samples in it, where it is not one instant. */
  readonly window?: number;
  readonly samples?: number;
};

export type Phase = 'pending' | 'firing' | 'resolving';

/** A finding with its life: screens and `check` read these. */
export type LiveFinding = Finding & {
  readonly key: string;
  readonly phase: Phase;
  readonly since: Millis;
  /** True where the start was not seen: the age then reads `≥`. */
  readonly sinceIsBound: boolean;
};
