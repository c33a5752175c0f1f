import type { Millis } from '../core/clock.js';
import type { Diagnosis } from '../diagnose/finding.js';
import type { MachineLimits } from '../diagnose/machine-limits.js';
import type { Endpoint } from '../core/endpoint.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Earlier } from '../remedy/earlier.js';
import type { GuideView } from '../remedy/guide.js';
import type { Advised } from '../remedy/guides/client-lines.js';
import type { Suggested } from '../remedy/offers.js';
import type { Offer, Plan, Refusal, Step, Target } from '../remedy/plan.js';
import type { Stage } from '../remedy/playbook.js';
import type { Subject } from '../remedy/subject.js';
import type { MemoryView } from './memory.js';

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
  /** What findings about machines compare with, as it was set. */
  readonly limits: MachineLimits;
  /** Between two frames, ms, where that is more than was asked for because frames cost too much CPU. */
  readonly stretched?: number;
  readonly remedy: RemedyView;
  /** Plans that were confirmed, newest first, with all their steps. */
  readonly changes: readonly ChangeView[];
  /**
   * Set while a past moment is held: `at`, snapshot, findings and endpoints are of then, dialog and changes of now. `earlier` and
   * `later` are the moments beside it that can be gone to.
   */
  readonly held?: { readonly at: Millis; readonly earlier?: Millis; readonly later?: Millis };
  /** Changes that earlier runs of kmon began and did not end, with what is known of them. */
  readonly earlier: readonly Earlier[];
  /** Marks and favourites: of now, also while a past moment is held. */
  readonly memory: MemoryView;
  /** Set where a recording is shown: nothing is asked and nothing can be changed. */
  readonly replay?: { readonly is: 'playing' | 'ended'; readonly speed: number };
};

export type EndpointView = Endpoint;

export type RemedyView =
  | { readonly phase: 'none' }
  | { readonly phase: 'offers'; readonly subject: string; readonly offers: readonly Offer[] }
  /** An offer that needs a word of the user's before it can be planned. */
  | { readonly phase: 'asking'; readonly subject: string; readonly offer: Offer }
  | { readonly phase: 'planning'; readonly title: string }
  | { readonly phase: 'plan'; readonly plan: Plan; readonly note?: string }
  | { readonly phase: 'refused'; readonly refusal: Refusal }
  /** What kmon can not do itself, and what is so of it by now. */
  | { readonly phase: 'guide'; readonly guide: GuideView }
  | { readonly phase: 'playbook'; readonly playbook: PlaybookView }
  | {
      readonly phase: 'running';
      readonly plan: Plan;
      readonly steps: readonly Step[];
      /** It is applied and verified: it can be taken back while its effect is still watched. */
      readonly undo: boolean;
    }
  | {
      readonly phase: 'ended';
      readonly plan: Plan;
      readonly steps: readonly Step[];
      readonly undo: boolean;
    };

/** The runbook's steps against one growing lag, and how far they are. */
export type PlaybookView = {
  /** The flow. */
  readonly name: string;
  /** How it stands: `lag 1.21M, grows by 3.30k/s`. */
  readonly now: string;
  readonly steps: readonly PlayStepView[];
  /** The plan that is next; or why none is now; or how it ended. */
  readonly next?: string;
  readonly waits?: string;
  readonly over?: string;
  /** The plan that was applied last, and can be taken back. */
  readonly undo?: string;
};

export type PlayStepView = {
  readonly stage: Stage;
  readonly title: string;
  readonly is: 'open' | 'skipped' | 'due' | 'running' | 'watching' | 'done';
  readonly text: string;
};

export type ChangeView = { readonly plan: Plan; readonly steps: readonly Step[]; readonly undoable: boolean };

/** What the user wants of the session. Screens send these; they do no I/O. */
export type Intent =
  /** Ask what fits a subject: fills `remedy` with offers, what its findings suggest first. */
  | {
      readonly type: 'offer';
      readonly subject: Subject;
      readonly suggested: readonly Suggested[];
      /** What findings of the subject say that others should set. */
      readonly advised?: readonly Advised[];
    }
  /** Opens a guide or a playbook of the menu; one that was left goes on. */
  | { readonly type: 'open'; readonly offer: Offer }
  /** Plans the step of the playbook that is next. */
  | { readonly type: 'play' }
  /** Ask the user for the word that an offer needs. */
  | { readonly type: 'ask'; readonly offer: Offer }
  /** `argument` is the answer to what the offer asks; empty where it asks nothing. */
  | { readonly type: 'plan'; readonly action: string; readonly target: Target; readonly argument: string }
  | { readonly type: 'confirm'; readonly typed: string }
  /** Closes the dialog; a change that runs goes on and stays in view 7. */
  | { readonly type: 'dismiss' }
  | { readonly type: 'plan-undo'; readonly plan: string }
  /** Shows everything as it was at a moment (the present is frozen by its own time), or goes on with the present. */
  | { readonly type: 'time'; readonly to: Millis | 'live' }
  /** Something happens now that the user wants to find again, and to compare with: a deployment. */
  | { readonly type: 'mark'; readonly label?: string }
  /** Compares with the mark before the one that is compared with; after the oldest with none, then with the newest again. */
  | { readonly type: 'compare' }
  /** Sorts something first, in every list and in later runs; or no longer. */
  | { readonly type: 'pin'; readonly subject: Subject }
  | { readonly type: 'refresh' };

/** The store that the screen subscribes to (`useSyncExternalStore`) and the way back. */
export type SessionPort = {
  subscribe(listener: () => void): () => void;
  /** What is shown: the present, or the past moment that is held. */
  view(): View;
  /** The present, whatever is shown. */
  live(): View;
  intend(intent: Intent): void;
};
