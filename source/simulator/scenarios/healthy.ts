import type { Scenario } from './scenario.js';

export const healthy: Scenario = {
  name: 'healthy',
  happens: 'nothing: 3,000 records/s flow from eu to us, four groups read them',
  see: 'no finding, lag near 0, every plane answers',
  events: [],
};
