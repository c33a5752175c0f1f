import type { Millis } from './clock.js';
import type { Failure } from './failure.js';

/** A fact with its age, or the reason why it is not known, since when, and what it last was. */
export type Known<T> = Seen<T> | Unknown<T>;

export type Seen<T> = { readonly value: T; readonly at: Millis };

export type Unknown<T> = {
  readonly unknown: Failure;
  readonly since: Millis;
  readonly last?: Seen<T>;
};

export function seen<T>(value: T, at: Millis): Seen<T> {
  return { value, at };
}

export function unknown<T>(reason: Failure, since: Millis, last?: Seen<T>): Unknown<T> {
  return last === undefined ? { unknown: reason, since } : { unknown: reason, since, last };
}

export function isKnown<T>(k: Known<T>): k is Seen<T> {
  return 'value' in k;
}

/** The value, or undefined where it is not known. The last value is not a value: ask for it by name. */
export function valueOf<T>(k: Known<T>): T | undefined {
  return isKnown(k) ? k.value : undefined;
}

/** The number, for where not known is NaN. */
export function orNaN(k: Known<number>): number {
  return isKnown(k) ? k.value : NaN;
}

/** What is known now, or else was known last. */
export function latest<T>(k: Known<T>): Seen<T> | undefined {
  return isKnown(k) ? k : k.last;
}

/** The same fact after it could not be seen: it keeps when the trouble began and what was last seen. */
export function lost<T>(before: Known<T> | undefined, reason: Failure, at: Millis): Unknown<T> {
  if (before === undefined) return unknown(reason, at);
  if (isKnown(before)) return unknown(reason, at, before);
  return unknown(reason, before.since, before.last);
}

export function mapKnown<A, B>(k: Known<A>, f: (value: A) => B): Known<B> {
  if (isKnown(k)) return seen(f(k.value), k.at);
  return unknown(k.unknown, k.since, k.last && seen(f(k.last.value), k.last.at));
}
