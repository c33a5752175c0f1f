import { isKnown } from '../core/known.js';
import type { ApisOffered } from '../core/observation.js';
import { same } from './same.js';
import type { BrokerView } from './snapshot.js';

/** Brokers that offer the same requests in the same versions, so that they run the same release or nearly so. */
export type Alike = { readonly brokers: readonly number[]; readonly apis: ApisOffered };

/** The brokers of a cluster by what they offer: more than one set while a rolling upgrade is under way. Of some nothing may be known. */
export function alike(brokers: readonly Pick<BrokerView, 'id' | 'apis'>[]): readonly Alike[] {
  const sets: { readonly brokers: number[]; readonly apis: ApisOffered }[] = [];
  for (const { id, apis } of brokers) {
    if (!isKnown(apis)) continue;
    const set = sets.find(s => same(s.apis, apis.value));
    if (set === undefined) sets.push({ brokers: [id], apis: apis.value });
    else set.brokers.push(id);
  }
  return sets;
}

/** The versions of one request that are offered; undefined where it is not offered at all. */
export function versionsOf(
  { key, oldest, newest }: ApisOffered,
  wanted: number,
): { readonly oldest: number; readonly newest: number } | undefined {
  const i = key.indexOf(wanted);
  return i < 0 ? undefined : { oldest: oldest[i] ?? NaN, newest: newest[i] ?? NaN };
}

/** Keys of the requests that not all of them offer in the same versions, rising. */
export function keysThatDiffer(sets: readonly Alike[]): readonly number[] {
  const keys = [...new Set(sets.flatMap(({ apis }) => [...apis.key]))].sort((a, b) => a - b);
  return keys.filter(key => {
    const [first, ...others] = sets.map(({ apis }) => versionsOf(apis, key));
    return others.some(other => !same(first, other));
  });
}
