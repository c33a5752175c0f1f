import * as z from 'zod';
import type { Answer } from '../../../core/observation.js';
import type { PrometheusLink } from '../link.js';
import { allSpellings, workerSpellings } from '../names.js';
import type { Scope } from '../promql.js';
import { instantQuery } from './query.js';

/** Time back from now in which a name must have had samples to count as present, s. */
const recently = 3600;

/** `rate()` needs several samples: six of them, but not less than 30 s and not more than 5 min. */
const samplesPerWindow = 6;
const shortest = 30;
const longest = 300;
const defaultWindow = 60;

/**
 * Which names this Prometheus has, which instances are Connect workers, and how often they are scraped: what the
 * questions of the next minute are made from.
 */
export async function survey(link: PrometheusLink, signal?: AbortSignal): Promise<Answer<Scope>> {
  const names = await presentNames(link, signal);
  if ('failed' in names) return names;
  const present = new Set(names.ok);
  const [instances, intervals] = await Promise.all([
    workerInstances(link, present, signal),
    scrapeIntervals(link, signal),
  ]);
  if ('failed' in instances) return instances;
  const scrapeInterval = 'ok' in intervals ? slowest(instances.ok, intervals.ok) : undefined;
  return {
    ok: {
      present,
      instances: instances.ok,
      rateWindow: windowFor(scrapeInterval),
      ...(scrapeInterval !== undefined && { scrapeInterval }),
    },
  };
}

async function presentNames(link: PrometheusLink, signal?: AbortSignal): Promise<Answer<readonly string[]>> {
  const now = link.clock.now() / 1000;
  return link.ask({
    path: '/api/v1/label/__name__/values',
    params: new URLSearchParams({
      'match[]': `{__name__=~"${allSpellings.join('|')}"}`,
      start: (now - recently).toFixed(0),
      end: (now + recently).toFixed(0),
    }),
    shape: z
      .array(z.string())
      .nullable()
      .transform(names => names ?? []),
    what: 'metric names',
    signal,
  });
}

async function workerInstances(
  link: PrometheusLink,
  present: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<Answer<readonly string[]>> {
  const names = workerSpellings.filter(name => present.has(name));
  if (names.length === 0) return { ok: [] };
  const answer = await instantQuery(link, `group by (instance) (${names.join(' or ')})`, 'workers', signal);
  if ('failed' in answer) return answer;
  return { ok: answer.ok.flatMap(series => series.labels['instance'] ?? []).sort() };
}

const targets = z.object({
  activeTargets: z.array(
    z.object({ labels: z.record(z.string(), z.string()), scrapeInterval: z.string().optional() }),
  ),
});

/** Seconds between scrapes, by instance. Thanos and Mimir have no such page: then the default window holds. */
async function scrapeIntervals(
  link: PrometheusLink,
  signal?: AbortSignal,
): Promise<Answer<ReadonlyMap<string, number>>> {
  const answer = await link.ask({
    path: '/api/v1/targets',
    params: new URLSearchParams({ state: 'active' }),
    shape: targets,
    what: 'scrape targets',
    signal,
  });
  if ('failed' in answer) return answer;
  const intervals = new Map<string, number>();
  for (const { labels, scrapeInterval } of answer.ok.activeTargets) {
    const seconds = secondsOf(scrapeInterval ?? '');
    const instance = labels['instance'];
    if (seconds > 0 && instance !== undefined) intervals.set(instance, seconds);
  }
  return { ok: intervals };
}

/** Seconds between two scrapes of the most seldom scraped of these. */
function slowest(instances: readonly string[], intervals: ReadonlyMap<string, number>): number | undefined {
  const known = instances.flatMap(instance => intervals.get(instance) ?? []);
  return known.length === 0 ? undefined : Math.max(...known);
}

function windowFor(scrapeInterval: number | undefined): number {
  if (scrapeInterval === undefined) return defaultWindow;
  return Math.min(longest, Math.max(shortest, Math.ceil(samplesPerWindow * scrapeInterval)));
}

/** `15s`, `1m30s`, `500ms` in seconds; 0 where it is none. */
function secondsOf(duration: string): number {
  const units: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };
  let seconds = 0;
  for (const [, n, unit] of duration.matchAll(/(\d+)(ms|s|m|h|d)/g)) {
    seconds += Number(n) * (units[unit ?? ''] ?? 0);
  }
  return seconds;
}
