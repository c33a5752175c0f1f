import type { Clock, Millis } from '../core/clock.js';
import type { Observation } from '../core/observation.js';
import type { PrometheusLink } from '../wire/metrics/link.js';
import type { PageLink } from '../wire/metrics/page-link.js';
import { readMetrics } from '../wire/metrics/reads/metrics.js';
import { readPast } from '../wire/metrics/reads/past.js';
import { readPage } from '../wire/metrics/reads/page.js';
import type { Pass } from './beat.js';
import { timed } from './timed.js';

/** Scrapes are seldom closer together than this: asking more often shows the same numbers again. */
export const metricsEvery: Millis = 5_000;

/** A store that is too busy for its past may have time for it later; one that never has must not be asked for ever. */
const mostTries = 3;

/**
 * One pass over Prometheus: every metric that kmon knows a name of. Right after the first that was answered, what it has of
 * the hour before; a store that has no past is as good as any for the present.
 */
export function metricsPoll(
  link: PrometheusLink,
  source: string,
  clock: Clock,
  emit: (o: Observation) => void,
): Pass {
  let triesLeft = mostTries;
  return async ({ signal, asking }) => {
    asking('metrics');
    const seen = await timed(clock, () => readMetrics(link, signal));
    emit({ kind: 'metrics', source, ...seen });
    if ('failed' in seen.answer) return seen.answer.failed;
    if (triesLeft > 0) {
      asking('the past hour of metrics');
      const past = await timed(clock, () => readPast(link, signal));
      emit({ kind: 'metrics-past', source, ...past });
      const again = 'failed' in past.answer && /^(timeout|busy)$/.test(past.answer.failed.kind);
      triesLeft = again ? triesLeft - 1 : 0;
    }
    return undefined;
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
