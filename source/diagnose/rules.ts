import type { Rule } from './rule.js';
import { flowLimits } from './rules/flow-limits.js';
import { flowRunning } from './rules/flow-running.js';

/** Every rule, one line each. */
export const rules: readonly Rule[] = [flowRunning, flowLimits];
