import type { MetricName } from '../../core/observation.js';

/**
 * How each attribute is spelt. The JMX exporter's default rule prints `<domain>_<type>_<attribute>`; Strimzi's rules
 * shorten the type; exporters ≥ 1.0 take `_total` away from what is not typed COUNTER and others put it on, so that
 * every counter is looked for with and without it. First spelling first; the present ones are all asked.
 */
export const spellings: { readonly [N in Exclude<MetricName, HostMetric>]: readonly string[] } = {
  'source-record-poll-rate': counter(
    'kafka_connect_source_task_metrics_source_record_poll',
    'kafka_connect_source_task_source_record_poll',
  ),
  'source-record-write-rate': counter(
    'kafka_connect_source_task_metrics_source_record_write',
    'kafka_connect_source_task_source_record_write',
  ),
  'source-record-active-count': [
    'kafka_connect_source_task_metrics_source_record_active_count',
    'kafka_connect_source_task_source_record_active_count',
  ],
  'producer-buffer-available-bytes': producer('buffer_available_bytes'),
  'producer-buffer-total-bytes': producer('buffer_total_bytes'),
  'producer-bufferpool-wait-ratio': producer('bufferpool_wait_ratio'),
  'producer-throttle-time-avg': producer('produce_throttle_time_avg'),
  'producer-request-latency-avg': producer('request_latency_avg'),
  'producer-record-queue-time-avg': producer('record_queue_time_avg'),
  'consumer-fetch-throttle-time-avg': fetchManager('fetch_throttle_time_avg'),
  'consumer-fetch-latency-avg': fetchManager('fetch_latency_avg'),
  'worker-rebalances-total': counter(
    'kafka_connect_connect_worker_rebalance_metrics_completed_rebalances',
    'kafka_connect_worker_rebalance_metrics_completed_rebalances',
    'kafka_connect_worker_rebalance_completed_rebalances',
  ),
  'process-cpu': ['process_cpu_seconds_total', 'process_cpu_seconds'],
  'jvm-heap-used-bytes': ['jvm_memory_used_bytes', 'jvm_memory_bytes_used'],
  'jvm-heap-max-bytes': ['jvm_memory_max_bytes', 'jvm_memory_bytes_max'],
};

/** Metrics that node_exporter spells in one way. */
export type HostMetric = 'node-cpu' | 'node-cores' | 'node-memory-used' | 'node-network-bytes';

export const hostSpellings: { readonly [N in HostMetric]: readonly string[] } = {
  'node-cpu': ['node_cpu_seconds_total'],
  'node-cores': ['node_cpu_seconds_total'],
  'node-memory-used': ['node_memory_MemAvailable_bytes', 'node_memory_MemTotal_bytes'],
  'node-network-bytes': ['node_network_receive_bytes_total', 'node_network_transmit_bytes_total'],
};

/** Every name that kmon may ask for. */
export const allSpellings: readonly string[] = [
  ...Object.values(spellings).flat(),
  ...Object.values(hostSpellings).flat(),
];

/** Names of which one instance's presence says that it is a Connect worker. */
export const workerSpellings: readonly string[] = [
  ...spellings['worker-rebalances-total'],
  ...spellings['source-record-poll-rate'],
  ...spellings['source-record-active-count'],
];

function counter(...bases: readonly string[]): readonly string[] {
  return bases.flatMap(base => [`${base}_total`, base]);
}

function producer(attribute: string): readonly string[] {
  return [
    `kafka_producer_producer_metrics_${attribute}`,
    `kafka_producer_${attribute}`,
    `kafka_connect_producer_${attribute}`,
  ];
}

function fetchManager(attribute: string): readonly string[] {
  return [
    `kafka_consumer_consumer_fetch_manager_metrics_${attribute}`,
    `kafka_consumer_fetch_manager_${attribute}`,
    `kafka_connect_consumer_fetch_${attribute.replace(/^fetch_/, '')}`,
  ];
}
