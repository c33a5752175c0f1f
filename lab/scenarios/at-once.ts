/** Which scenarios are made at the same time, where that is asked for: a lab has hours, and there are many. */
import type { Calm } from './calm.js';
import type { Expectation, Part } from './expected.js';

interface Asked {
  readonly together: boolean;
}

/** Parts of the site that a fault touches which does not say which: all that is replicated. */
const replication: readonly Part[] = ['mm2-source', 'leaders of us'];

/** Each fault goes to the first others that touch nothing of what it touches. */
export function faultsAtOnce(these: readonly Expectation[], { together }: Asked): readonly Expectation[][] {
  const batches: Expectation[][] = [];
  for (const each of these) {
    const batch = together ? batches.find(those => those.every(other => areApart(each, other))) : undefined;
    if (batch) batch.push(each);
    else batches.push([each]);
  }
  return batches;
}

/** Whether both can be made at once. One that kmon is started after is alone. */
function areApart(one: Expectation, other: Expectation): boolean {
  if (one.startAfter !== undefined || other.startAfter !== undefined) return false;
  const { touches = replication } = one;
  return !(other.touches ?? replication).some(part => touches.includes(part));
}

/** All calm situations but those that must be alone: what is silent about all together is silent about each. */
export function calmsAtOnce(these: readonly Calm[], { together }: Asked): readonly (readonly Calm[])[] {
  const others = these.filter(({ alone }) => together && !alone);
  const alone = these.filter(each => !others.includes(each));
  return [...alone.map(calm => [calm]), ...(others.length > 0 ? [others] : [])];
}
