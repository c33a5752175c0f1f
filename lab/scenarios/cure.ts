/** Cures what was found: the first remedy that is offered for a finding, planned and applied through the gate by a session without a screen. */
import type { LiveFinding } from '../../source/diagnose/finding.js';
import { valueOf } from '../../source/core/known.js';
import type { Offer, Plan, Refusal, Step } from '../../source/remedy/plan.js';
import type { RemedyView, SessionPort, View } from '../../source/session/view.js';

/** What became of a fault's finding when its first remedy was applied. */
export interface Cure {
  readonly finding: string;
  /** The remedy's title; absent where none is offered that can be planned now. */
  readonly remedy?: string;
  /** Why nothing was applied. */
  readonly not?: string;
  readonly plan?: Plan;
  readonly steps: readonly Step[];
  /** What was expected to move, before and after; absent where it was not watched to its end. */
  readonly effect?: Step['effect'];
  /** Until the flow's lag is 0 at the pace after the cure, s; absent where it does not fall or is no flow's. */
  readonly drainSeconds?: number;
  /** Whether the finding was gone when the effect had been watched. */
  readonly cured: boolean;
}

/**
 * Offers, plans, types the word, waits for the end. The session must be read-write and the finding a live one of it. Never rejects for what
 * kmon refuses: that is the answer. @throws where the session does not answer in `patienceMs`
 */
export async function cure(session: SessionPort, finding: LiveFinding, patienceMs = 300_000): Promise<Cure> {
  const { subject, remedies, sentence, key } = finding;
  const wait = (...phases: readonly RemedyView['phase'][]): Promise<View> =>
    viewOf(session, view => phases.includes(view.remedy.phase), patienceMs);
  const report: Cure = { finding: `${subject.name}: ${sentence}`, steps: [], cured: false };

  session.intend({ type: 'offer', subject: { kind: subject.kind, id: subject.id }, suggested: remedies });
  const menu = (await wait('offers')).remedy;
  const offer = menu.phase === 'offers' ? firstCure(menu.offers, finding) : undefined;
  if (offer === undefined) {
    session.intend({ type: 'dismiss' });
    return { ...report, not: 'no remedy that cures it is offered' };
  }
  const { action, target, title } = offer;
  session.intend({ type: 'plan', action, target, argument: '' });
  const planned = (await wait('plan', 'refused')).remedy;
  if (planned.phase !== 'plan') {
    session.intend({ type: 'dismiss' });
    return { ...report, remedy: title, not: reasonOf(planned) };
  }
  const { plan } = planned;
  session.intend({ type: 'confirm', typed: plan.confirm });
  const ended = await wait('ended');
  const steps = ended.remedy.phase === 'ended' ? ended.remedy.steps : [];
  session.intend({ type: 'dismiss' });
  const effect = steps.at(-1)?.effect;
  const drain = drainOf(ended, finding);
  return {
    ...report,
    remedy: title,
    plan,
    steps,
    ...(effect && { effect }),
    ...(drain !== undefined && { drainSeconds: drain }),
    cured: !session.live().findings.some(one => one.key === key && one.phase === 'firing'),
  };
}

/** A line for people: fault, remedy, effect against expectation, time to drain. */
export function cureLine({ finding, remedy, not, effect, drainSeconds, cured, steps }: Cure): string {
  if (not !== undefined) return `${finding}; ${remedy ?? 'no remedy'}: ${not}`;
  const moved = effect
    ? `${effect.what} ${Math.round(effect.before)} → ${Math.round(effect.after)} (expected ${effect.expected})`
    : (steps.at(-1)?.text ?? 'nothing was told');
  const drain = drainSeconds === undefined ? '' : `; drained in ${Math.round(drainSeconds)} s`;
  return `${finding}; ${remedy ?? ''}: ${moved}${drain}; the finding ${cured ? 'is gone' : 'stands'}`;
}

/** The first offer of the menu that the finding says cures it and that needs no answer of the user's. */
function firstCure(offers: readonly Offer[], { remedies }: LiveFinding): Offer | undefined {
  const cures = new Set(remedies.filter(hint => hint.cures).map(hint => hint.action));
  return offers.find(
    ({ action, disabled, asks, opens }) => cures.has(action) && disabled === undefined && !asks && !opens,
  );
}

function reasonOf(remedy: RemedyView): string {
  const refusal: Refusal | undefined = remedy.phase === 'refused' ? remedy.refusal : undefined;
  return refusal?.reason ?? 'it was not planned';
}

function drainOf({ snapshot }: View, { subject }: LiveFinding): number | undefined {
  const flow = subject.kind === 'flow' ? snapshot.flows.find(one => one.id === subject.id) : undefined;
  const [slope, lag] = [flow && valueOf(flow.lagSlope), flow && valueOf(flow.lag)?.low];
  return slope === undefined || lag === undefined || slope >= 0 ? undefined : lag / -slope;
}

/** The first view for which it is so, now or at a coming tick. */
function viewOf(session: SessionPort, is: (view: View) => boolean, patienceMs: number): Promise<View> {
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(
      () => end(() => reject(new Error(`not so in ${patienceMs / 1000} s`))),
      patienceMs,
    );
    const look = (): void => {
      const view = session.live();
      if (is(view)) end(() => resolve(view));
    };
    const unsubscribe = session.subscribe(look);
    function end(then: () => void): void {
      clearTimeout(deadline);
      unsubscribe();
      then();
    }
    look();
  });
}
