import type { Millis } from '../core/clock.js';
import { valueOf, type Known } from '../core/known.js';
import { count, unknownMark } from '../core/units.js';
import type { Evidence } from './finding.js';

export { inUnit } from '../core/quantity.js';

/** The window that a value speaks of, where it is not one instant: its length in seconds, and samples in it. */
export type Window = { readonly window: number; readonly samples: number };

/** A comparison of two measured numbers, or of words; of numbers give them too. */
export function statement(
  what: string,
  value: string,
  threshold: string,
  origin: string,
  held: boolean | 'unknown',
  numbers: Pick<Evidence, 'measured' | 'limit' | 'unit' | 'window' | 'samples'> = {},
): Evidence {
  return { what, value, threshold, origin, holds: held, ...numbers };
}

export function perSecond(rate: Known<number> | number | undefined): string {
  const n = typeof rate === 'object' ? valueOf(rate) : rate;
  return n === undefined ? unknownMark : `${count(n)}/s`;
}

/** `+3.30k/s`, `-120/s`. */
export function growth(rate: number): string {
  return `${rate >= 0 ? '+' : ''}${count(rate)}/s`;
}

export function spanOf(times: readonly Millis[]): Window | undefined {
  const first = times[0];
  const last = times[times.length - 1];
  if (first === undefined || last === undefined) return undefined;
  return { window: Math.round((last - first) / 1000), samples: times.length };
}
