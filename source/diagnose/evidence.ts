import type { Millis } from '../core/clock.js';
import { valueOf, type Known } from '../core/known.js';
import { count, latency, percent, unknownMark } from '../core/units.js';
import type { Evidence } from './finding.js';
import { thresholds, type Threshold, type ThresholdName, type Unit } from './thresholds.js';

/** The window that a value speaks of, where it is not one instant. */
export type Window = { readonly window: number; readonly samples: number };

/** Compares a value with a named threshold, for the verdict and for the eye at once. */
export function compare(
  what: string,
  value: number | undefined,
  sign: '>' | '≥' | '<' | '≤',
  name: ThresholdName,
  window?: Window,
): Evidence {
  const threshold: Threshold = thresholds[name];
  return {
    what,
    value: inUnit(value, threshold.unit),
    threshold: `${sign} ${inUnit(threshold.value, threshold.unit)}`,
    origin: threshold.origin,
    holds: value === undefined ? 'unknown' : holds(value, sign, threshold.value),
    ...window,
  };
}

/** A comparison of two measured numbers, or of words. */
export function statement(
  what: string,
  value: string,
  threshold: string,
  origin: string,
  held: boolean | 'unknown',
): Evidence {
  return { what, value, threshold, origin, holds: held };
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
    case 'ms':
      return latency(value);
    case 's':
      return `${value < 10 ? value.toFixed(1) : count(value)} s`;
    case 'records':
      return count(value);
    case 'records/s':
      return `${count(value)}/s`;
  }
}

export function spanOf(times: readonly Millis[]): Window | undefined {
  const first = times[0];
  const last = times[times.length - 1];
  if (first === undefined || last === undefined) return undefined;
  return { window: Math.round((last - first) / 1000), samples: times.length };
}

function holds(value: number, sign: '>' | '≥' | '<' | '≤', limit: number): boolean {
  switch (sign) {
    case '>':
      return value > limit;
    case '≥':
      return value >= limit;
    case '<':
      return value < limit;
    case '≤':
      return value <= limit;
  }
}
