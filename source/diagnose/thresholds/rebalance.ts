import { own, runbook, type Thresholds } from './threshold.js';

/** Rebalances of consumer groups and of Connect workers. */
export const rebalanceThresholds = {
  'storm-rebalances': {
    value: 3,
    unit: 'count',
    origin: own,
    meaning: 'rebalances in ten minutes that make a storm, where the same members come and go',
  },
  'storm-critical': {
    value: 6,
    unit: 'count',
    origin: own,
    meaning: 'rebalances in ten minutes from which a storm that starves the group is critical',
  },
  'storm-returns': {
    value: 2,
    unit: 'count',
    origin: own,
    meaning: 'how often one member comes back: in a rolling restart each does so once',
  },
  'rebalancing-share': {
    value: 0.2,
    unit: 'share',
    origin: own,
    meaning: 'share of ten minutes spent rebalancing, with which a storm that starves the group is critical',
  },
  'consume-short': {
    value: 0.5,
    unit: 'share',
    origin: own,
    meaning: 'consumption ÷ arrival below which rebalances starve a group',
  },
  'rebalance-long': {
    value: 120,
    unit: 's',
    origin: runbook,
    meaning: 'one rebalance of so long is a problem',
  },
  'rebalance-stuck': {
    value: 300,
    unit: 's',
    origin: runbook,
    meaning: 'and of so long a critical one',
  },
  'rebalances-hour': {
    value: 5,
    unit: 'per hour',
    origin: runbook,
    meaning: 'more rebalances an hour than this are frequent; normal is one',
  },
} as const satisfies Thresholds;
