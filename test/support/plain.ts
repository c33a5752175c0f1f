import type { ReadonlySeries } from '../../source/model/series.js';

/** A snapshot with every series written out as times and values, so that two can be compared by what they say. */
export function plain(value: unknown): unknown {
  if (isSeries(value))
    return Array.from({ length: value.length }, (_, i) => [value.timeAt(i), value.valueAt(i)]);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  // A function makes on demand what stands beside it as data.
  const told = factsIn(value).filter(([, of]) => typeof of !== 'function');
  return Object.fromEntries(told.map(([key, of]) => [key, plain(of)]));
}

/** What it holds, and what its class makes when it is read. */
export function factsIn(value: object): readonly (readonly [name: string, fact: unknown])[] {
  return [...Object.entries(value), ...madeWhenRead(value)];
}

/** What a class makes when it is read, as a row of a group's partitions does. */
function madeWhenRead(value: object): (readonly [string, unknown])[] {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof prototype !== 'object' || prototype === null || prototype === Object.prototype) return [];
  const made = Object.entries(Object.getOwnPropertyDescriptors(prototype)).filter(([, is]) => 'get' in is);
  return made.map(([key]) => [key, Reflect.get(value, key)]);
}

function isSeries(value: unknown): value is ReadonlySeries {
  return typeof value === 'object' && value !== null && 'timeAt' in value && 'valueAt' in value;
}
