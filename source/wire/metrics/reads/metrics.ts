import type { Millis } from '../../../core/clock.js';
import { failure, type Failure } from '../../../core/failure.js';
import type { Answer, MetricName, MetricsSeen, Sample } from '../../../core/observation.js';
import { subjectOf } from '../labels.js';
import type { PrometheusLink } from '../link.js';
import {
  allMetrics,
  expression,
  groups,
  joined,
  metricLabel,
  namesOf,
  notExported,
  type Scope,
} from '../promql.js';
import { instantQuery, type Vector } from './query.js';
import { survey } from './survey.js';

export type Metrics = Extract<MetricsSeen['answer'], { ok: unknown }>['ok'];

/** How long a survey of the names holds, and how long when something that was there gave nothing, ms. */
const surveyHolds: Millis = 60_000;
const doubtHolds: Millis = 15_000;

/**
 * Instant values of all that kmon reads: one request a group of metrics, and three more once a minute for the survey.
 * A group that fails is missing with its reason; the whole fails only when nothing was answered.
 */
export async function readMetrics(link: PrometheusLink, signal?: AbortSignal): Promise<Answer<Metrics>> {
  const known = await surveyOf(link, signal);
  if ('failed' in known) return known;
  const { scope } = known.ok;
  const answers = await Promise.all(groups.map(metrics => askGroup(link, metrics, scope, signal)));
  const failures = answers.flatMap(answer => answer.failed ?? []);
  const asked = answers.filter(answer => answer.asked).length;
  const first = failures[0];
  if (first !== undefined && failures.length === asked) return { failed: first };

  if (answers.some(answer => answer.gaveNothing)) known.ok.doubtful = true;
  const merged: Pick<GroupAnswer, 'samples' | 'missing' | 'found'> = { samples: {}, missing: {}, found: {} };
  for (const { samples, missing, found } of answers) {
    Object.assign(merged.samples, samples);
    Object.assign(merged.missing, missing);
    Object.assign(merged.found, found);
  }
  return { ok: { ...merged, rateWindow: scope.rateWindow } };
}

type Surveyed = { readonly scope: Scope; readonly at: Millis; doubtful: boolean };

/** What was found out about each Prometheus, for as long as its link lives. */
const surveyed = new WeakMap<PrometheusLink, Surveyed>();

async function surveyOf(link: PrometheusLink, signal?: AbortSignal): Promise<Answer<Surveyed>> {
  const known = surveyed.get(link);
  const now = link.clock.now();
  if (known !== undefined && now - known.at < (known.doubtful ? doubtHolds : surveyHolds))
    return { ok: known };
  const fresh = await survey(link, signal);
  if ('failed' in fresh) return known === undefined ? fresh : { ok: known };
  const made = { scope: fresh.ok, at: now, doubtful: false };
  surveyed.set(link, made);
  return { ok: made };
}

/** What is known of this Prometheus' names; asked where it is not known yet. */
export async function scopeOf(link: PrometheusLink, signal?: AbortSignal): Promise<Answer<Scope>> {
  const known = await surveyOf(link, signal);
  return 'failed' in known ? known : { ok: known.ok.scope };
}

type GroupAnswer = {
  readonly asked: boolean;
  readonly failed?: Failure;
  readonly samples: Partial<Record<MetricName, Sample[]>>;
  readonly missing: Partial<Record<MetricName, Failure>>;
  readonly found: Partial<Record<MetricName, string>>;
  /** A name that exists gave no series: it may have been renamed, or the worker may be gone. */
  readonly gaveNothing: boolean;
};

async function askGroup(
  link: PrometheusLink,
  metrics: readonly MetricName[],
  scope: Scope,
  signal?: AbortSignal,
): Promise<GroupAnswer> {
  const expressions: [MetricName, string][] = [];
  const missing: Partial<Record<MetricName, Failure>> = {};
  for (const metric of metrics) {
    const promql = expression(metric, scope);
    if (promql === undefined) missing[metric] = notFound(metric, scope);
    else expressions.push([metric, promql]);
  }
  if (expressions.length === 0) return { asked: false, samples: {}, missing, found: {}, gaveNothing: false };

  const what = expressions.map(([metric]) => metric).join(', ');
  const answer = await instantQuery(link, joined(expressions), what, signal);
  if ('failed' in answer) {
    for (const [metric] of expressions) missing[metric] = answer.failed;
    return { asked: true, failed: answer.failed, samples: {}, missing, found: {}, gaveNothing: false };
  }

  const samples = bySample(answer.ok);
  const found: Partial<Record<MetricName, string>> = {};
  let gaveNothing = false;
  for (const [metric] of expressions) {
    const names = namesOf(metric, scope.present)
      .present.map(({ name }) => name)
      .join(', ');
    if (samples[metric] === undefined) {
      gaveNothing = true;
      missing[metric] = failure('absent', metric, `${names} has no series now`);
    } else found[metric] = names;
  }
  return { asked: true, samples, missing, found, gaveNothing };
}

function notFound(metric: MetricName, scope: Scope): Failure {
  const { tried, present } = namesOf(metric, scope.present);
  if (present.length > 0 && scope.instances.length === 0) {
    return failure('absent', metric, 'no scraped instance is a Connect worker');
  }
  return notExported(metric, tried);
}

/** Samples by metric; one an owner and instance, should two spellings give the same. */
function bySample(vector: Vector): Partial<Record<MetricName, Sample[]>> {
  const out: Partial<Record<MetricName, Sample[]>> = {};
  const had = new Set<string>();
  for (const { labels, value } of vector) {
    const metric = labels[metricLabel];
    if (metric === undefined || !isMetric(metric)) continue;
    const instance = labels['instance'] ?? '';
    const subject = subjectOf(labels);
    const key = [metric, instance, ...Object.values(subject)].join('\u0000');
    if (had.has(key)) continue;
    had.add(key);
    (out[metric] ??= []).push({ value, instance, ...subject });
  }
  return out;
}

const metricNames: ReadonlySet<string> = new Set(allMetrics);

export function isMetric(name: string): name is MetricName {
  return metricNames.has(name);
}
