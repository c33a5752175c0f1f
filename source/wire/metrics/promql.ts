import { failure, type Failure } from '../../core/failure.js';
import type { MetricName } from '../../core/observation.js';
import { clientIdLabels } from './labels.js';
import {
  attributes,
  counterBeside,
  isHost,
  spellingsOf,
  type Attribute,
  type HostMetric,
  type Spelling,
} from './names.js';

/** What is known of the site when questions are put together. */
export type Scope = {
  /** Names that exist in this Prometheus. */
  readonly present: ReadonlySet<string>;
  /** `host:port` of the Connect workers' exporters. */
  readonly instances: readonly string[];
  /** Window of `rate()`, seconds. */
  readonly rateWindow: number;
  /** Seconds between two scrapes of the most seldom scraped worker, where it is told. */
  readonly scrapeInterval?: number;
};

/** Label that says which metric a series of a joined question belongs to. */
export const metricLabel = 'kmon_metric';

/** Metrics that are asked in one request, so that a pass costs a handful of requests and one part can fail alone. */
export const groups: readonly (readonly MetricName[])[] = [
  [
    'source-record-poll-rate',
    'source-record-write-rate',
    'source-record-active-count',
    'poll-batch-avg-time',
    'poll-batch-max-time',
    'task-record-errors-total',
    'task-record-failures-total',
    'task-records-skipped-total',
  ],
  [
    'producer-buffer-available-bytes',
    'producer-buffer-total-bytes',
    'producer-bufferpool-wait-ratio',
    'producer-throttle-time-avg',
    'producer-request-latency-avg',
    'producer-record-queue-time-avg',
    'producer-record-retry-rate',
    'producer-batch-size-avg',
    'producer-request-rate',
  ],
  ['consumer-fetch-throttle-time-avg', 'consumer-fetch-latency-avg'],
  // A series a partition each: with 10,000 partitions most of the work.
  ['replication-records-lag', 'replication-latency-avg', 'replication-record-age-max'],
  [
    'worker-rebalances-total',
    'worker-task-startup-failures-total',
    'process-cpu',
    'jvm-heap-used-bytes',
    'jvm-heap-max-bytes',
    'jvm-gc-share',
  ],
  ['node-cpu', 'node-cores', 'node-memory-used', 'node-network-bytes'],
];

/** Every metric, in the order of the groups. */
export const allMetrics: readonly MetricName[] = groups.flat();

/** The names of one metric, tried and present. A gauge without the counter that says whether it is alive is not present. */
export function namesOf(
  metric: MetricName,
  present: ReadonlySet<string>,
): { readonly tried: readonly string[]; readonly present: readonly Spelling[] } {
  const spellings = spellingsOf(metric);
  const moving = isHost(metric) ? undefined : attributes[metric].while;
  return {
    tried: spellings.map(({ name }) => name),
    present: spellings.filter(
      ({ name }) => present.has(name) && (moving === undefined || present.has(counterBeside(name, moving))),
    ),
  };
}

/** Why a metric is not known of which no name exists: it is not exported, which no time mends. */
export function notExported(metric: MetricName, tried: readonly string[]): Failure {
  return failure(
    'unsupported',
    metric,
    `none of these exists: ${tried.join(', ')}`,
    'add it to what the exporter tells; `kmon doctor` lists the names that are looked for',
  );
}

/** The PromQL of one metric over those of its names that are present; undefined where it can not be asked. */
export function expression(metric: MetricName, scope: Scope): string | undefined {
  const { tried, present } = namesOf(metric, scope.present);
  if (present.length === 0) return undefined;
  if (isHost(metric)) {
    if (present.length < tried.length || scope.instances.length === 0) return undefined;
    return hostExpression(metric, scope);
  }
  return present.map(({ name }) => ofName(attributes[metric], name, scope)).join(' or ');
}

/** One question for several metrics; each series carries its metric in {@link metricLabel}. */
export function joined(expressions: readonly (readonly [MetricName, string])[]): string {
  return expressions
    .map(([metric, promql]) => `label_replace(${promql}, "${metricLabel}", "${metric}", "", "")`)
    .join(' or ');
}

function ofName(attribute: Attribute, name: string, scope: Scope): string {
  const { of, fold, where = {} } = attribute;
  const window = `[${scope.rateWindow}s]`;
  const fixed = Object.entries(where).map(([label, value]) => `${label}="${value}"`);
  const read = (...matchers: readonly string[]): string => {
    const all = [...fixed, ...matchers];
    const selected = all.length === 0 ? name : `${name}{${all.join(', ')}}`;
    return attribute.read === 'rate' ? `rate(${selected}${window})` : selected;
  };
  const ofClients = (clientId: string): string =>
    clientIdLabels
      .map(label => `${fold} by (${label}, instance) (${read(`${label}=~"${clientId}"`)})`)
      .join(' or ');
  switch (of) {
    case 'task':
      return `${fold} by (connector, task, instance) (${read()})`;
    case 'worker':
      return `${fold} by (instance) (${read()})`;
    case 'process':
      return `${fold} by (instance) (${read(`instance=~"${scope.instances.map(literal).join('|')}"`)})`;
    case 'producer':
      return ofClients('.?connector-producer-.*');
    case 'replication-consumer':
      return ofClients('.*[|]replication-consumer.?');
    case 'mirror': {
      const moving = attribute.while && ` and rate(${counterBeside(name, attribute.while)}${window}) > 0`;
      return `${fold} by (source, target, destination, instance) (${read()}${moving ?? ''})`;
    }
  }
}

function hostExpression(metric: HostMetric, scope: Scope): string {
  const window = `[${scope.rateWindow}s]`;
  const hosts = [...new Set(scope.instances.map(hostOf))].map(host => `${literal(host)}(:[0-9]+)?`);
  const on = `instance=~"${hosts.join('|')}"`;
  switch (metric) {
    case 'node-cpu':
      return `1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle", ${on}}${window}))`;
    case 'node-cores':
      return `count by (instance) (node_cpu_seconds_total{mode="idle", ${on}})`;
    case 'node-memory-used':
      return (
        `1 - sum by (instance) (node_memory_MemAvailable_bytes{${on}}) / ` +
        `sum by (instance) (node_memory_MemTotal_bytes{${on}})`
      );
    case 'node-network-bytes':
      return ['receive', 'transmit']
        .map(way => `sum by (instance) (rate(node_network_${way}_bytes_total{device!="lo", ${on}}${window}))`)
        .join(' + ');
  }
}

/** Text as a regular expression that needs no backslash, which PromQL's strings would double. */
function literal(text: string): string {
  return text.replaceAll('.', '[.]').replace(/[^A-Za-z0-9:_./[\]-]/g, '.');
}

function hostOf(instance: string): string {
  return instance.replace(/:\d+$/, '');
}
