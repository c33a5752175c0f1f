import type { Millis } from '../core/clock.js';
import type { GroupDescription, MemberSeen } from '../core/observation.js';
import type { Change } from './change-log.js';
import { memberName } from './rebalance-signs.js';

/** Who joined and left between two descriptions of a group, and who of the others owns something else. */
export function memberChanges(
  subject: string,
  before: GroupDescription,
  now: GroupDescription,
  at: Millis,
): Change[] {
  const was = new Map(before.members.map(m => [m.member, m]));
  const is = new Map(now.members.map(m => [m.member, m]));
  const left = before.members.filter(m => !is.has(m.member));
  const joined = now.members.filter(m => !was.has(m.member));
  const stayed = now.members.flatMap(m => {
    const [had, has] = [owned(was.get(m.member)), owned(m)];
    if (had === undefined || has === undefined || had === has) return [];
    return { at, kind: 'assignment' as const, subject, what: memberName(m), was: had, is: has };
  });
  return [
    ...left.map(m => ({ at, kind: 'member' as const, subject, what: memberName(m), was: 'a member' })),
    ...joined.map(m => ({ at, kind: 'member' as const, subject, what: memberName(m), is: 'a member' })),
    ...stayed,
  ];
}

/** `orders 0-3,7, payments 2`; undefined where it is not told. */
function owned(member: MemberSeen | undefined): string | undefined {
  if (member?.assignment === undefined) return undefined;
  const some = member.assignment.filter(({ partitions }) => partitions.length > 0);
  if (some.length === 0) return 'nothing';
  return some
    .map(({ topic, partitions }) => `${topic} ${ranges(partitions)}`)
    .sort()
    .join(', ');
}

function ranges(partitions: Int32Array): string {
  const runs: [first: number, last: number][] = [];
  for (const p of partitions.slice().sort()) {
    const run = runs.at(-1);
    if (run !== undefined && p === run[1] + 1) run[1] = p;
    else runs.push([p, p]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join();
}
