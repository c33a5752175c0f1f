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
/** A mean that moved by more than `apart` in so long has not settled, whatever came before: in a burst and a fault after it no one step is to be seen. */
const lately: Millis = 10_000;

/**
 * Why a plan's arithmetic rests on rates of two situations; undefined where the rate has been one for as long as it is a mean
 * of, or where that is not known. A rate that steps from one value to another at one moment reads as a slope as long as its
 * window: the step was where the slope begins, and the arithmetic is right where it ends. A step of some seconds ago has hardly moved
 * the mean yet: of that only `found` tells, when the newest finding about it began.
 */
export function unsettled(
  { what, over: window, mean }: Effect,
  snapshot: Snapshot,
  at: Millis,
  found?: Millis,
): string | undefined {
  if (window === undefined) return undefined;
  const over = window(snapshot);
  const looks = Math.round((2 * over) / step);
  const values = Array.from({ length: looks }, (_, i): Look => {
    const end = at - (looks - 1 - i) * step;
    return { at: end, value: mean(snapshot, end - step, end) };
  }).filter(look => Number.isFinite(look.value));
  const last = values.at(-1);
  if (last === undefined) return undefined;
  const told = `${what} is a mean of ${duration(over)}`;
  const holds = (since: Millis, from: string): string | undefined => {
    const left = since + over - at;
    return left < step
      ? undefined
      : `${told} and still holds ${duration(left)} from before ${from}: ` +
          `the arithmetic settles in ${duration(left)}; plan again then`;
  };
  const slope = slopeOf(values, last, over);
  if (slope !== undefined) {
    const { first, begun } = slope;
    const mixed = holds(begun, `it went from ${count(first.value)} to ${count(last.value)}`);
    if (mixed !== undefined) return mixed;
  }
  const still = values.find(look => look.at >= last.at - lately && differ(look.value, last.value, apart));
  if (still !== undefined)
    return `${told} and has not settled yet: it still went from ${count(still.value)} to ${count(last.value)}; plan again in ${duration(over)}`;
  if (slope !== undefined) {
    // What was found while the slope lasted is the fault that made it, and rules take their time.
    if (found === undefined || found <= slope.begun + over) return undefined;
  }
  return found === undefined ? undefined : holds(found, 'what was found began');
}

/** The slope that the looks show: its first value, and when it began; undefined where there is none, or too little is known. */
function slopeOf(
  values: readonly Look[],
  last: Look,
  over: Millis,
): { readonly first: Look; readonly begun: Millis } | undefined {
  const [first] = values;
  if (first === undefined || last.at - first.at < over) return undefined;
  if (!values.some(look => differ(look.value, last.value, apart))) return undefined;
  const slope = values.find(look => differ(look.value, first.value, begins));
  return { first, begun: slope === undefined ? last.at : slope.at - step };
}

type Look = { readonly at: Millis; readonly value: number };

function differ(a: number, b: number, share: number): boolean {
  return Math.abs(a - b) > share * Math.max(Math.abs(a), Math.abs(b));
}
