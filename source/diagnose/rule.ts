import type { Millis } from '../core/clock.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Finding, Subject } from './finding.js';

/** What a rule says about one subject: a finding, or nothing to find. A subject that cannot be judged is left out. */
export type Judgement = {
  readonly subject: Subject;
  readonly finding?: Finding;
  /** How long the finding must hold before it fires, ms; the rule's own where it is absent. */
  readonly fireAfter?: Millis;
};

export type Rule = {
  readonly id: string;
  /** How long a finding must hold before it fires, and how long it is shown after it ceased to hold. */
  readonly fireAfter: Millis;
  readonly keep: Millis;
  judge(snapshot: Snapshot): readonly Judgement[];
};
