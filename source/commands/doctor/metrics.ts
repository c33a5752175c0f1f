import { explain, sentence } from '../../core/failure.js';
import type { Answer, MetricName, MetricsSeen } from '../../core/observation.js';
import { coverageOf, type Coverage } from '../../wire/metrics/reads/coverage.js';
import { prometheusClocks } from './clock-readings.js';
import { note, ok, type Check, type Examined, type Section } from './examination.js';
import { families, type Family } from './metric-families.js';
import { reachedCheck } from './reached.js';

/** Every source of metrics; where the context names none, what is lost with that. */
export async function metricsSections({
  context,
  view,
  heard,
  links,
}: Examined): Promise<readonly Section[]> {
  const { prometheus, scrapes } = context;
  const sources = [
    ...(prometheus ? [{ endpoint: 'prometheus', source: prometheus.name, url: prometheus.url }] : []),
    ...scrapes.map(({ name, url }) => ({ endpoint: `metrics ${name}`, source: name, url })),
  ];
  if (sources.length === 0) return [context.connects.length === 0 ? unneeded : without];
  const coverages = new Map(
    sources.map(({ source }) => [source, newest(heard.metrics(source)?.seen.answer)]),
  );
  const somewhere = new Set(
    [...coverages.values()].flat().flatMap(c => (c.why === undefined ? c.metric : [])),
  );
  return Promise.all(
    sources.map(async ({ endpoint, source, url }): Promise<Section> => {
      const reached = reachedCheck(view, endpoint);
      const checks = [reached];
      if (reached.is === 'ok') checks.push(...coverageChecks(coverages.get(source) ?? [], somewhere));
      if (reached.is === 'ok') checks.push(...pastChecks(heard.past(source)));
      if (reached.is === 'ok' && endpoint === 'prometheus' && links.prometheus)
        checks.push(...(await prometheusClocks(links.prometheus)));
      return { name: endpoint, about: url, checks };
    }),
  );
}

function pastChecks(past: Answer<unknown> | undefined): readonly Check[] {
  if (past === undefined) return [];
  if ('ok' in past) return [ok('past', 'has a past: charts begin an hour before kmon does')];
  const { nextStep } = explain(past.failed);
  const lost = 'the hour before: charts of rates, buffers and CPU begin when kmon starts';
  return [{ is: 'missing', check: 'past', says: sentence(past.failed), lost, repair: nextStep }];
}

/** A family a check; what another source has is not missing here. */
export function coverageChecks(
  coverage: readonly Coverage[],
  somewhere: ReadonlySet<MetricName>,
): readonly Check[] {
  return families.flatMap(family => {
    const looked = coverage.filter(c => family.metrics.includes(c.metric));
    if (looked.length === 0) return [];
    const found = looked.filter(c => c.why === undefined);
    const lacking = looked.filter(c => c.why !== undefined && !somewhere.has(c.metric));
    const instances = [...new Set(found.flatMap(c => c.instances))].sort();
    const where = instances.length > 0 ? `, at ${few(instances, 4)}` : '';
    const count = `${family.name}: ${found.length} of ${looked.length} metrics${where}`;
    return [...(found.length > 0 ? [ok('metrics', count)] : []), ...absences(family, lacking)];
  });
}

/** Those that are missing for one reason are one check: where none of a family is there, the reason is one. */
function absences({ name, lost, repair }: Family, lacking: readonly Coverage[]): readonly Check[] {
  if (lacking.length === 0) return [];
  const each = lacking.map(
    ({ metric, tried }) => `${metric} (${few([...new Set(tried.map(t => t.name))], 2)})`,
  );
  const says = `${name}: not found, with the names looked for: ${each.join('; ')}`;
  return [{ is: 'missing', check: 'metrics', says, lost, repair }];
}

function newest(answer: MetricsSeen['answer'] | undefined): readonly Coverage[] {
  return answer !== undefined && 'ok' in answer ? coverageOf(answer.ok) : [];
}

function few(items: readonly string[], most: number): string {
  const more = items.length - most;
  return `${items.slice(0, most).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const unneeded: Section = {
  name: 'metrics',
  about: '',
  checks: [note('reached', 'none in the context, and without Connect none is needed')],
};

const without: Section = {
  name: 'metrics',
  about: '',
  checks: [
    {
      is: 'missing',
      check: 'reached',
      says: 'the context names no Prometheus and no exporter page',
      lost: 'why a flow is slow: buffers, throttling, latency, records/s of tasks, CPU and heap of workers',
      repair: 'give --prometheus URL, or --scrape URL for each worker, or metrics: in the context',
    },
  ],
};
