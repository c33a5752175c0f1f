import type { Millis } from '../core/clock.js';
import { duration } from '../core/units.js';
import { isWorse } from './causes.js';
import type { Finding, LiveFinding, Moment, PastFinding, Phase, Subject } from './finding.js';
import type { Limits } from './limits.js';
import type { Judgement, Rule } from './rule.js';

/** What was not judged for longer is told with how long, ms. */
const silence: Millis = 30_000;

/** Moments that are kept of one life: the first two, and the newest. */
const mostMoments = 20;

/**
 * One finding from when it was first seen to its end: pending → firing → resolving → over.
 *
 * It fires when it held for the rule's `fireAfter` in 80 % of the evaluations; it resolves when it is missed for longer than
 * a moment, and is over when it did not hold for `keep`. Within that it may come back without starting anew.
 */
export class Life {
  phase: Phase = 'pending';
  /** What was judged. */
  readonly subject: Subject;
  private finding: Finding;
  private since: Millis;
  private sinceIsBound: boolean;
  private readonly timeline: Moment[] = [];
  private evaluations = 0;
  private met = 0;
  private metAt: Millis;
  private judgedAt: Millis;
  private wait: Millis;
  /** Since when what was seen is worse than what is told. */
  private worseSince: Millis | undefined;

  /** `unseen`: whether it may have held before kmon first looked. */
  constructor(
    readonly key: string,
    readonly rule: Rule,
    finding: Finding,
    { subject, heldSince, fireAfter }: Judgement,
    at: Millis,
    unseen: boolean,
  ) {
    this.subject = subject;
    this.finding = finding;
    this.since = Math.min(at, heldSince?.at ?? at);
    this.sinceIsBound = heldSince?.bound ?? unseen;
    this.metAt = this.judgedAt = at;
    this.wait = fireAfter ?? rule.fireAfter;
    this.note(this.since, 'pending');
  }

  /** One evaluation that found something. */
  see(finding: Finding, { keepsOnly, fireAfter, heldSince }: Judgement, at: Millis, limits: Limits): void {
    if (keepsOnly && this.phase === 'pending') {
      this.miss(at, limits);
      return;
    }
    if (this.phase === 'pending' && heldSince !== undefined) this.beganBy(heldSince);
    if (!this.isNewlyWorse(finding, at)) {
      if (finding.verdict !== this.finding.verdict) this.note(at, 'changed', finding.verdict);
      this.finding = finding;
    }
    this.metAt = this.judgedAt = at;
    this.evaluations++;
    this.met++;
    this.wait = fireAfter ?? this.rule.fireAfter;
    const held = this.met >= limits.value('life-share') * this.evaluations;
    if (this.phase === 'resolving' || (this.phase === 'pending' && held && at - this.since >= this.wait))
      this.enter('firing', at);
  }

  /** One evaluation that found nothing. */
  miss(at: Millis, limits: Limits): void {
    this.judgedAt = at;
    this.evaluations++;
    if (this.phase === 'firing' && at - this.metAt > limits.millis('life-grace')) this.enter('resolving', at);
  }

  /** Whether it is over; `lost` where that is because it could not be judged for long. */
  over(at: Millis, limits: Limits): 'cleared' | 'lost' | undefined {
    const grace = limits.millis('life-grace');
    const missed = this.judgedAt - this.metAt;
    const patience =
      this.phase === 'pending'
        ? Math.max(grace, (1 - limits.value('life-share')) * this.wait)
        : this.rule.keep;
    if (this.phase !== 'firing' && missed > patience) return 'cleared';
    return at - this.judgedAt > limits.millis('life-hold') ? 'lost' : undefined;
  }

  view(at: Millis): LiveFinding {
    const { key, phase, since, sinceIsBound, timeline, finding } = this;
    const unjudgedFor = at - this.judgedAt;
    return {
      ...finding,
      ...(phase === 'resolving' && { consequence: 'holds no longer' }),
      ...(unjudgedFor > silence && {
        unjudgedFor,
        consequence: `not judged for ${duration(unjudgedFor)}, the numbers are of then`,
      }),
      key,
      phase,
      since,
      sinceIsBound,
      timeline: [...timeline],
      ...(phase === 'pending' && { firesAt: since + this.wait }),
      consequences: [],
    };
  }

  /** What is left of it; undefined where it never fired. */
  end(at: Millis, how: 'cleared' | 'lost'): PastFinding | undefined {
    if (this.phase === 'pending') return undefined;
    this.note(at, how);
    const { key, since, sinceIsBound, timeline, finding } = this;
    return { ...finding, key, since, sinceIsBound, timeline, endedAt: at };
  }

  /** History may show only after some looks that it held before the first of them. */
  private beganBy({ at, bound }: NonNullable<Judgement['heldSince']>): void {
    const [first] = this.timeline;
    if (first === undefined || at >= this.since) return;
    this.since = at;
    this.sinceIsBound = bound;
    this.timeline[0] = { ...first, at };
  }

  /** Whether it would make what is told worse, and has not done so for long enough. */
  private isNewlyWorse(finding: Finding, at: Millis): boolean {
    const { worseAfter } = this.rule;
    if (worseAfter === undefined || !isWorse(finding.severity, this.finding.severity)) {
      this.worseSince = undefined;
      return false;
    }
    this.worseSince ??= at;
    return at - this.worseSince < worseAfter;
  }

  private enter(phase: Phase, at: Millis): void {
    this.phase = phase;
    this.note(at, phase);
  }

  private note(at: Millis, what: Moment['what'], verdict = this.finding.verdict): void {
    if (this.timeline.length >= mostMoments) this.timeline.splice(2, 1);
    this.timeline.push({ at, what, verdict });
  }
}
