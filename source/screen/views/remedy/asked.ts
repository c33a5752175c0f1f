import type { Offer } from '../../../remedy/plan.js';

/** Under which name the answer to an offer's question is kept. */
export function askedOf(offer: Offer): string {
  return `answer to ${offer.action}`;
}
