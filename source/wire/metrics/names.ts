import type { MetricName } from '../../core/observation.js';

/**
 * Whose rules gave a name its spelling: the JMX exporter's default rule (and what prints as it does: the Strimzi
 * reporter, Confluent's stacks), the rules of Strimzi and of the exporter's own example, those that put Connect's
 * clients under `kafka_connect_`, those that leave `kafka_` away, the exporter's own JVM metrics, and node_exporter.
 */
export type Dialect = 'default' | 'strimzi' | 'connect-prefixed' | 'unprefixed' | 'jvm' | 'node';

export type Spelling = { readonly name: string; readonly dialect: Dialect };

/** Metrics that node_exporter spells in one way, and that take arithmetic (`host.ts`, `promql.ts`). */
export type HostMetric = 'node-cpu' | 'node-cores' | 'node-memory-used' | 'node-network-bytes';

/** How one metric is made from series; the same for PromQL and for a page. */
export type Attribute = {
  /** First spelling first; the present ones are all asked. */
  readonly spellings: readonly Spelling[];
  /** What a series speaks of, and so what its labels must name. */
  readonly of: 'task' | 'producer' | 'replication-consumer' | 'worker' | 'process' | 'mirror';
  /** A counter is read as its rate a second, anything else as it is. */
  readonly read: 'value' | 'rate';
  /** What becomes of several series of one subject. */
  readonly fold: 'sum' | 'max';
  /** Labels that must have exactly this value; an empty one is a label that must not be there. */
  readonly where?: Readonly<Record<string, string>>;
  /**
   * Shows only while records pass: a gauge of MirrorMaker 2 keeps its last value for ever (47 minutes were seen long after
   * draining). The counter of the same partition, by the end of its name.
   */
  readonly while?: { readonly end: string; readonly counter: string };
};

/**
 * How each attribute is spelt. The JMX exporter's default rule prints `<domain>_<type>_<attribute>`; Strimzi's rules
 * shorten the type; exporters ≥ 1.0 take `_total` away from what is not typed COUNTER and others put it on, so that
 * every counter is looked for with and without it.
 */
export const attributes: { readonly [N in Exclude<MetricName, HostMetric>]: Attribute } = {
  'source-record-poll-rate': sourceTask(counter, 'source_record_poll', 'rate'),
  'source-record-write-rate': sourceTask(counter, 'source_record_write', 'rate'),
  'source-record-active-count': sourceTask(gauge, 'source_record_active_count', 'value'),
  'poll-batch-avg-time': sourceTask(gauge, 'poll_batch_avg_time_ms', 'value'),
  'poll-batch-max-time': sourceTask(gauge, 'poll_batch_max_time_ms', 'value'),
  'task-record-errors-total': taskError('total_record_errors'),
  'task-record-failures-total': taskError('total_record_failures'),
  'task-records-skipped-total': taskError('total_records_skipped'),
  'producer-buffer-available-bytes': producer(gauge, 'buffer_available_bytes', 'value'),
  'producer-buffer-total-bytes': producer(gauge, 'buffer_total_bytes', 'value'),
  'producer-bufferpool-wait-ratio': producer(gauge, 'bufferpool_wait_ratio', 'value'),
  'producer-throttle-time-avg': producer(gauge, 'produce_throttle_time_avg', 'value'),
  'producer-request-latency-avg': producer(gauge, 'request_latency_avg', 'value'),
  'producer-record-queue-time-avg': producer(gauge, 'record_queue_time_avg', 'value'),
  // Strimzi prints the totals of a client's topics under the name of the client's own.
  'producer-record-retry-rate': { ...producer(counter, 'record_retry', 'rate'), where: { topic: '' } },
  'producer-batch-size-avg': producer(gauge, 'batch_size_avg', 'value'),
  'producer-request-rate': producer(gauge, 'request_rate', 'value'),
  'consumer-fetch-throttle-time-avg': fetchManager('fetch_throttle_time_avg', 'max'),
  'consumer-fetch-latency-avg': fetchManager('fetch_latency_avg', 'max'),
  'replication-records-lag': fetchManager('records_lag', 'sum'),
  'replication-latency-avg': mirror('replication_latency_ms_avg'),
  'replication-record-age-max': mirror('record_age_ms_max'),
  'worker-rebalances-total': worker('rebalance', 'completed_rebalances'),
  'worker-task-startup-failures-total': worker('', 'task_startup_failure'),
  'process-cpu': jvm(['process_cpu_seconds_total', 'process_cpu_seconds'], 'rate'),
  'jvm-heap-used-bytes': heap('used'),
  'jvm-heap-max-bytes': heap('max'),
  'jvm-gc-share': jvm(['jvm_gc_collection_seconds_sum', 'jvm_gc_pause_seconds_sum'], 'rate'),
};

export const hostSpellings: { readonly [N in HostMetric]: readonly string[] } = {
  'node-cpu': ['node_cpu_seconds_total'],
  'node-cores': ['node_cpu_seconds_total'],
  'node-memory-used': ['node_memory_MemAvailable_bytes', 'node_memory_MemTotal_bytes'],
  'node-network-bytes': ['node_network_receive_bytes_total', 'node_network_transmit_bytes_total'],
};

export function isHost(metric: MetricName): metric is HostMetric {
  return metric in hostSpellings;
}

/** The spellings of any metric. */
export function spellingsOf(metric: MetricName): readonly Spelling[] {
  return isHost(metric)
    ? hostSpellings[metric].map(name => ({ name, dialect: 'node' }))
    : attributes[metric].spellings;
}

/** The counter that says whether the gauge of this name is alive (see {@link Attribute.while}). */
export function counterBeside(
  name: string,
  { end, counter: other }: NonNullable<Attribute['while']>,
): string {
  return name.slice(0, name.length - end.length) + other;
}

/** Every name that kmon may ask for. */
export const allSpellings: readonly string[] = [
  ...new Set([
    ...Object.values(attributes).flatMap(({ spellings, while: moving }) =>
      spellings.flatMap(({ name }) => (moving === undefined ? [name] : [name, counterBeside(name, moving)])),
    ),
    ...Object.values(hostSpellings).flat(),
  ]),
];

/** Names of which one instance's presence says that it is a Connect worker. */
export const workerSpellings: readonly string[] = [
  ...attributes['worker-rebalances-total'].spellings,
  ...attributes['source-record-poll-rate'].spellings,
  ...attributes['source-record-active-count'].spellings,
].map(({ name }) => name);

type Spelt = readonly (readonly [Dialect, string])[];
type Spell = (...spelt: Spelt) => readonly Spelling[];

function gauge(...spelt: Spelt): readonly Spelling[] {
  return spelt.map(([dialect, name]) => ({ name, dialect }));
}

function counter(...spelt: Spelt): readonly Spelling[] {
  return spelt.flatMap(([dialect, name]) => [
    { name: `${name}_total`, dialect },
    { name, dialect },
  ]);
}

function sourceTask(spell: Spell, attribute: string, read: Attribute['read']): Attribute {
  const spellings = spell(
    ['default', `kafka_connect_source_task_metrics_${attribute}`],
    ['strimzi', `kafka_connect_source_task_${attribute}`],
    ['unprefixed', `connect_source_task_metrics_${attribute}`],
  );
  return { spellings, of: 'task', read, fold: 'max' };
}

function taskError(attribute: string): Attribute {
  const spellings = counter(
    ['default', `kafka_connect_task_error_metrics_${attribute}`],
    ['strimzi', `kafka_connect_task_error_${attribute}`],
    ['unprefixed', `connect_task_error_metrics_${attribute}`],
  );
  return { spellings, of: 'task', read: 'value', fold: 'max' };
}

function producer(spell: Spell, attribute: string, read: Attribute['read']): Attribute {
  const spellings = spell(
    ['default', `kafka_producer_producer_metrics_${attribute}`],
    ['strimzi', `kafka_producer_${attribute}`],
    ['connect-prefixed', `kafka_connect_producer_${attribute}`],
  );
  return { spellings, of: 'producer', read, fold: 'max' };
}

function fetchManager(attribute: string, fold: Attribute['fold']): Attribute {
  const spellings = gauge(
    ['default', `kafka_consumer_consumer_fetch_manager_metrics_${attribute}`],
    ['strimzi', `kafka_consumer_fetch_manager_${attribute}`],
    ['connect-prefixed', `kafka_connect_consumer_fetch_${attribute.replace(/^fetch_/, '')}`],
  );
  return { spellings, of: 'replication-consumer', read: 'value', fold };
}

function mirror(attribute: string): Attribute {
  const spellings = gauge(
    ['default', `kafka_connect_mirror_mirrorsourceconnector_${attribute}`],
    // Where the exporter was not told to lower its names.
    ['default', `kafka_connect_mirror_MirrorSourceConnector_${attribute}`],
    ['connect-prefixed', `kafka_connect_mirror_source_connector_${attribute}`],
    ['unprefixed', `connect_mirror_mirrorsourceconnector_${attribute}`],
  );
  const moving = { end: attribute, counter: 'record_count' };
  return { spellings, of: 'mirror', read: 'value', fold: 'max', while: moving };
}

function worker(part: 'rebalance' | '', attribute: string): Attribute {
  const infix = part === '' ? '' : `${part}_`;
  const spellings = counter(
    ['default', `kafka_connect_connect_worker_${infix}metrics_${attribute}`],
    ['default', `kafka_connect_worker_${infix}metrics_${attribute}`],
    ['strimzi', `kafka_connect_worker_${infix}${attribute}`],
  );
  return { spellings, of: 'worker', read: 'value', fold: 'max' };
}

function jvm(names: readonly string[], read: Attribute['read']): Attribute {
  const spellings = names.map((name): Spelling => ({ name, dialect: 'jvm' }));
  return { spellings, of: 'process', read, fold: 'sum' };
}

function heap(what: 'used' | 'max'): Attribute {
  const names = [`jvm_memory_${what}_bytes`, `jvm_memory_bytes_${what}`];
  return { ...jvm(names, 'value'), where: { area: 'heap' } };
}
