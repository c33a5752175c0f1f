import type { Snapshot } from '../model/snapshot.js';
import type { Action } from './action.js';
import type { Offer, Target } from './plan.js';
import type { Subject } from './subject.js';

/** What a finding says of an action: whether it cures what was found, and why. */
export type Suggested = { readonly action: string; readonly cures: boolean; readonly note: string };

/**
 * Every action that has to do with the subject: first those that a finding says cure it, then the others that can be
 * planned in the order of the registry, then what would not cure, and at the end what can not be planned now.
 */
export function offersFor(
  actions: readonly Action[],
  snapshot: Snapshot,
  subject: Subject,
  suggested: readonly Suggested[],
  closed: (target: Target) => { readonly reason: string; readonly owner?: string } | undefined,
): readonly Offer[] {
  const offers = actions.flatMap(action =>
    action.offer(snapshot, subject).map((offered): Offer => {
      const barred = closed(offered.target);
      // What someone else owns can be planned: the answer is what to change in its place.
      const disabled = barred !== undefined && barred.owner === undefined ? barred.reason : offered.disabled;
      const said = suggested.find(one => one.action === action.id);
      return {
        action: action.id,
        title: offered.title ?? action.title,
        target: offered.target,
        ...(disabled !== undefined && { disabled }),
        ...(said !== undefined && { note: said.cures ? said.note : `would not cure it: ${said.note}` }),
        ...(action.asks && { asks: action.asks }),
      };
    }),
  );
  const rank = (offer: Offer): number => {
    if (offer.disabled !== undefined) return 3;
    const said = suggested.find(one => one.action === offer.action);
    if (said === undefined) return 1;
    return said.cures ? 0 : 2;
  };
  return offers
    .map((offer, i) => ({ offer, i }))
    .sort((a, b) => rank(a.offer) - rank(b.offer) || a.i - b.i)
    .map(({ offer }) => offer);
}
