import type { Millis } from '../core/clock.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Offered } from './action.js';
import type { Target } from './plan.js';
import type { Subject } from './subject.js';

/** What kmon can not do itself: what to do, exactly, and a list of checks that watches whether it was done and worked. */
export type Guide = {
  readonly id: string;
  readonly title: string;
  /** For docs/remedies.md. */
  readonly about: { readonly tells: string; readonly watches: string };
  /** Where it fits the subject. Not disabled, as a rule: to read it changes nothing. */
  offer(snapshot: Snapshot, subject: Subject): readonly Offered[];
  /** As things are now: what is watched is held against this moment. */
  open(snapshot: Snapshot, target: Target): OpenGuide;
};

export type OpenGuide = {
  readonly title: string;
  /** Whether it is worth it, and why. */
  readonly why: readonly string[];
  readonly parts: readonly Instruction[];
  /** Pure: what is so now of what was to be done. */
  readonly watch: (now: Seen) => readonly Check[];
};

/** Exact lines, for a file or a shell. */
export type Instruction = {
  /** `workers of us: connect-distributed.properties` */
  readonly where: string;
  readonly lines: readonly string[];
  readonly why: string;
};

/** What checks are held against: the model, and which findings stand (by their keys). */
export type Seen = { readonly snapshot: Snapshot; readonly findings: ReadonlySet<string> };

export type Check = {
  /** `a third worker joins` */
  readonly what: string;
  readonly is: 'done' | 'open' | 'unknown';
  /** `2 workers` */
  readonly now: string;
};

/** A guide as it is shown: plain data. */
export type GuideView = Omit<OpenGuide, 'watch'> & {
  readonly since: Millis;
  readonly checks: readonly Check[];
};
