import type { Failure } from '../../../core/failure.js';
import type { MetricName } from '../../../core/observation.js';
import { spellingsOf, type Spelling } from '../names.js';
import { allMetrics } from '../promql.js';
import type { Metrics } from './metrics.js';

/** What one source of metrics has of one metric. */
export type Coverage = {
  readonly metric: MetricName;
  /** Every name that was looked for, in order, and whose rules spell it so. */
  readonly tried: readonly Spelling[];
  /** Those of them under which it was found. */
  readonly found: readonly Spelling[];
  /** `host:port` of the processes that have it. */
  readonly instances: readonly string[];
  /** Why it is not known; absent where it is. */
  readonly why?: Failure;
};

/**
 * For each metric what was looked for and where it was found. A metric that a page can not have by its kind (the CPU of
 * a host on a worker's page) is left out.
 */
export function coverageOf({ samples, found, missing }: Metrics): readonly Coverage[] {
  return allMetrics.flatMap(metric => {
    const why = missing[metric];
    const names = found[metric]?.split(', ');
    if (why === undefined && names === undefined) return [];
    const tried = spellingsOf(metric);
    return {
      metric,
      tried,
      found: tried.filter(({ name }) => names?.includes(name)),
      instances: [...new Set(samples[metric]?.map(({ instance }) => instance))].sort(),
      ...(why !== undefined && { why }),
    };
  });
}
