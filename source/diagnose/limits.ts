import { inUnit, type Window } from './evidence.js';
import type { Evidence } from './finding.js';
import { thresholds, type Threshold, type ThresholdName, type ThresholdSettings } from './thresholds.js';

export type Sign = '>' | '≥' | '<' | '≤';

/** Where a value stands: beyond the threshold, back over the clear level, or between the two. */
export type Level = 'met' | 'between' | 'clear' | 'unknown';

/** The thresholds that are in force: those of the configuration over the defaults. Rules compare through it. */
export class Limits {
  constructor(private readonly set: ThresholdSettings = {}) {}

  /** In the threshold's own unit. */
  value(name: ThresholdName): number {
    return this.set[name] ?? thresholds[name].value;
  }

  /** Milliseconds of a threshold in seconds. */
  millis(name: ThresholdName): number {
    return this.value(name) * (thresholds[name].unit === 's' ? 1000 : 1);
  }

  threshold(name: ThresholdName): Threshold {
    const usual: Threshold = thresholds[name];
    const value = this.set[name];
    if (value === undefined) return usual;
    return {
      ...usual,
      value,
      origin: `configuration (default ${inUnit(usual.value, usual.unit)}: ${usual.origin})`,
    };
  }

  /** Compares a value with a threshold, for the verdict and for the eye at once. */
  compare(
    what: string,
    value: number | undefined,
    sign: Sign,
    name: ThresholdName,
    window?: Window,
  ): Evidence {
    const { value: limit, unit, origin } = this.threshold(name);
    const known = value !== undefined && !Number.isNaN(value);
    return {
      what,
      value: inUnit(value, unit),
      threshold: `${sign} ${inUnit(limit, unit)}`,
      origin,
      holds: known ? holds(value, sign, limit) : 'unknown',
      ...(known && { measured: value }),
      limit,
      unit,
      setting: name,
      ...window,
    };
  }

  /**
   * Hysteresis: what began beyond the threshold goes on until it is back over the clear level, which lies at
   * `clear-level` of a lower bound and as far on the other side of an upper one.
   */
  level(value: number | undefined, sign: Sign, name: ThresholdName): Level {
    if (value === undefined || Number.isNaN(value)) return 'unknown';
    const limit = this.value(name);
    if (holds(value, sign, limit)) return 'met';
    const share = this.value('clear-level');
    const upper = sign === '>' || sign === '≥';
    return holds(value, sign, upper ? limit * share : limit / share) ? 'between' : 'clear';
  }
}

export const defaultLimits = new Limits();

function holds(value: number, sign: Sign, limit: number): boolean {
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
