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

const groupIdNotFound = 69;

/** A group that a describe of its kind was asked for: what is refused of it, or what it is. */
export type AskedFor = {
  readonly name: string;
  readonly error: number;
  readonly message: string | null;
  readonly group: SimulatedGroup | undefined;
};

/** For the describes of one kind of groups, which answer first what they refuse. */
export function askedFor(
  names: readonly string[],
  type: SimulatedGroup['type'],
  question: Question,
): readonly AskedFor[] {
  const asked = names.map((name): AskedFor => {
    const found = question.state.groups[name];
    const error = groupError(found, question) || (found?.type === type ? 0 : groupIdNotFound);
    const refusal = found ? `Group ${name} is not a ${type} group.` : `Group ${name} not found.`;
    const message = error === groupIdNotFound ? refusal : null;
    return { name, error, message, group: error === 0 ? found : undefined };
  });
  return [...asked.filter(a => a.error !== 0), ...asked.filter(a => a.error === 0)];
}
