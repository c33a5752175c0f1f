import type { Millis } from '../core/clock.js';
import type { LiveFinding } from '../diagnose/finding.js';
import type { Snapshot } from '../model/snapshot.js';
import type { OpenGuide } from '../remedy/guide.js';
import { guides } from '../remedy/guides.js';
import { clientLines, type Advised } from '../remedy/guides/client-lines.js';
import type { Suggested } from '../remedy/offers.js';
import { placeOf, type Offer, type Outcome, type Plan, type Step } from '../remedy/plan.js';
import { noNeed } from '../remedy/playbook.js';
import { nameOf, subjectFlow, targetOf, type Subject } from '../remedy/subject.js';
import { Playbook } from './playbook.js';
import type { GatePort } from './remedy-desk.js';
import type { RemedyView } from './view.js';

type Opened = { readonly guide: OpenGuide; readonly since: Millis };

/**
 * What leads through more than one plan: lists of what others must do, which watch whether it was done, and playbooks. What was left goes
 * on where it was.
 */
export class Guidance {
  private readonly opened = new Map<string, Opened>();
  private readonly playbooks = new Map<string, Playbook>();
  /** What the offers of the present menu open, by their ids. */
  private openers = new Map<string, () => void>();
  private shown: Opened | Playbook | undefined;
  private findings: readonly LiveFinding[] = [];

  constructor(
    private readonly gate: GatePort,
    private readonly signal: AbortSignal,
    private readonly changed: () => void,
  ) {}

  /** What can be opened for a subject. */
  offers(
    snapshot: Snapshot,
    subject: Subject,
    suggested: readonly Suggested[],
    advised: readonly Advised[],
  ): { readonly playbook: readonly Offer[]; readonly guides: readonly Offer[] } {
    this.openers = new Map();
    return {
      playbook: this.playbookOffer(snapshot, subject, suggested),
      guides: [...this.advice(snapshot, subject, advised), ...this.guideOffers(snapshot, subject)],
    };
  }

  /** Shows what the offer opens; false where the menu is of something else by now. */
  open(offer: Offer): boolean {
    const opener = this.openers.get(offer.action);
    opener?.();
    return opener !== undefined;
  }

  view(snapshot: Snapshot): RemedyView {
    const { shown } = this;
    if (shown === undefined) return { phase: 'none' };
    if (shown instanceof Playbook) return { phase: 'playbook', playbook: shown.view() };
    const { guide } = shown;
    const { title, why, parts } = guide;
    const checks = guide.watch({ snapshot, findings: new Set(this.findings.map(({ key }) => key)) });
    return { phase: 'guide', guide: { title, why, parts, checks, since: shown.since } };
  }

  /** A tick: playbooks that watch an effect judge it once its time is over, whether or not they are on the screen. */
  tick(snapshot: Snapshot, findings: readonly LiveFinding[]): void {
    this.findings = findings;
    for (const playbook of this.playbooks.values()) playbook.tick(snapshot);
  }

  /** The plan of the step that is next in the playbook on the screen. */
  async plan(signal: AbortSignal): Promise<Outcome | undefined> {
    return this.shown instanceof Playbook ? this.shown.planNext(signal, this.findings) : undefined;
  }

  begun(plan: Plan): void {
    this.ownerOf(plan)?.begun();
  }

  carriedOut(plan: Plan, steps: readonly Step[]): void {
    const owner = this.ownerOf(plan, steps.at(-1)?.plan);
    owner?.carriedOut(plan, steps);
    // A refused step stays due, and is planned anew.
    if (owner !== undefined) this.shown = owner;
  }

  /** Whether the plan is a step of a playbook, so that the dialog goes back to it. */
  leads(plan: Plan): boolean {
    return this.ownerOf(plan) !== undefined;
  }

  private ownerOf(plan: Plan, instead?: Plan): Playbook | undefined {
    return [...this.playbooks.values()].find(playbook => playbook.owns(plan, instead));
  }

  private playbookOffer(
    snapshot: Snapshot,
    subject: Subject,
    suggested: readonly Suggested[],
  ): readonly Offer[] {
    const flow = subjectFlow(snapshot, subject);
    if (flow === undefined) return [];
    const running = this.playbooks.get(flow.id);
    const left = running === undefined || running.ended() ? undefined : running;
    const disabled = left === undefined ? noNeed(flow) : undefined;
    const action = 'playbook';
    this.openers.set(action, () => {
      const playbook =
        left ?? new Playbook(this.gate, subject, flow.connector, snapshot, this.signal, this.changed);
      this.playbooks.set(flow.id, playbook);
      this.shown = playbook;
      void playbook.look(suggested);
    });
    return [
      {
        action,
        title: 'Playbook for a growing lag: one step, watch it, then the next',
        target: { kind: 'connector', connect: flow.connect, connector: flow.connector },
        opens: 'playbook',
        ...(disabled !== undefined && { disabled }),
        ...(running !== undefined && {
          note: `${left === undefined ? 'the last one' : 'goes on:'} ${running.progress()}`,
        }),
      },
    ];
  }

  private guideOffers(snapshot: Snapshot, subject: Subject): readonly Offer[] {
    return guides.flatMap(guide =>
      guide.offer(snapshot, subject).map((offered): Offer => {
        const { target, title = guide.title, disabled } = offered;
        const key = `${guide.id} ${placeOf(target)}/${nameOf(snapshot, subject)}`;
        return {
          action: this.opens(key, snapshot, () => guide.open(snapshot, target)),
          title,
          target,
          opens: 'guide',
          note: 'kmon can not do it itself: what it takes, and whether it was done',
          ...(disabled !== undefined && { disabled }),
        };
      }),
    );
  }

  private advice(snapshot: Snapshot, subject: Subject, advised: readonly Advised[]): readonly Offer[] {
    return advised.map((one, i): Offer => ({
      action: this.opens(`advice ${one.finding} ${i}`, snapshot, () => clientLines(one, subject, snapshot)),
      title: `Set for ${one.where}: ${one.lines[0] ?? ''}`,
      target: targetOf(snapshot, subject),
      opens: 'guide',
      note: 'kmon can not do it itself: the lines, and whether they work',
    }));
  }

  private opens(key: string, { at }: Snapshot, make: () => OpenGuide): string {
    this.openers.set(key, () => {
      const opened = this.opened.get(key) ?? { guide: make(), since: at };
      this.opened.set(key, opened);
      this.shown = opened;
    });
    return key;
  }
}
