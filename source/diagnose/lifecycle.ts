import type { Millis } from '../core/clock.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Finding, LiveFinding, Phase, Severity } from './finding.js';
import type { Judgement, Rule } from './rule.js';
import { rules as allRules } from './rules.js';

/** A condition that is missed by single evaluations is still the same one, ms. */
const grace: Millis = 8_000;
/** What can no longer be judged is held so long, ms: unknown is not healthy. */
const holdUnjudged: Millis = 600_000;

/**
 * Ages what rules say: pending → firing → resolving → gone. A finding fires when it held for the rule's `fireAfter`,
 * and goes when it did not hold for `keep`; within that it may come back without starting anew.
 */
export class Lifecycle {
  private readonly lives = new Map<string, Life>();
  private readonly judgedBefore = new Set<string>();

  constructor(private readonly rules: readonly Rule[] = allRules) {}

  /** Findings of this tick, critical first, then the oldest. */
  judge(snapshot: Snapshot): LiveFinding[] {
    const { at } = snapshot;
    for (const rule of this.rules) {
      const judged = new Set<string>();
      for (const judgement of rule.judge(snapshot)) {
        const key = `${rule.id}/${judgement.subject.kind}/${judgement.subject.id}`;
        judged.add(key);
        this.fold(key, rule, judgement, at);
      }
      for (const [key, life] of this.lives)
        if (life.rule === rule && !judged.has(key) && at - life.judgedAt > holdUnjudged)
          this.lives.delete(key);
    }
    return [...this.lives]
      .map(([key, { finding, phase, since, sinceIsBound }]) => {
        const consequence = phase === 'resolving' ? 'holds no longer' : finding.consequence;
        return { ...finding, consequence, key, phase, since, sinceIsBound };
      })
      .sort((a, b) => order[a.severity] - order[b.severity] || a.since - b.since);
  }

  private fold(key: string, rule: Rule, { finding, fireAfter }: Judgement, at: Millis): void {
    const first = !this.judgedBefore.has(key);
    this.judgedBefore.add(key);
    const life = this.lives.get(key);
    if (finding === undefined) {
      if (life === undefined) return;
      life.judgedAt = at;
      const missed = at - life.metAt;
      if (life.phase === 'pending' ? missed > grace : missed > rule.keep) this.lives.delete(key);
      else if (life.phase === 'firing' && missed > grace) life.phase = 'resolving';
      return;
    }
    const wait = fireAfter ?? rule.fireAfter;
    if (life === undefined) {
      const phase = wait > 0 ? 'pending' : 'firing';
      this.lives.set(key, { rule, finding, phase, since: at, sinceIsBound: first, metAt: at, judgedAt: at });
      return;
    }
    life.finding = finding;
    life.metAt = life.judgedAt = at;
    if (life.phase === 'resolving' || at - life.since >= wait) life.phase = 'firing';
  }
}

type Life = {
  readonly rule: Rule;
  finding: Finding;
  phase: Phase;
  readonly since: Millis;
  readonly sinceIsBound: boolean;
  metAt: Millis;
  judgedAt: Millis;
};

const order: { readonly [S in Severity]: number } = { critical: 0, warning: 1, info: 2 };
