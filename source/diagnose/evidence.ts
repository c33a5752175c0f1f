import type { Millis } from '../core/clock.js';
import { valueOf, type Known } from '../core/known.js';
import { bytes, count, duration, latency, percent, unknownMark } from '../core/units.js';
import type { Evidence } from './finding.js';
import type { Unit } from './thresholds.js';

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

export function inUnit(value: number | undefined, unit: Unit): string {
  if (value === undefined || Number.isNaN(value)) return unknownMark;
  switch (unit) {
    case 'share':
      return Math.abs(value) < 0.1 ? `${(value * 100).toFixed(1)}%` : percent(value);
    case 'times':
      return `${value < 10 ? value.toFixed(1) : count(value)} ×`;
    case 'ms':
      return latency(value);
    case 's':
      return value < 100 ? `${value < 10 ? value.toFixed(1) : count(value)} s` : duration(value * 1000);
    case 'count':
    case 'records':
      return count(value);
    case 'per hour':
      return `${count(value)}/h`;
    case 'records/s':
      return `${count(value)}/s`;
    case 'bytes':
      return bytes(value);
    case 'bytes/s':
      return `${bytes(value)}/s`;
  }
}

export function spanOf(times: readonly Millis[]): Window | undefined {
  const first = times[0];
  const last = times[times.length - 1];
  if (first === undefined || last === undefined) return undefined;
  return { window: Math.round((last - first) / 1000), samples: times.length };
}
