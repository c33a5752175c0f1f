import type { Rule } from './rule.js';
import { brokerLeaders } from './rules/broker-leaders.js';
import { connectRebalances } from './rules/connect-rebalances.js';
import { flowLimits } from './rules/flow-limits.js';
import { flowRunning } from './rules/flow-running.js';
import { groupCommits } from './rules/group-commits.js';
import { groupLag } from './rules/group-lag.js';
import { groupRebalances } from './rules/group-rebalances.js';
import { groupRewind } from './rules/group-rewind.js';
import { groupSkew } from './rules/group-skew.js';
import { topicSkew } from './rules/topic-skew.js';

/** Every rule, one line each. */
export const rules: readonly Rule[] = [
  flowRunning,
  flowLimits,
  groupCommits,
  groupLag,
  groupRewind,
  groupRebalances,
  connectRebalances,
  groupSkew,
  topicSkew,
  brokerLeaders,
];
