import type { Millis } from '../core/clock.js';

/** What is to be changed. */
export type Target = { readonly kind: 'connector'; readonly connect: string; readonly connector: string };

/** One key of the diff; `undefined` means that the key is not set. Secret values never appear. */
export type Change = {
  readonly key: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
};

/** Everything that the user reads before typing the name. Plain data; it is also what the audit file keeps. */
export type Plan = {
  readonly id: string;
  readonly action: string;
  /** `Raise tasks.max of mm2-source on us` */
  readonly title: string;
  readonly target: Target;
  /** The word that must be typed: the name of the thing that is changed. */
  readonly confirm: string;
  readonly why: string;
  readonly changes: readonly Change[];
  /** Connect cluster, URL, Kafka cluster id. */
  readonly where: string;
  /** Said first when it is not `cures`: a plan that cannot cure the diagnosed cause says so before anything else. */
  readonly cure: { readonly verdict: 'cures' | 'may-cure' | 'will-not-cure'; readonly reason: string };
  /** The effect with its arithmetic. */
  readonly expect: readonly string[];
  /** Records that will be written twice: write/s × time since the last flush. */
  readonly repeats: string;
  readonly risk: { readonly level: 'low' | 'medium' | 'high'; readonly text: string };
  readonly undo: string;
  readonly byHand: readonly string[];
  /** The plan that this one takes back. */
  readonly undoes?: string;
  readonly madeAt: Millis;
};

/** Why nothing can be planned or applied, and what to do instead. */
export type Refusal = {
  readonly action: string;
  readonly target: Target;
  readonly reason: string;
  readonly instead: readonly string[];
};

export type Outcome = Plan | Refusal;

export function isRefusal(o: Outcome): o is Refusal {
  return 'reason' in o;
}

/** What happened to a plan, in order. `moved`, `refused`, `failed`, `unknown` and `done` are the last of a run. */
export type Step = {
  readonly at: Millis;
  readonly state:
    | 're-reading'
    | 'moved'
    | 'applying'
    | 'applied'
    | 'verifying'
    | 'verified'
    | 'watching'
    | 'done'
    | 'refused'
    | 'failed'
    | 'unknown';
  readonly text: string;
  /** With `moved`: the plan against the world as it is now. */
  readonly plan?: Plan;
  /** With `watching` and `done`: the effect in records/s, before and after. */
  readonly effect?: {
    readonly what: string;
    readonly before: number;
    readonly after: number;
    readonly expected: string;
  };
};

/** An action as the menu shows it for a subject, with why it is disabled. */
export type Offer = {
  readonly action: string;
  readonly title: string;
  readonly target: Target;
  readonly disabled?: string;
};
