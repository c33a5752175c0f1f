import { isKnown, type Known } from '../core/known.js';
import type { Token } from './theme.js';

/** A share 0…1 from its limit on is looked at. */
export function loadToken(share: Known<number>, limit: number): Token {
  return isKnown(share) && share.value >= limit ? 'warning' : 'text';
}
