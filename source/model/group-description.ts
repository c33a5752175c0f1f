import type { GroupDescription } from '../core/observation.js';

/**
 * Only a stable group tells its assignor, assignments and worker URLs. While it rebalances, those of the members that stay are
 * what they last were, so that a rebalance is not taken for a loss of all owners.
 */
export function withWhatWasKnown(
  now: GroupDescription,
  before: GroupDescription | undefined,
): GroupDescription {
  if (tellsAll(now, before)) return now;
  const was = new Map(before?.members.map(m => [m.member, m]));
  const members = now.members.map(m => {
    const { assignment, url } = was.get(m.member) ?? {};
    return { ...(assignment && { assignment }), ...(url !== undefined && { url }), ...m };
  });
  const assignor = now.assignor ?? before?.assignor;
  return { ...now, ...(assignor !== undefined && { assignor }), members };
}

/** Whether nothing that was known before is missing now: so it is of a group at rest. */
function tellsAll(now: GroupDescription, before: GroupDescription | undefined): boolean {
  if (before === undefined) return true;
  if (now.assignor === undefined && before.assignor !== undefined) return false;
  return now.members.every(
    m => m.assignment !== undefined && (m.url !== undefined || now.protocolType !== 'connect'),
  );
}
