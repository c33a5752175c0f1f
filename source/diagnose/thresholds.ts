import { flowThresholds } from './thresholds/flow.js';
import { groupThresholds } from './thresholds/group.js';
import { lifeThresholds } from './thresholds/life.js';
import { lossThresholds } from './thresholds/loss.js';
import { markThresholds } from './thresholds/mark.js';
import { rebalanceThresholds } from './thresholds/rebalance.js';
import { sampleThresholds } from './thresholds/sample.js';
import { skewThresholds } from './thresholds/skew.js';
import type { Thresholds } from './thresholds/threshold.js';

export type { Threshold, Unit } from './thresholds/threshold.js';

/** Every family; no two may use the same name. */
export const thresholdFamilies = [
  lifeThresholds,
  flowThresholds,
  groupThresholds,
  lossThresholds,
  rebalanceThresholds,
  skewThresholds,
  sampleThresholds,
  markThresholds,
] as const satisfies readonly Thresholds[];

/** The numbers that rules compare with, as they are without a configuration. Each may be set under `thresholds:` of a context. */
export const thresholds = {
  ...lifeThresholds,
  ...flowThresholds,
  ...groupThresholds,
  ...lossThresholds,
  ...rebalanceThresholds,
  ...skewThresholds,
  ...sampleThresholds,
  ...markThresholds,
} as const satisfies Thresholds;

export type ThresholdName = keyof typeof thresholds;

export const thresholdNames = Object.keys(thresholds) as readonly ThresholdName[];

/** Those that the user set, in the unit of each. */
export type ThresholdSettings = Readonly<Partial<Record<ThresholdName, number>>>;
