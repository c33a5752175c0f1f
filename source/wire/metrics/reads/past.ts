import * as z from 'zod';
import type { Millis } from '../../../core/clock.js';
import { failure, type Failure } from '../../../core/failure.js';
import type { Answer, MetricName, MetricsPastSeen } from '../../../core/observation.js';
import { subjectOf } from '../labels.js';
import type { PrometheusLink } from '../link.js';
import { expression, groups, joined, metricLabel, type Scope } from '../promql.js';
import { isMetric, scopeOf } from './metrics.js';
import { finite } from './query.js';

export type MetricsPast = Extract<MetricsPastSeen['answer'], { ok: unknown }>['ok'];

/** How far back, and the shortest step: 240 points a series. */
const span: Millis = 60 * 60_000;
const finest = 15;

/** What is tried where the fine one is too much for the server or for kmon. */
const coarse = 60;

/** 1,000 tasks with twenty metrics each. */
const mostSeries = 20_000;

const shape = z.object({
  resultType: z.literal('matrix'),
  result: z.array(
    z.object({
      metric: z.record(z.string(), z.string()),
      values: z.array(z.tuple([z.number(), z.string()])),
    }),
  ),
});
type Matrix = z.infer<typeof shape>['result'];

/**
 * What Prometheus has of the hour before now: one range question a group of metrics, one after the other, since each is
 * the work of hundreds of instant ones. A group that fails is missing with its reason; the whole fails only when
 * nothing was answered.
 */
export async function readPast(link: PrometheusLink, signal?: AbortSignal): Promise<Answer<MetricsPast>> {
  const scope = await scopeOf(link, signal);
  if ('failed' in scope) return scope;
  const end = link.clock.now();
  const missing: Partial<Record<MetricName, Failure>> = {};
  const series: MetricsPast['series'][number][] = [];
  let answered = 0;
  let failed: Failure | undefined;
  for (const metrics of groups) {
    const expressions = metrics.flatMap((metric): [MetricName, string][] => {
      const promql = expression(metric, scope.ok);
      return promql === undefined ? [] : [[metric, promql]];
    });
    if (expressions.length === 0) continue;
    const answer = await askGroup(link, expressions, scope.ok, end, signal);
    if ('failed' in answer) {
      failed ??= answer.failed;
      for (const [metric] of expressions) missing[metric] = answer.failed;
      // A server that does not know the question will not know the next one either.
      if (answer.failed.kind === 'unsupported' || answer.failed.kind === 'cancelled') break;
      continue;
    }
    answered++;
    series.push(...seriesOf(answer.ok));
  }
  if (failed !== undefined && answered === 0) return { failed };
  return {
    ok: {
      rateWindow: scope.ok.rateWindow,
      series,
      ...(Object.keys(missing).length > 0 && { missing }),
    },
  };
}

async function askGroup(
  link: PrometheusLink,
  expressions: readonly (readonly [MetricName, string])[],
  scope: Scope,
  end: Millis,
  signal: AbortSignal | undefined,
): Promise<Answer<Matrix>> {
  const what = `past of ${expressions.map(([metric]) => metric).join(', ')}`;
  const ask = async (step: number): Promise<Answer<Matrix>> => {
    const answer = await link.ask({
      path: '/api/v1/query_range',
      params: new URLSearchParams({
        query: joined(expressions),
        start: ((end - span) / 1000).toFixed(3),
        end: (end / 1000).toFixed(3),
        step: String(step),
      }),
      method: 'POST',
      shape,
      what,
      signal,
    });
    if ('failed' in answer) return answer;
    const { result } = answer.ok;
    return result.length > mostSeries
      ? { failed: failure('too-large', what, `more than ${mostSeries} series`) }
      : { ok: result };
  };
  const step = Math.max(finest, Math.ceil(scope.scrapeInterval ?? 0));
  const fine = await ask(step);
  const tooMuch = 'failed' in fine && (fine.failed.kind === 'too-large' || fine.failed.kind === 'timeout');
  return tooMuch && step < coarse ? ask(coarse) : fine;
}

/** One series a metric, instance and subject; where two spellings overlap, the first has it. */
function seriesOf(matrix: Matrix): readonly MetricsPast['series'][number][] {
  const out = new Map<string, MetricsPast['series'][number]>();
  for (const { metric: labels, values } of matrix) {
    const metric = labels[metricLabel];
    if (metric === undefined || !isMetric(metric) || values.length === 0) continue;
    const instance = labels['instance'] ?? '';
    const subject = subjectOf(labels);
    const key = [metric, instance, ...Object.values(subject)].join('\u0000');
    if (out.has(key)) continue;
    out.set(key, {
      metric,
      instance,
      ...subject,
      times: Float64Array.from(values, ([seconds]) => Math.round(seconds * 1000)),
      values: Float64Array.from(values, ([, text]) => finite(text)),
    });
  }
  return [...out.values()];
}
