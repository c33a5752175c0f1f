import { failure, type Failure } from '../../core/failure.js';
import type { MetricName, Sample } from '../../core/observation.js';
import type { ExposedSeries } from './exposition.js';
import { clientIdLabels, ownerOf, subjectOf, unquoted, type Labels } from './labels.js';
import {
  attributes,
  counterBeside,
  isHost,
  workerSpellings,
  type Attribute,
  type HostMetric,
} from './names.js';
import { allMetrics, namesOf, notExported } from './promql.js';

export type Resolved = {
  readonly samples: Partial<Record<MetricName, readonly Sample[]>>;
  readonly missing: Partial<Record<MetricName, Failure>>;
  readonly found: Partial<Record<MetricName, string>>;
};

type Rate = (series: ExposedSeries) => number;

/**
 * What `promql.ts` asks of Prometheus, made from the series of one page. A page is of a Connect worker, of a host, or of
 * something else; what it can not have by its kind is not missing from it. `rate` is NaN where it takes another page.
 */
export function resolve(series: readonly ExposedSeries[], instance: string, rate: Rate): Resolved {
  const byName = new Map<string, ExposedSeries[]>();
  for (const one of series) {
    const had = byName.get(one.name);
    if (had === undefined) byName.set(one.name, [one]);
    else had.push(one);
  }
  const present = new Set(byName.keys());
  const page = { byName, instance, rate };
  const out: Resolved = { samples: {}, missing: {}, found: {} };
  for (const metric of allMetrics.filter(expected(present))) {
    const names = namesOf(metric, present);
    if (names.present.length < (isHost(metric) ? names.tried.length : 1)) {
      out.missing[metric] = notExported(metric, names.tried);
      continue;
    }
    const samples = isHost(metric) ? ofHost(metric, page) : ofAttribute(attributes[metric], page);
    const shown = names.present.map(({ name }) => name).join(', ');
    const counted = samples.filter(({ needsAnother }) => needsAnother);
    if (samples.length === 0) out.missing[metric] = failure('absent', metric, `${shown} has no series now`);
    else if (counted.length === samples.length)
      out.missing[metric] = failure('partial', metric, 'needs two readings of the page');
    else {
      out.found[metric] = shown;
      out.samples[metric] = samples.map(({ needsAnother: _, ...sample }) => sample);
    }
  }
  return out;
}

type Page = {
  readonly byName: ReadonlyMap<string, readonly ExposedSeries[]>;
  readonly instance: string;
  readonly rate: Rate;
};

/** `needsAnother`: it is NaN because a counter was read once only. */
type Made = Sample & { readonly needsAnother?: boolean };

/** Which metrics a page with these names should have. */
function expected(present: ReadonlySet<string>): (metric: MetricName) => boolean {
  const worker = workerSpellings.some(name => present.has(name));
  const host = [...present].some(name => name.startsWith('node_'));
  if (!worker && !host) return metric => isHost(metric) || attributes[metric].of !== 'process';
  return metric => (isHost(metric) ? host : worker);
}

function ofAttribute(attribute: Attribute, { byName, instance, rate }: Page): readonly Made[] {
  const out = new Map<string, Made>();
  for (const { name } of attribute.spellings) {
    const alive = aliveBy(attribute, name, byName, rate);
    const folded = new Map<string, Made>();
    for (const one of byName.get(name) ?? []) {
      const subject = fits(attribute, one.labels);
      if (subject === undefined || alive(one) === 'no') continue;
      const value = attribute.read === 'rate' ? rate(one) : one.value;
      const needsAnother =
        alive(one) === 'unknown' ||
        (attribute.read === 'rate' && Number.isNaN(value) && !Number.isNaN(one.value));
      const key = Object.values(subject).join('\u0000');
      const made: Made = {
        value: needsAnother ? NaN : value,
        instance,
        ...subject,
        ...(needsAnother && { needsAnother }),
      };
      const had = folded.get(key);
      folded.set(key, had === undefined ? made : merged(attribute.fold, had, made));
    }
    for (const [key, made] of folded) if (!out.has(key)) out.set(key, made);
  }
  return [...out.values()];
}

/** As PromQL's `sum` and `max`: a sum with NaN is NaN, a maximum looks past it. */
function merged(fold: Attribute['fold'], a: Made, b: Made): Made {
  if (fold === 'sum') return a.needsAnother ? a : b.needsAnother ? b : { ...a, value: a.value + b.value };
  if (Number.isNaN(a.value)) return b;
  return b.value > a.value ? b : a;
}

/** The subject of a series, where it is one that the attribute is read of. */
function fits({ of, where = {} }: Attribute, labels: Labels): ReturnType<typeof subjectOf> | undefined {
  for (const [label, value] of Object.entries(where)) if ((labels[label] ?? '') !== value) return undefined;
  switch (of) {
    case 'worker':
    case 'process':
      return {};
    case 'task':
      return ownerOf(labels);
    case 'mirror':
      return subjectOf(labels);
    case 'producer':
    case 'replication-consumer': {
      const clientId = clientIdLabels.map(label => unquoted(labels[label] ?? '')).find(id => id !== '') ?? '';
      const own =
        of === 'producer'
          ? clientId.startsWith('connector-producer-')
          : /[|]replication-consumer$/.test(clientId);
      return own ? ownerOf(labels) : undefined;
    }
  }
}

/** Whether records pass where a gauge that never decays is about; see {@link Attribute.while}. */
function aliveBy(
  attribute: Attribute,
  name: string,
  byName: Page['byName'],
  rate: Rate,
): (series: ExposedSeries) => 'yes' | 'no' | 'unknown' {
  if (attribute.while === undefined) return () => 'yes';
  const counter = counterBeside(name, attribute.while);
  const rates = new Map((byName.get(counter) ?? []).map(one => [one.id.slice(counter.length), rate(one)]));
  return ({ id }) => {
    const perSecond = rates.get(id.slice(name.length));
    if (perSecond === undefined) return 'no';
    return Number.isNaN(perSecond) ? 'unknown' : perSecond > 0 ? 'yes' : 'no';
  };
}

function ofHost(metric: HostMetric, { byName, instance, rate }: Page): readonly Made[] {
  const all = (name: string): readonly ExposedSeries[] => byName.get(name) ?? [];
  const idle = all('node_cpu_seconds_total').filter(({ labels }) => labels['mode'] === 'idle');
  switch (metric) {
    case 'node-cores':
      return idle.length === 0 ? [] : [{ value: idle.length, instance }];
    case 'node-cpu':
      return counted(instance, idle.map(rate), rates => 1 - total(rates) / rates.length);
    case 'node-memory-used': {
      const available = all('node_memory_MemAvailable_bytes')[0];
      const whole = all('node_memory_MemTotal_bytes')[0];
      return available && whole ? [{ value: 1 - available.value / whole.value, instance }] : [];
    }
    case 'node-network-bytes': {
      const devices = ['receive', 'transmit'].flatMap(way => all(`node_network_${way}_bytes_total`));
      const rates = devices.filter(({ labels }) => labels['device'] !== 'lo').map(rate);
      return counted(instance, rates, total);
    }
  }
}

function counted(
  instance: string,
  rates: readonly number[],
  of: (rates: readonly number[]) => number,
): readonly Made[] {
  if (rates.length === 0) return [];
  const known = rates.filter(rate => !Number.isNaN(rate));
  return known.length === 0
    ? [{ value: NaN, instance, needsAnother: true }]
    : [{ value: of(known), instance }];
}

function total(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
