import type { Millis } from '../core/clock.js';

/** What is to be changed. */
export type Target =
  | { readonly kind: 'connector'; readonly connect: string; readonly connector: string }
  | { readonly kind: 'topic'; readonly cluster: string; readonly topic: string }
  | ({ readonly kind: 'quota'; readonly cluster: string } & QuotaEntity)
  | { readonly kind: 'group'; readonly cluster: string; readonly group: string }
  /** The leaders of a whole cluster. */
  | { readonly kind: 'cluster'; readonly cluster: string };

/** Whom a quota is for (KIP-55): a user, a client id, or both; null is the default of its level, absent is any. */
export type QuotaEntity = { readonly user?: string | null; readonly client?: string | null };

/**
 * One line of the diff. `key` is a name that the world tells the value of (`World.shown`): a configuration key, `state`,
 * `task 3`, `orders/3`, `leader of orders/3`. `undefined` means that there is no value. Secret values never appear.
 */
export type Change = {
  readonly key: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** What the line comes to: `400 records are read again`. */
  readonly note?: string;
};

/** Everything that the user reads before typing the name. Plain data; it is also what the audit file keeps. */
export type Plan = {
  readonly id: string;
  readonly action: string;
  /** `Raise tasks.max of mm2-source on us` */
  readonly title: string;
  readonly target: Target;
  /** What must be typed, in proportion to the risk: `yes`, or the name of the thing that is changed. */
  readonly confirm: string;
  readonly why: string;
  readonly changes: readonly Change[];
  /** Connect cluster, URL, Kafka cluster id. */
  readonly where: string;
  /** Said first when it is not `cures`: a plan that cannot cure the diagnosed cause says so before anything else. */
  readonly cure: {
    readonly verdict: 'cures' | 'may-cure' | 'will-not-cure';
    readonly reason: string;
  };
  /** The effect with its arithmetic. */
  readonly expect: readonly string[];
  /** Records that will be written or read twice, with the arithmetic; empty where there are none. */
  readonly repeats: string;
  readonly risk: { readonly level: 'low' | 'medium' | 'high'; readonly text: string };
  /** How it is taken back, or why nothing can. */
  readonly undo: string;
  /** Set where nothing can take it back: that is said before anything else. */
  readonly irrevocable?: true;
  readonly byHand: readonly string[];
  /** The plan that this one takes back. */
  readonly undoes?: string;
  /** Of which playbook it is a step, and what was skipped before it and why. */
  readonly playbook?: string;
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
  /** With `watching` and `done`: what was expected to move, before and after. */
  readonly effect?: {
    /** `write/s`, `lag` */
    readonly what: string;
    readonly before: number;
    readonly after: number;
    readonly expected: string;
    /** Means of equal spans, oldest first, from before the change until now; NaN where nothing was measured. */
    readonly line: readonly number[];
  };
};

/** What the user must add before something can be planned: a word, a number, a time. */
export type Question = {
  /** `key=value, or key= to unset` */
  readonly prompt: string;
  readonly example: string;
};

/** Why a plan is asked for. */
export type Occasion = {
  /** Of which playbook it is a step, for the audit file. */
  readonly playbook?: string;
  /** When the newest finding that it is about began; absent where none is, or its start was not seen. */
  readonly found?: Millis;
};

/** An action as the menu shows it for a subject, with why it is disabled. */
export type Offer = {
  readonly action: string;
  readonly title: string;
  readonly target: Target;
  readonly disabled?: string;
  /** What a finding says of it: why it fits, or why it does not cure. */
  readonly note?: string;
  readonly asks?: Question;
  /** Where it is no plan: a list of what to do that watches, or a playbook of plans. */
  readonly opens?: 'guide' | 'playbook';
};

/** The name of the thing that is changed. */
export function nameOfTarget(target: Target): string {
  switch (target.kind) {
    case 'connector':
      return target.connector;
    case 'topic':
      return target.topic;
    case 'group':
      return target.group;
    case 'quota':
      return [target.user, target.client]
        .filter(name => name !== undefined)
        .map(name => name ?? '<default>')
        .join('/');
    case 'cluster':
      return target.cluster;
  }
}

/** The Connect or Kafka cluster that the thing is in. */
export function placeOf(target: Target): string {
  return target.kind === 'connector' ? target.connect : target.cluster;
}
