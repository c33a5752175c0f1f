/** Which scenarios are made at the same time, where that is asked for: a lab has hours, and there are many. */
import type { Calm } from './calm.js';
import type { Expectation } from './expected.js';

interface Asked {
  readonly together: boolean;
}

/** Two faults each, of which one touches the consumers of a group and no more. */
export function faultsAtOnce(these: readonly Expectation[], { together }: Asked): readonly Expectation[][] {
  const isPaired = ({ startAfter }: Expectation): boolean => together && startAfter === undefined;
  const paired = these.filter(isPaired);
  const aside = paired.filter(each => each.aside);
  const others = paired.filter(each => !each.aside);
  const pairs = Array.from({ length: Math.max(aside.length, others.length) }, (_, i) =>
    [aside[i], others[i]].filter(each => each !== undefined),
  );
  return [...pairs, ...these.filter(each => !isPaired(each)).map(each => [each])];
}

/** All calm situations but those that must be alone: what is silent about all together is silent about each. */
export function calmsAtOnce(these: readonly Calm[], { together }: Asked): readonly (readonly Calm[])[] {
  const others = these.filter(({ alone }) => together && !alone);
  const alone = these.filter(each => !others.includes(each));
  return [...alone.map(calm => [calm]), ...(others.length > 0 ? [others] : [])];
}
