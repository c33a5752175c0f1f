import type { Millis } from '../core/clock.js';
import type { Diagnosis } from '../diagnose/finding.js';
import type { Snapshot } from '../model/snapshot.js';
import type { BeatState } from '../observe/beat.js';
import type { Offer, Plan, Refusal, Step, Target } from '../remedy/plan.js';

/** What the screen draws: one object a tick. */
export type View = Diagnosis & {
  readonly site: { readonly context: string; readonly mode: 'read-only' | 'read-write' };
  /** Time of the tick; the only clock that the screen shows. */
  readonly at: Millis;
  readonly startedAt: Millis;
  readonly snapshot: Snapshot;
  readonly endpoints: readonly EndpointView[];
  /** What the last full pass over everything cost. */
  readonly cost: { readonly requests: number; readonly seconds: number };
  /** Interval between passes, ms. */
  readonly interval: number;
  readonly remedy: RemedyView;
  /** Plans that were confirmed, newest first, with all their steps. */
  readonly changes: readonly ChangeView[];
  /** Set where a recording is shown: nothing is asked and nothing can be changed. */
  readonly replay?: { readonly is: 'playing' | 'ended'; readonly speed: number };
};

/** One outside system as kmon reaches it. */
export type EndpointView = {
  /** `kafka us`, `connect us`, `prometheus`. */
  readonly name: string;
  readonly kind: 'kafka' | 'connect' | 'prometheus';
  readonly address: string;
  readonly status: BeatState;
};

export type RemedyView =
  | { readonly phase: 'none' }
  | { readonly phase: 'offers'; readonly subject: string; readonly offers: readonly Offer[] }
  | { readonly phase: 'planning'; readonly title: string }
  | { readonly phase: 'plan'; readonly plan: Plan; readonly note?: string }
  | { readonly phase: 'refused'; readonly refusal: Refusal }
  | { readonly phase: 'running'; readonly plan: Plan; readonly steps: readonly Step[] }
  | {
      readonly phase: 'ended';
      readonly plan: Plan;
      readonly steps: readonly Step[];
      readonly undo: boolean;
    };

export type ChangeView = { readonly plan: Plan; readonly steps: readonly Step[]; readonly undoable: boolean };

/** What the user wants of the session. Screens send these; they do no I/O. */
export type Intent =
  /** Ask what fits a flow (`flow.id`): fills `remedy` with offers. */
  | { readonly type: 'offer'; readonly flow: string }
  | { readonly type: 'plan'; readonly action: string; readonly target: Target }
  | { readonly type: 'confirm'; readonly typed: string }
  /** Closes the dialog; a change that runs goes on and stays in view 7. */
  | { readonly type: 'dismiss' }
  | { readonly type: 'plan-undo'; readonly plan: string }
  | { readonly type: 'refresh' };

/** The store that the screen subscribes to (`useSyncExternalStore`) and the way back. */
export type SessionPort = {
  subscribe(listener: () => void): () => void;
  view(): View;
  intend(intent: Intent): void;
};
