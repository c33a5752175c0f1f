import { valueOf } from '../../core/known.js';
import type { GroupView, Snapshot } from '../../model/snapshot.js';

/** So many with the most lag are looked at closely at every tick, and so many of the others in turn. */
const most = { always: 20, inTurn: 40 } as const;
/** The golden ratio: multiples of it, taken mod 1, lie evenly over the groups, whatever the time between two ticks. */
const golden = (Math.sqrt(5) - 1) / 2;

/**
 * The groups that a rule looks at partition by partition in this tick, of those that passed its gate: all, where there are few. When a thousand
 * are late at once, the worst are judged at every tick and the others in turn, well within the time for which a finding that is not judged is held.
 */
export function lookedAtClosely(
  { groups, at }: Snapshot,
  gate: (group: GroupView) => boolean,
): ReadonlySet<GroupView> {
  const passed = groups.filter(gate);
  if (passed.length <= most.always + most.inTurn) return new Set(passed);
  const byLag = [...passed].sort((a, b) => (valueOf(b.lag) ?? 0) - (valueOf(a.lag) ?? 0));
  const worst = new Set(byLag.slice(0, most.always));
  const others = passed.filter(group => !worst.has(group));
  const turn = Math.floor(at / 1_000) * golden;
  const first = Math.floor((turn - Math.floor(turn)) * others.length);
  const inTurn = [...others.slice(first), ...others.slice(0, first)].slice(0, most.inTurn);
  return new Set([...worst, ...inTurn]);
}
