import type { Unit } from '../../core/quantity.js';

export type { Unit };

/** A number that a rule compares with: its value, its unit, who says so, and what is compared with it. */
export type Threshold = {
  readonly value: number;
  readonly unit: Unit;
  readonly origin: string;
  readonly meaning: string;
};

export type Thresholds = Readonly<Record<string, Threshold>>;

/** Origins that many thresholds have. */
export const runbook = 'operations runbook';
export const own = 'kmon default';
