import type { Clock, Millis } from '../core/clock.js';
import type { Observation } from '../core/observation.js';
import type { PrometheusLink } from '../wire/metrics/link.js';
import type { PageLink } from '../wire/metrics/page-link.js';
import { readMetrics } from '../wire/metrics/reads/metrics.js';
import { readPage } from '../wire/metrics/reads/page.js';
import type { Pass } from './beat.js';
import { timed } from './timed.js';

/** Scrapes are seldom closer together than this: asking more often shows the same numbers again. */
export const metricsEvery: Millis = 5_000;

/** One pass over Prometheus: every metric that kmon knows a name of. */
export function metricsPoll(
  link: PrometheusLink,
  source: string,
  clock: Clock,
  emit: (o: Observation) => void,
): Pass {
  return async ({ signal, asking }) => {
    asking('metrics');
    const seen = await timed(clock, () => readMetrics(link, signal));
    emit({ kind: 'metrics', source, ...seen });
    return 'ok' in seen.answer ? undefined : seen.answer.failed;
  };
}

/** One pass over the page of one exporter, without a Prometheus. */
export function pagePoll(
  link: PageLink,
  clock: Clock,
  emit: (o: Observation) => void,
  /** Between two passes, ms. */
  every: Millis,
): Pass {
  return async ({ signal, asking }) => {
    asking('metrics');
    const seen = await timed(clock, () => readPage(link, every / 1000, signal));
    emit({ kind: 'metrics', source: link.name, ...seen });
    return 'ok' in seen.answer ? undefined : seen.answer.failed;
  };
}
