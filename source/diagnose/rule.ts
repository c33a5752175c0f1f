import type { Millis } from '../core/clock.js';
import type { Failure } from '../core/failure.js';
import type { MetricName, ObservationKind } from '../core/observation.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Finding, Subject } from './finding.js';
import type { Limits } from './limits.js';
import type { ThresholdName } from './thresholds.js';
import type { Outline } from './tree.js';

/**
 * What a rule says about one subject: a finding; or nothing to find; or why it cannot be judged. What stood about a
 * subject of which nothing is said, or that cannot be judged, is held for a while: unknown is not healthy.
 */
export type Judgement = {
  readonly subject: Subject;
  readonly finding?: Finding;
  /** With `finding`: it is below its threshold and above its clear level. It keeps what stands, and begins nothing. */
  readonly keepsOnly?: true;
  /** With `finding`: since when history shows that it held, as soon as it shows it; `bound`: at least so long. */
  readonly heldSince?: { readonly at: Millis; readonly bound: boolean };
  /** How long the finding must hold before it fires, ms; the rule's own where it is absent. */
  readonly fireAfter?: Millis;
  /** Instead of `finding`: why nothing can be said. */
  readonly unjudged?: Failure;
};

export type Rule = {
  readonly id: string;
  /** How long a finding must hold before it fires, and how long it is shown after it ceased to hold. */
  readonly fireAfter: Millis;
  readonly keep: Millis;
  /**
   * How long what is told must have been worse before it is told so; at once where it is absent. For a rule that gathers many things
   * into one finding: each of them is as new as the first was.
   */
  readonly worseAfter?: Millis;
  readonly description: Description;
  /** Pure; throws never, whatever the snapshot holds. */
  judge(snapshot: Snapshot, limits: Limits): readonly Judgement[];
};

/** What `docs/diagnosis.md` says of a rule; that file is made from these. Markdown is left as it is. */
export type Description = {
  /** The question that it answers: `What limits this flow: target, source, or capacity?` */
  readonly what: string;
  /** Its formula, as it would stand on paper; several lines. */
  readonly formula: string;
  /** The questions that it asks, in their order, where it walks a tree. */
  readonly tree?: readonly Outline[];
  readonly thresholds: readonly ThresholdName[];
  readonly needs: readonly Need[];
  /** What looks alike and is not, and how it is told apart. */
  readonly traps: readonly string[];
  readonly wrongIf: readonly string[];
  readonly remedies: readonly string[];
};

/** A fact that a rule reads, and what it says without it. */
export type Need = {
  readonly fact: ObservationKind | MetricName;
  /** `blind`: it says nothing at all; `less-sure`: it says so with less confidence. */
  readonly without: 'blind' | 'less-sure';
};
