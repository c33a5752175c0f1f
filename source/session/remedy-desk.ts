import type { LiveFinding } from '../diagnose/finding.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Earlier } from '../remedy/earlier.js';
import type { Suggested } from '../remedy/offers.js';
import {
  isRefusal,
  type Occasion,
  type Offer,
  type Outcome,
  type Plan,
  type Step,
  type Target,
} from '../remedy/plan.js';
import { nameOf, type Subject } from '../remedy/subject.js';
import { foundSince } from './found.js';
import { Guidance } from './guidance.js';
import { inPlace, merged } from './menu.js';
import type { ChangeView, Intent, RemedyView } from './view.js';

/** The one gate through which anything is changed: `remedy/gate.ts`. */
export type GatePort = {
  offers(subject: Subject, suggested: readonly Suggested[]): readonly Offer[];
  plan(
    action: string,
    target: Target,
    argument: string,
    signal: AbortSignal,
    occasion?: Occasion,
  ): Promise<Outcome>;
  planUndo(plan: string, signal: AbortSignal): Promise<Outcome>;
  run(plan: Plan, typed: string, signal: AbortSignal): AsyncIterable<Step>;
  earlier(signal: AbortSignal): Promise<readonly Earlier[]>;
};

/**
 * What was applied can be taken back, also when it could not be verified, and while its effect is still watched; the gate looks again
 * before it plans that.
 */
function undoable({ irrevocable }: Plan, steps: readonly Step[]): boolean {
  if (irrevocable) return false;
  const is = (...states: readonly Step['state'][]): boolean =>
    steps.some(step => states.includes(step.state));
  return is('applied') && is('verified', 'done', 'failed', 'unknown');
}

/** Carries remedy intents to the gate and keeps what the dialog and the changes view show. */
export class RemedyDesk {
  private dialog: RemedyView | { readonly phase: 'guidance' } = { phase: 'none' };
  private readonly guidance: Guidance;
  private snapshot: Snapshot | undefined;
  private done: ChangeView[] = [];
  private before: readonly Earlier[] = [];
  private subject: Subject | undefined;
  /** As people call it. */
  private name = '';
  private findings: readonly LiveFinding[] = [];
  /** What the menu on the screen would offer now. */
  private menu: (snapshot: Snapshot) => readonly Offer[] = () => [];
  /** Plans that are being made are dropped when the user leaves the dialog. */
  private planning = new AbortController();

  constructor(
    private readonly gate: GatePort,
    private readonly signal: AbortSignal,
    private readonly changed: () => void,
  ) {
    this.guidance = new Guidance(gate, signal, changed);
  }

  view(): RemedyView {
    if (this.dialog.phase !== 'guidance') return this.dialog;
    return this.snapshot === undefined ? { phase: 'none' } : this.guidance.view(this.snapshot);
  }

  /** What menus, guides and playbooks are held against: called at each tick, before it is shown. */
  tick(snapshot: Snapshot, findings: readonly LiveFinding[]): void {
    this.snapshot = snapshot;
    this.findings = findings;
    this.guidance.tick(snapshot, findings);
    if (this.dialog.phase !== 'offers') return;
    this.dialog = { ...this.dialog, offers: inPlace(this.dialog.offers, this.menu(snapshot)) };
  }

  changes(): readonly ChangeView[] {
    return this.done;
  }

  earlier(): readonly Earlier[] {
    return this.before;
  }

  /** Looks once for what an earlier run left unfinished. */
  async lookBack(): Promise<void> {
    this.before = await this.gate.earlier(this.signal);
    if (this.before.length > 0) this.changed();
  }

  intend(
    intent: Exclude<Intent, { type: 'refresh' | 'time' | 'mark' | 'compare' | 'pin' }>,
    snapshot: Snapshot,
  ): void {
    this.snapshot = snapshot;
    switch (intent.type) {
      case 'offer': {
        const { subject, suggested, advised = [] } = intent;
        this.subject = subject;
        this.name = nameOf(snapshot, subject);
        this.menu = now => {
          const led = this.guidance.offers(now, subject, suggested, advised);
          return merged(this.gate.offers(subject, suggested), suggested, led);
        };
        return this.show({ phase: 'offers', subject: this.name, offers: this.menu(snapshot) });
      }
      case 'open':
        if (this.guidance.open(intent.offer)) this.show({ phase: 'guidance' });
        return;
      case 'play':
        this.planning.abort();
        return this.ask('the next step of the playbook', signal => this.guidance.plan(signal));
      case 'ask':
        return this.show({ phase: 'asking', subject: this.name, offer: intent.offer });
      case 'plan': {
        const { action, target, argument } = intent;
        return this.ask(action, signal => {
          const found = this.subject && foundSince(this.findings, this.subject, action);
          return this.gate.plan(action, target, argument, signal, found === undefined ? {} : { found });
        });
      }
      case 'plan-undo':
        return this.ask('undo', signal => this.gate.planUndo(intent.plan, signal));
      case 'confirm':
        if (this.dialog.phase === 'plan') this.confirm(this.dialog.plan, intent.typed);
        return;
      case 'dismiss':
        this.planning.abort();
        return this.show({ phase: 'none' });
    }
  }

  private ask(title: string, question: (signal: AbortSignal) => Promise<Outcome | undefined>): void {
    this.planning.abort();
    const mine = (this.planning = new AbortController());
    this.show({ phase: 'planning', title });
    void question(AbortSignal.any([mine.signal, this.signal])).then(outcome => {
      if (mine.signal.aborted) return;
      if (outcome === undefined) return this.show({ phase: 'guidance' });
      this.show(
        isRefusal(outcome) ? { phase: 'refused', refusal: outcome } : { phase: 'plan', plan: outcome },
      );
    });
  }

  private confirm(plan: Plan, typed: string): void {
    if (typed !== plan.confirm) {
      // The gate checks it again; here it is only about not closing the dialog over a typing error.
      return this.show({
        phase: 'plan',
        plan,
        note: `that is not "${plan.confirm}": nothing was changed`,
      });
    }
    void this.carryOut(plan, typed);
  }

  private async carryOut(plan: Plan, typed: string): Promise<void> {
    const steps: Step[] = [];
    const showSteps = (): void => {
      const mine = this.dialog.phase === 'running' && this.dialog.plan.id === plan.id;
      this.record(plan, steps);
      const undo = undoable(plan, steps);
      this.show(mine ? { phase: 'running', plan, steps: [...steps], undo } : this.dialog);
    };
    this.guidance.begun(plan);
    this.show({ phase: 'running', plan, steps: [], undo: false });
    for await (const step of this.gate.run(plan, typed, this.signal)) {
      steps.push(step);
      showSteps();
    }
    const last = steps.at(-1);
    const leads = this.guidance.leads(plan);
    this.guidance.carriedOut(plan, steps);
    if (this.dialog.phase !== 'running' || this.dialog.plan.id !== plan.id) return;
    if (last?.state === 'moved' && last.plan) {
      this.show({ phase: 'plan', plan: last.plan, note: last.text });
      return;
    }
    if (leads && steps.some(step => step.state === 'verified')) {
      this.show({ phase: 'guidance' });
      return;
    }
    this.show({ phase: 'ended', plan, steps: [...steps], undo: undoable(plan, steps) });
  }

  private record(plan: Plan, steps: readonly Step[]): void {
    const change: ChangeView = { plan, steps: [...steps], undoable: undoable(plan, steps) };
    this.done = [change, ...this.done.filter(c => c.plan.id !== plan.id)];
  }

  private show(dialog: RemedyDesk['dialog']): void {
    this.dialog = dialog;
    this.changed();
  }
}
