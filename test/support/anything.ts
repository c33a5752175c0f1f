import fc from 'fast-check';
import type { Observation } from '../../source/core/observation.js';
import { arbitraryObservation } from './arbitrary-observation.js';

/** Anything that may be observed, of the clusters that are watched, so that it meets what is known of them. */
export const anything = fc
  .tuple(fc.oneof(...Object.values(arbitraryObservation)), fc.constantFrom('eu', 'us'))
  .map(([o, cluster]): Observation => {
    const tame = withPartitions(o);
    if ('cluster' in tame) return { ...tame, cluster };
    return 'connect' in tame ? { ...tame, connect: 'us' } : tame;
  });

/** Partitions are numbered from 0, and no topic has two thousand million of them: the wire refuses such an answer. */
function withPartitions<T>(value: T): T {
  if (value instanceof Int32Array) return value.map(p => Math.abs(p) % 16) as T;
  if (Array.isArray(value)) return value.map(withPartitions) as T;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withPartitions(part)])) as T;
}
