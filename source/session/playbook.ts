import type { Millis } from '../core/clock.js';
import { duration } from '../core/units.js';
import type { LiveFinding } from '../diagnose/finding.js';
import type { FlowView, Snapshot } from '../model/snapshot.js';
import type { Suggested } from '../remedy/offers.js';
import { isRefusal, type Outcome, type Plan, type Step } from '../remedy/plan.js';
import { growingLag, outcomeOf, skipped, standOf, watchFor, type PlayStep } from '../remedy/playbook.js';
import type { Subject } from '../remedy/subject.js';
import { foundSince } from './found.js';
import type { PlaybookView, PlayStepView } from './view.js';
import type { GatePort } from './remedy-desk.js';

type State =
  | { readonly is: 'open' }
  | { readonly is: 'skipped'; readonly why: string }
  /** It can be planned and may cure: the user decides. */
  | { readonly is: 'due'; readonly title: string; readonly note?: string }
  | { readonly is: 'running' }
  | { readonly is: 'watching'; readonly until: Millis }
  | { readonly is: 'done'; readonly text: string };

/**
 * The runbook's steps against the growing lag of one flow. One change at a time: a step is planned only after the effect of the one before
 * was watched for a set time; what cannot cure what was found is skipped, with the reason. It changes nothing by itself.
 */
export class Playbook {
  private suggested: readonly Suggested[] = [];
  private readonly states: State[] = growingLag.map(() => ({ is: 'open' }));
  private over: string | undefined;
  private looking = false;
  /** The plan of the step that is due, once the user has seen it. */
  private plan: string | undefined;
  /** The last change that was made, for its undo. */
  private last: string | undefined;

  constructor(
    private readonly gate: GatePort,
    readonly subject: Subject,
    private readonly name: string,
    private snapshot: Snapshot,
    private readonly signal: AbortSignal,
    private readonly changed: () => void,
  ) {}

  view(): PlaybookView {
    const flow = this.flow();
    return {
      name: this.name,
      now: flow === undefined ? 'the flow is not seen now' : standOf(flow),
      steps: growingLag.map((step, i) => this.stepView(step, this.stateAt(i))),
      ...this.next(),
      ...(this.last !== undefined && { undo: this.last }),
    };
  }

  /** How far it is, for the menu. */
  progress(): string {
    if (this.over !== undefined) return this.over;
    const i = this.current();
    const state = this.stateAt(i);
    const word =
      state.is === 'watching' ? 'its effect is watched' : state.is === 'running' ? 'under way' : 'next';
    return `step ${i + 1} of ${growingLag.length}, ${growingLag[i]?.title ?? ''}: ${word}`;
  }

  /** Whether it has ended: then it may begin anew. */
  ended(): boolean {
    return this.over !== undefined;
  }

  /** Finds the next step that may cure, from what is found now. */
  async look(suggested: readonly Suggested[]): Promise<void> {
    this.suggested = suggested;
    const state = this.stateAt(this.current());
    if (this.looking || this.over !== undefined || state.is === 'watching' || state.is === 'running') return;
    this.looking = true;
    try {
      for (let i = this.current(); i < growingLag.length && !this.signal.aborted; i++) {
        const found = await this.judge(i);
        this.states[i] = found;
        this.changed();
        if (found.is === 'due') return;
      }
      this.over ??= 'no step is left: what was found needs another cure, see its evidence';
    } finally {
      this.looking = false;
      this.changed();
    }
  }

  /** The plan of the step that is due, made anew: the world may have moved since it was judged. */
  async planNext(signal: AbortSignal, findings: readonly LiveFinding[]): Promise<Outcome | undefined> {
    const i = this.current();
    if (this.stateAt(i).is !== 'due') return undefined;
    const outcome = await this.planOf(i, signal, findings);
    if (outcome === undefined) return undefined;
    if (isRefusal(outcome)) {
      this.states[i] = { is: 'skipped', why: outcome.reason };
      void this.look(this.suggested);
    } else this.plan = outcome.id;
    return outcome;
  }

  /** Whether the plan is this playbook's; `instead`: another one, since the world moved. */
  owns(plan: Plan, instead?: Plan): boolean {
    const mine = plan.id === this.plan;
    if (mine && instead !== undefined) this.plan = instead.id;
    return mine;
  }

  begun(): void {
    this.states[this.current()] = { is: 'running' };
  }

  /** How the change of the step ended. */
  carriedOut(plan: Plan, steps: readonly Step[]): void {
    const i = this.current();
    const end = steps.at(-1);
    const verified = steps.find(step => step.state === 'verified');
    if (verified !== undefined) {
      this.last = plan.id;
      this.states[i] = { is: 'watching', until: verified.at + watchFor };
    } else if (end?.state !== 'unknown' && !steps.some(step => step.state === 'applied')) {
      this.states[i] = { is: 'due', title: plan.title, note: end?.text ?? '' };
    } else {
      this.states[i] = { is: 'done', text: end?.text ?? 'it ended' };
      this.over =
        'stopped: what the last change did is not clear; look at it before anything else is changed';
    }
  }

  /** Once the time is over, what the step did is judged by what was measured. */
  tick(snapshot: Snapshot): void {
    this.snapshot = snapshot;
    const i = this.current();
    const state = this.stateAt(i);
    const flow = this.flow();
    if (state.is !== 'watching' || snapshot.at < state.until || flow === undefined) return;
    const { cured, text } = outcomeOf(flow);
    if (cured === 'unknown') return;
    this.states[i] = { is: 'done', text };
    if (cured) this.over = `cured: ${text}; nothing more is changed`;
    else void this.look(this.suggested);
  }

  private async judge(i: number): Promise<State> {
    const step = growingLag[i];
    const flow = this.flow();
    if (step === undefined || flow === undefined) return { is: 'skipped', why: 'the flow is not seen now' };
    const offers = this.gate.offers(this.subject, this.suggested);
    const why = skipped(step, flow, this.snapshot, offers, this.suggested);
    if (why !== undefined) return { is: 'skipped', why };
    const outcome = await this.planOf(i, this.signal);
    if (outcome === undefined) return { is: 'skipped', why: 'it has nothing to do with this flow' };
    if (isRefusal(outcome)) return { is: 'skipped', why: outcome.reason };
    return outcome.cure.verdict === 'will-not-cure'
      ? { is: 'skipped', why: `would not cure it: ${outcome.cure.reason}` }
      : { is: 'due', title: outcome.title };
  }

  private async planOf(
    i: number,
    signal: AbortSignal,
    findings: readonly LiveFinding[] = [],
  ): Promise<Outcome | undefined> {
    const offer = this.gate
      .offers(this.subject, this.suggested)
      .find(one => one.action === growingLag[i]?.action);
    if (offer === undefined) return undefined;
    const found = foundSince(findings, this.subject, offer.action);
    return this.gate.plan(offer.action, offer.target, '', signal, {
      playbook: this.partOf(i),
      ...(found !== undefined && { found }),
    });
  }

  /** For the audit file: which step of what, and what was passed over before it. */
  private partOf(i: number): string {
    const passed = growingLag.slice(0, i).flatMap((step, k) => {
      const state = this.stateAt(k);
      return state.is === 'skipped' ? [`${step.title} (${state.why})`] : [];
    });
    const step = `growing lag of ${this.name}: step ${i + 1} of ${growingLag.length}, ${growingLag[i]?.stage ?? ''}`;
    return passed.length === 0 ? step : `${step}; skipped: ${passed.join(', ')}`;
  }

  private next(): Pick<PlaybookView, 'next' | 'waits' | 'over'> {
    if (this.over !== undefined) return { over: this.over };
    const state = this.stateAt(this.current());
    if (state.is === 'due') return { next: state.title };
    if (state.is === 'watching') {
      const left = Math.max(0, Math.ceil((state.until - this.snapshot.at) / 1000));
      return {
        waits: `the effect of the last change is watched for ${duration(left * 1000)} more: never two changes at once`,
      };
    }
    return {
      waits: state.is === 'running' ? 'a change is under way' : 'looking for the next step that may cure',
    };
  }

  private stepView({ stage, title }: PlayStep, state: State): PlayStepView {
    switch (state.is) {
      case 'open':
      case 'running':
        return { stage, title, is: state.is, text: '' };
      case 'skipped':
        return { stage, title, is: 'skipped', text: state.why };
      case 'due':
        return { stage, title, is: 'due', text: state.note ?? state.title };
      case 'watching':
        return { stage, title, is: 'watching', text: 'verified; its effect is watched' };
      case 'done':
        return { stage, title, is: 'done', text: state.text };
    }
  }

  /** The first step that is neither skipped nor done; the last one where all are. */
  private current(): number {
    const i = this.states.findIndex(({ is }) => is !== 'skipped' && is !== 'done');
    return i < 0 ? growingLag.length - 1 : i;
  }

  private stateAt(i: number): State {
    return this.states[i] ?? { is: 'open' };
  }

  private flow(): FlowView | undefined {
    return this.snapshot.flows.find(flow => flow.id === this.subject.id);
  }
}
