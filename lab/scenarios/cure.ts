/** Cures what was found: the first remedy that is offered for a finding, planned and applied through the gate by a session without a screen. */
import type { Millis } from '../../source/core/clock.js';
import type { LiveFinding } from '../../source/diagnose/finding.js';
import { valueOf } from '../../source/core/known.js';
import type { Offer, Plan, Step } from '../../source/remedy/plan.js';
import type { RemedyView, SessionPort, View } from '../../source/session/view.js';

/** What became of a finding when its first remedy was applied, or why it was not. */
export type Cure = NotTried | Tried;

export interface NotTried {
  /** The remedy's title; absent where none that cures is offered. */
  readonly remedy?: string;
  /** Why nothing was applied. */
  readonly not: string;
}

export interface Tried {
  readonly remedy: string;
  readonly plan: Plan;
  readonly steps: readonly Step[];
  /** When it was sent. */
  readonly applied: Millis;
  /** What was expected to move, before and after; absent where it was not watched to its end. */
  readonly effect?: Step['effect'];
  /** Until the flow's lag is 0 at the pace after the cure, s; absent where it does not fall or is no flow's. */
  readonly drainSeconds?: number;
}

/** How often a plan is confirmed that is shown anew because the world has moved. */
const mostDiffs = 3;

/** A change is verified within two minutes, and its effect watched for one. */
const patience: Millis = 300_000;

/**
 * Offers, plans, types the word, waits for the end of the watch. The session must be read-write and the finding a live one of it. Never
 * rejects for what kmon refuses: that is the answer. @throws where the session does not answer, or `signal` aborts
 */
export async function cure(session: SessionPort, finding: LiveFinding, signal: AbortSignal): Promise<Cure> {
  const { subject, remedies } = finding;
  const wait = async (...phases: readonly RemedyView['phase'][]): Promise<RemedyView> =>
    (await viewOf(session, view => phases.includes(view.remedy.phase), signal)).remedy;
  try {
    session.intend({ type: 'offer', subject: { kind: subject.kind, id: subject.id }, suggested: remedies });
    const menu = await wait('offers');
    const offer = menu.phase === 'offers' ? firstCure(menu.offers, finding) : undefined;
    if (offer === undefined) return { not: 'no remedy that cures it is offered' };
    const { action, target, title: remedy } = offer;
    session.intend({ type: 'plan', action, target, argument: '' });
    let shown = await wait('plan', 'refused');
    for (let diffs = 0; shown.phase === 'plan' && diffs < mostDiffs; diffs++) {
      const { verdict, reason } = shown.plan.cure;
      if (verdict === 'will-not-cure')
        return { remedy, not: `its plan says that it will not cure: ${reason}` };
      session.intend({ type: 'confirm', typed: shown.plan.confirm });
      shown = await wait('ended', 'plan');
    }
    if (shown.phase === 'refused') return { remedy, not: shown.refusal.reason };
    if (shown.phase !== 'ended') return { remedy, not: 'what it changes went on moving' };
    const { plan, steps } = shown;
    const applied = steps.find(step => step.state === 'applied')?.at;
    if (applied === undefined) return { remedy, not: steps.at(-1)?.text ?? 'nothing was told' };
    const effect = steps.at(-1)?.effect;
    const drain = drainOf(session.live(), finding);
    return {
      remedy,
      plan,
      steps,
      applied,
      ...(effect && { effect }),
      ...(drain !== undefined && { drainSeconds: drain }),
    };
  } finally {
    session.intend({ type: 'dismiss' });
  }
}

/** The first offer of the menu that the finding says cures it and that needs no answer of the user's. */
function firstCure(offers: readonly Offer[], { remedies }: LiveFinding): Offer | undefined {
  const cures = new Set(remedies.filter(hint => hint.cures).map(hint => hint.action));
  return offers.find(
    ({ action, disabled, asks, opens }) => cures.has(action) && disabled === undefined && !asks && !opens,
  );
}

function drainOf({ snapshot }: View, { subject }: LiveFinding): number | undefined {
  const flow = subject.kind === 'flow' ? snapshot.flows.find(one => one.id === subject.id) : undefined;
  const [slope, lag] = [flow && valueOf(flow.lagSlope), flow && valueOf(flow.lag)?.low];
  return slope === undefined || lag === undefined || slope >= 0 ? undefined : lag / -slope;
}

/** The first view for which it is so, now or at a coming tick. */
function viewOf(session: SessionPort, is: (view: View) => boolean, signal: AbortSignal): Promise<View> {
  const over = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const view = session.live();
      if (is(view)) end(() => resolve(view));
    };
    const late = (): void => end(() => reject(new Error('the session was waited for, and did not answer')));
    const unsubscribe = session.subscribe(look);
    over.addEventListener('abort', late, { once: true });
    function end(then: () => void): void {
      over.removeEventListener('abort', late);
      unsubscribe();
      then();
    }
    if (over.aborted) late();
    else look();
  });
}
