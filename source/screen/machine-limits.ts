import { isKnown, type Known } from '../core/known.js';
import type { Token } from './theme.js';

/** From where on the runbook speaks of a full machine; shares 0…1. The rules have thresholds of their own, which can be set. */
export const machineLimits = { cpu: 0.85, memory: 0.9, heap: 0.9 } as const;

export function loadToken(share: Known<number>, limit: number): Token {
  return isKnown(share) && share.value >= limit ? 'warning' : 'text';
}
