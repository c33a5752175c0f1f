import type { Suggested } from '../remedy/offers.js';
import type { Offer } from '../remedy/plan.js';

/**
 * What a finding says cures it first, then the playbook, what else can be planned, what others must do, and what can not be
 * planned now.
 */
export function merged(
  plans: readonly Offer[],
  suggested: readonly Suggested[],
  { playbook, guides }: { readonly playbook: readonly Offer[]; readonly guides: readonly Offer[] },
): readonly Offer[] {
  const isOpen = (offer: Offer): boolean => offer.disabled === undefined;
  const cures = new Set(suggested.filter(one => one.cures).map(one => one.action));
  const open = plans.filter(isOpen);
  const curing = open.filter(offer => cures.has(offer.action));
  return [
    ...curing,
    ...playbook.filter(isOpen),
    ...open.filter(offer => !curing.includes(offer)),
    ...guides.filter(isOpen),
    ...[...plans, ...playbook, ...guides].filter(offer => !isOpen(offer)),
  ];
}

/**
 * A menu that is on the screen, as things are now: each offer stays where the cursor finds it, says anew what hinders it, and is not
 * taken away under a key that is on its way. What came since is at the end.
 */
export function inPlace(shown: readonly Offer[], now: readonly Offer[]): readonly Offer[] {
  const newest = new Map(now.map(offer => [idOf(offer), offer]));
  const known = new Set(shown.map(idOf));
  return [
    ...shown.map(offer => newest.get(idOf(offer)) ?? { ...offer, disabled: 'it is no longer there' }),
    ...now.filter(offer => !known.has(idOf(offer))),
  ];
}

/** The whole target: a user and a client may have one name. */
function idOf({ action, target }: Offer): string {
  return JSON.stringify([action, target]);
}
