import type { Millis } from '../../core/clock.js';
import type { Finding, Subject } from '../finding.js';
import type { Limits } from '../limits.js';

type Optional = 'unchecked' | 'remedies' | 'byHand' | 'advice';

/** A finding of which only what there is to say is said. */
export function made(
  rule: string,
  subject: Subject,
  said: Omit<Finding, 'rule' | 'subject' | Optional> & Partial<Pick<Finding, Optional>>,
): Finding {
  return { rule, subject, unchecked: [], remedies: [], byHand: [], advice: [], ...said };
}

/** Whether something happened so lately that it is still news. */
export function isNews(happened: Millis | undefined, at: Millis, limits: Limits): boolean {
  return happened !== undefined && at - happened <= limits.millis('event-shown');
}

/** `orders, payments, refunds and 4 more`. */
export function listed(names: readonly string[], most = 3): string {
  const rest = names.length - most;
  return rest > 0 ? `${names.slice(0, most).join(', ')} and ${rest} more` : names.join(', ');
}
