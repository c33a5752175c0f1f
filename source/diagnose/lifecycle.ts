import type { Millis } from '../core/clock.js';
import type { Snapshot } from '../model/snapshot.js';
import { BySubject } from './by-subject.js';
import { nest } from './causes.js';
import { weigh } from './confidence.js';
import type { Diagnosis, Finding, PastFinding, Subject, Unjudged } from './finding.js';
import { Life } from './life.js';
import { defaultLimits, type Limits } from './limits.js';
import type { Judgement, Rule } from './rule.js';
import { rules as allRules } from './rules.js';
import { ofWatch } from './subject.js';

/** Findings that are over and still shown. */
const mostPast = 50;
/** A subject that was found healthy so recently had its trouble begin before kmon's eyes, ms. */
const recently: Millis = 60_000;

/** What became of a rule's judgements of one subject. */
type Judged = {
  life: Life | undefined;
  /** When it was last found without trouble. */
  healthyAt: Millis;
};

/** Asks every rule at every tick, and ages what they say. */
export class Lifecycle {
  /** In the order in which they began. */
  private readonly lives = new Set<Life>();
  private readonly subjects = new BySubject((): Judged => ({ life: undefined, healthyAt: -Infinity }));
  private forgotAt: Millis = -Infinity;
  private past: readonly PastFinding[] = [];

  constructor(
    private readonly rules: readonly Rule[] = allRules,
    private readonly limits: Limits = defaultLimits,
  ) {}

  judge(snapshot: Snapshot): Diagnosis {
    const { at } = snapshot;
    const unjudged: Unjudged[] = [];
    for (const rule of this.rules)
      for (const judgement of this.ask(rule, snapshot)) {
        const { subject, unjudged: why } = judgement;
        if (why !== undefined) unjudged.push({ rule: rule.id, subject, why });
        else this.fold(this.subjects.of(rule.id, subject), rule, judgement, at);
      }
    this.endThoseOver(at);
    const flat = [...this.lives].map(life => life.view(at));
    return { findings: nest(flat, this.limits, at), past: this.past, unjudged };
  }

  private fold(judged: Judged, rule: Rule, judgement: Judgement, at: Millis): void {
    const { finding, keepsOnly } = judgement;
    const { life } = judged;
    if (finding === undefined) {
      judged.healthyAt = at;
      life?.miss(at, this.limits);
      return;
    }
    if (life === undefined && keepsOnly) {
      judged.healthyAt = at;
      return;
    }
    const wasHealthy = at - judged.healthyAt <= recently;
    const begun = life ?? new Life(keyOf(rule, judgement.subject), rule, finding, judgement, at, !wasHealthy);
    if (life === undefined) {
      judged.life = begun;
      this.lives.add(begun);
    }
    begun.see(finding, judgement, at, this.limits);
  }

  private endThoseOver(at: Millis): void {
    for (const life of this.lives) {
      const how = life.over(at, this.limits);
      if (how === undefined) continue;
      this.lives.delete(life);
      this.subjects.of(life.rule.id, life.subject).life = undefined;
      const past = life.end(at, how);
      if (past !== undefined) this.past = [past, ...this.past].slice(0, mostPast);
    }
    this.forget(at);
  }

  /** What is not spoken of any more; a look at all that is kept, and so not at every tick. */
  private forget(at: Millis): void {
    if (at - this.forgotAt <= recently) return;
    this.forgotAt = at;
    this.subjects.drop(({ life, healthyAt }) => life === undefined && at - healthyAt > recently);
  }

  /** One rule that breaks must not take the others' findings with it: it becomes a finding itself. */
  private ask(rule: Rule, snapshot: Snapshot): readonly Judgement[] {
    const subject = ofWatch(`rule ${rule.id}`);
    try {
      return [...rule.judge(snapshot, this.limits), { subject }];
    } catch (error) {
      return [{ subject, fireAfter: 0, finding: broken(rule, subject, error) }];
    }
  }
}

function keyOf(rule: Rule, { kind, id }: Subject): string {
  return `${rule.id}/${kind}/${id}`;
}

function broken(rule: Rule, subject: Subject, error: unknown): Finding {
  return {
    rule: rule.id,
    subject,
    severity: 'warning',
    verdict: 'rule-broken',
    sentence: `the rule failed: ${error instanceof Error ? error.message : String(error)}`,
    consequence: 'what it would find is not found',
    ...weigh(1, []),
    evidence: [],
    unchecked: [`everything that ${rule.id} looks at`],
    falsifier: 'there is none: this is an error of kmon’s own',
    remedies: [],
    byHand: ['record what kmon sees, and report it: kmon record --for 1m --out kmon.rec'],
    advice: [],
  };
}
