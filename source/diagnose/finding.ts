import type { Millis } from '../core/clock.js';
import type { Failure } from '../core/failure.js';
import type { ThresholdName, Unit } from './thresholds.js';
import type { Tree } from './tree.js';

export type Severity = 'critical' | 'warning' | 'info';

export type Confidence = 'high' | 'medium' | 'low';

/** What a finding is about; `subject.ts` makes one of what the model shows, with its id. */
export type SubjectKind =
  'flow' | 'group' | 'topic' | 'cluster' | 'broker' | 'worker' | 'connect' | /** Kmon's own sight. */ 'watch';

export type Subject = {
  readonly kind: SubjectKind;
  /** Unique among its kind: `us/billing`, `us/orders`, `us/3`. */
  readonly id: string;
  /** As people call it. */
  readonly name: string;
};

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
  /** The same as a number, 0…1; `weigh` reckons all three. */
  readonly certainty: number;
  /** What would raise the confidence: what was not known and would have counted. */
  readonly raise: readonly string[];
  readonly evidence: readonly Evidence[];
  /** What could not be checked, and why. */
  readonly unchecked: readonly string[];
  /** What would prove the verdict wrong. */
  readonly falsifier: string;
  /** Remedies that fit, best first. */
  readonly remedies: readonly RemedyHint[];
  readonly byHand: readonly string[];
  /** What the owner of the application should change. */
  readonly advice: readonly Advice[];
  /** Findings that follow from this one, and are shown under it instead of beside it. */
  readonly explains?: readonly Explains[];
  /** The questions that led to the verdict, with the branch taken. */
  readonly tree?: Tree;
};

export type RemedyHint = {
  /** Id of the action: `tasks-max`. */
  readonly action: string;
  readonly cures: boolean;
  /** What it would do here, or why it would not cure. */
  readonly note: string;
  /** What it changes, where that is not the subject. */
  readonly target?: Subject;
};

/** Exact lines for the configuration of a client. */
export type Advice = {
  /** Whose, and where: `consumers of billing`, `producers of orders`, `topic orders`. */
  readonly where: string;
  /** As they stand in the file: `session.timeout.ms=45000`. */
  readonly lines: readonly string[];
  /** Why, and what it costs. */
  readonly why: string;
};

/**
 * Which findings a cause explains. `rule` and `subject.id` may end in `*`, which stands for any rest; a part that is left
 * out stands for all.
 */
export type Explains = {
  readonly rule?: string;
  readonly subject?: { readonly kind?: SubjectKind; readonly id?: string };
  /** They are expected for a while, and make nothing worse: partitions without an owner during a rolling restart. */
  readonly excuses?: true;
  /** After it they stand for themselves again. */
  readonly until?: Millis;
};

/** One comparison that a rule made. Texts are for people; beside them stand the numbers that they were made of. */
export type Evidence = {
  readonly what: string;
  /** The value as text with its unit; `–` where unknown. */
  readonly value: string;
  readonly threshold: string;
  /** Where the threshold comes from: a runbook, a measurement, a KIP, a default of kmon. */
  readonly origin: string;
  readonly holds: boolean | 'unknown';
  /** In `unit`; absent where the value is unknown or no number. */
  readonly measured?: number;
  readonly limit?: number;
  readonly unit?: Unit;
  /** The threshold that may be set in the configuration, where it is one. */
  readonly setting?: ThresholdName;
  /** Length of the window in seconds and samples in it, where it is not one instant. */
  readonly window?: number;
  readonly samples?: number;
};

export type Phase = 'pending' | 'firing' | 'resolving';

/** Something that happened to a finding. */
export type Moment = {
  readonly at: Millis;
  /** `changed`: another verdict about the same subject; `lost`: it could no longer be judged. */
  readonly what: Phase | 'changed' | 'cleared' | 'lost';
  /** The verdict at that time. */
  readonly verdict: string;
};

type Life = {
  readonly key: string;
  readonly since: Millis;
  /** True where the start was not seen: the age then reads `≥`. */
  readonly sinceIsBound: boolean;
  /** Oldest first: when it was first seen, fired, changed, ended. Bounded. */
  readonly timeline: readonly Moment[];
};

/** A finding with its life: screens and `check` read these. Its severity is that of the worst that it explains. */
export type LiveFinding = Finding &
  Life & {
    readonly phase: Phase;
    /** While it is pending: when it fires if it goes on holding. */
    readonly firesAt?: Millis;
    /** Set where nothing can be said about it any more: for how long, ms. What it says is of then. */
    readonly unjudgedFor?: Millis;
    /** What follows from it, worst first. */
    readonly consequences: readonly LiveFinding[];
    /** Set on a consequence that is expected for a while. */
    readonly excused?: true;
  };

/** A finding that fired and is over. */
export type PastFinding = Finding & Life & { readonly endedAt: Millis };

/** A subject that a rule could not judge. */
export type Unjudged = { readonly rule: string; readonly subject: Subject; readonly why: Failure };

/** All that the rules say at one tick. */
export type Diagnosis = {
  /** Critical first, then what others follow from, then the oldest. What another one explains is under it. */
  readonly findings: readonly LiveFinding[];
  /** Those that are over, newest first; bounded. */
  readonly past: readonly PastFinding[];
  readonly unjudged: readonly Unjudged[];
};
