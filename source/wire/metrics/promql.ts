import type { MetricName } from '../../core/observation.js';
import { clientIdLabels } from './labels.js';
import { hostSpellings, spellings, type HostMetric } from './names.js';

/** What is known of the site when questions are put together. */
export type Scope = {
  /** Names that exist in this Prometheus. */
  readonly present: ReadonlySet<string>;
  /** `host:port` of the Connect workers' exporters. */
  readonly instances: readonly string[];
  /** Window of `rate()`, seconds. */
  readonly rateWindow: number;
};

/** Label that says which metric a series of a joined question belongs to. */
export const metricLabel = 'kmon_metric';

/** Metrics that are asked in one request, so that a pass costs a handful of requests and one part can fail alone. */
export const groups: readonly (readonly MetricName[])[] = [
  ['source-record-poll-rate', 'source-record-write-rate', 'source-record-active-count'],
  [
    'producer-buffer-available-bytes',
    'producer-buffer-total-bytes',
    'producer-bufferpool-wait-ratio',
    'producer-throttle-time-avg',
    'producer-request-latency-avg',
    'producer-record-queue-time-avg',
  ],
  ['consumer-fetch-throttle-time-avg', 'consumer-fetch-latency-avg'],
  ['worker-rebalances-total', 'process-cpu', 'jvm-heap-used-bytes', 'jvm-heap-max-bytes'],
  ['node-cpu', 'node-cores', 'node-memory-used', 'node-network-bytes'],
];

/** The names of one metric, tried and present. */
export function namesOf(
  metric: MetricName,
  scope: Scope,
): { tried: readonly string[]; present: readonly string[] } {
  const tried = isHost(metric) ? hostSpellings[metric] : spellings[metric];
  return { tried, present: tried.filter(name => scope.present.has(name)) };
}

/** The PromQL of one metric over those of its names that are present; undefined where it can not be asked. */
export function expression(metric: MetricName, scope: Scope): string | undefined {
  const { tried, present } = namesOf(metric, scope);
  if (present.length === 0) return undefined;
  if (isHost(metric)) {
    if (present.length < tried.length || scope.instances.length === 0) return undefined;
    return hostExpression(metric, scope);
  }
  return present.map(name => ofName(metric, name, scope)).join(' or ');
}

/** One question for several metrics; each series carries its metric in {@link metricLabel}. */
export function joined(expressions: readonly (readonly [MetricName, string])[]): string {
  return expressions
    .map(([metric, promql]) => `label_replace(${promql}, "${metricLabel}", "${metric}", "", "")`)
    .join(' or ');
}

function ofName(metric: Exclude<MetricName, HostMetric>, name: string, scope: Scope): string {
  const window = `[${scope.rateWindow}s]`;
  const workers = `instance=~"${scope.instances.map(literal).join('|')}"`;
  switch (metric) {
    case 'source-record-poll-rate':
    case 'source-record-write-rate':
      return `sum by (connector, task, instance) (rate(${name}${window}))`;
    case 'source-record-active-count':
    case 'worker-rebalances-total':
      return name;
    case 'process-cpu':
      return `sum by (instance) (rate(${name}{${workers}}${window}))`;
    case 'jvm-heap-used-bytes':
    case 'jvm-heap-max-bytes':
      return `sum by (instance) (${name}{area="heap", ${workers}})`;
    case 'consumer-fetch-throttle-time-avg':
    case 'consumer-fetch-latency-avg':
      return ofClients(name, '.*[|]replication-consumer.?');
    default:
      return ofClients(name, '.?connector-producer-.*');
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

/** Series of the clients whose id matches, whatever the exporter calls the label. */
function ofClients(name: string, clientId: string): string {
  return clientIdLabels.map(label => `${name}{${label}=~"${clientId}"}`).join(' or ');
}

function isHost(metric: MetricName): metric is HostMetric {
  return metric in hostSpellings;
}

/** Text as a regular expression that needs no backslash, which PromQL's strings would double. */
function literal(text: string): string {
  return text.replaceAll('.', '[.]').replace(/[^A-Za-z0-9:_./[\]-]/g, '.');
}

function hostOf(instance: string): string {
  return instance.replace(/:\d+$/, '');
}
