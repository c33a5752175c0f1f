/** A number that a rule compares with: its value, its unit, who says so, and what is compared with it. */
export type Threshold = {
  readonly value: number;
  readonly unit: Unit;
  readonly origin: string;
  readonly meaning: string;
};

export type Thresholds = Readonly<Record<string, Threshold>>;

/** `share` is 0…1; `times` a ratio that may exceed 1; `count` a number of things that have no unit. */
export type Unit =
  'ms' | 's' | 'share' | 'times' | 'count' | 'per hour' | 'records' | 'records/s' | 'bytes' | 'bytes/s';

/** Origins that many thresholds have. */
export const runbook = 'operations runbook';
export const own = 'kmon default';
