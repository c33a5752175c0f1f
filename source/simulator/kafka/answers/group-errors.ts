import { maySee, type Question } from '../api.js';
import type { SimulatedGroup } from '../state.js';

export const notCoordinator = 16;
export const groupAuthorizationFailed = 30;

/** The code that every group API gives for this group, before it looks into it; 0 for none. */
export function groupError(group: SimulatedGroup | undefined, question: Question): number {
  if (!maySee(question)) return groupAuthorizationFailed;
  if (group === undefined) return 0;
  if (group.error !== 0) return group.error;
  return group.coordinator === question.broker.id ? 0 : notCoordinator;
}
