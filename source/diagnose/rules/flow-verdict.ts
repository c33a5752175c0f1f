import { isKnown } from '../../core/known.js';
import type { FlowView } from '../../model/snapshot.js';
import type { Evidence, Finding } from '../finding.js';
import type { Answer, Reply } from '../tree.js';

type Own = 'severity' | 'consequence' | 'byHand' | 'advice';

/** What the end of the way says; the rule adds the rest, and what is left out here. */
export type Verdict = Omit<Finding, 'rule' | 'subject' | 'unchecked' | 'tree' | Own> &
  Partial<Pick<Finding, Own>>;

export function reply(
  answer: Answer | Evidence['holds'],
  because: string,
  evidence: readonly Evidence[] = [],
): Reply {
  return { answer: typeof answer === 'string' ? answer : answer ? 'yes' : 'no', because, evidence };
}

/** Yes where one of them holds, unknown where none does and one might. */
export function anyOf(evidence: readonly Evidence[]): Answer {
  if (evidence.some(e => e.holds === true)) return 'yes';
  return evidence.some(e => e.holds === 'unknown') ? 'unknown' : 'no';
}

/** Yes where all of them hold. */
export function allOf(evidence: readonly Evidence[]): Answer {
  if (evidence.some(e => e.holds === false)) return 'no';
  return evidence.some(e => e.holds === 'unknown') ? 'unknown' : 'yes';
}

/** `throttle 180 ms, buffer 94%`: what was compared, and with what result. */
export function told(...parts: readonly (readonly [name: string, Evidence])[]): string {
  return parts.map(([name, { value }]) => `${name} ${value}`).join(', ');
}

/** Whether anything was measured that tells a limited target from a slow source. */
export function targetWasChecked(flow: FlowView): boolean {
  return isKnown(flow.throttle) || isKnown(flow.bufferUsed) || isKnown(flow.inFlight);
}
