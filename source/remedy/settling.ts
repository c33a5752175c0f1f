import type { Millis } from '../core/clock.js';
import { count, duration } from '../core/units.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Effect } from './action.js';

/** Between two looks at the rate. */
const step: Millis = 5_000;
/** By how much of the larger one two rates must differ to be two: arrivals are never quite even. */
const apart = 0.15;
/** And by how much where a slope that is one begins. */
const begins = 0.05;

/**
 * Why a plan's arithmetic rests on rates of two situations; undefined where the rate has been one for as long as it is a mean
 * of, or where that is not known. A rate that steps from one value to another at one moment reads as a slope as long as its
 * window: the step was where the slope begins, and the arithmetic is right where it ends.
 */
export function unsettled({ what, over, mean }: Effect, snapshot: Snapshot, at: Millis): string | undefined {
  if (over === undefined) return undefined;
  const looks = Math.round((2 * over) / step);
  const values = Array.from({ length: looks }, (_, i): Look => {
    const end = at - (looks - 1 - i) * step;
    return { at: end, value: mean(snapshot, end - step, end) };
  }).filter(look => Number.isFinite(look.value));
  const [first] = values;
  const last = values.at(-1);
  if (first === undefined || last === undefined || last.at - first.at < over) return undefined;
  const moved = values.find(look => differ(look.value, last.value, apart));
  if (moved === undefined) return undefined;
  const slope = values.find(look => differ(look.value, first.value, begins));
  const begun = slope === undefined ? last.at : slope.at - step;
  const left = begun + over - at;
  const told = `${what} is a mean of ${duration(over)}`;
  if (left >= step) {
    return (
      `${told} and still holds ${duration(left)} from before it went from ${count(first.value)} to ${count(last.value)}: ` +
      `the arithmetic settles in ${duration(left)}; plan again then`
    );
  }
  const since = values.filter(look => look.at > begun + over);
  const still = since.find(look => differ(look.value, last.value, apart));
  return still === undefined
    ? undefined
    : `${told} and has not settled yet: it still went from ${count(still.value)} to ${count(last.value)}; plan again in ${duration(over)}`;
}

type Look = { readonly at: Millis; readonly value: number };

function differ(a: number, b: number, share: number): boolean {
  return Math.abs(a - b) > share * Math.max(Math.abs(a), Math.abs(b));
}
