import { own, type Thresholds } from './threshold.js';

/** What `kmon check --since-mark` takes for worse than it was at the mark. */
export const markThresholds = {
  'mark-lag-time': {
    value: 60,
    unit: 's',
    origin: own,
    meaning:
      '`kmon check --since-mark`: growth of lag beyond what arrives (of a group: what it consumes) in this time is worse than it was',
  },
  'mark-lag-records': {
    value: 1_000,
    unit: 'records',
    origin: own,
    meaning: 'the same in records, where that is more: growth that is smaller says nothing',
  },
  'mark-rebalances': {
    value: 3,
    unit: 'times',
    origin: 'a rolling restart makes two of each member',
    meaning: '`kmon check --since-mark`: more rebalances a member than a deployment explains',
  },
} as const satisfies Thresholds;
