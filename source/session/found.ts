import type { Millis } from '../core/clock.js';
import type { LiveFinding } from '../diagnose/finding.js';
import type { Subject } from '../remedy/subject.js';
import { withConsequences } from './consequences.js';

/**
 * When the newest finding that an action is about began: one of its subject that suggests it or tells of a fault, under whichever cause it
 * stands. Undefined where none is, or where no start was seen.
 */
export function foundSince(
  findings: readonly LiveFinding[],
  { kind, id }: Subject,
  action: string,
): Millis | undefined {
  const starts = findings
    .flatMap(withConsequences)
    .filter(({ subject }) => subject.kind === kind && subject.id === id)
    .filter(({ severity, remedies }) => severity !== 'info' || remedies.some(one => one.action === action))
    .filter(({ sinceIsBound }) => !sinceIsBound)
    .map(({ since }) => since);
  return starts.length === 0 ? undefined : Math.max(...starts);
}
