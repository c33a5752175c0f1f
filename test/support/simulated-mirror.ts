import type { Clock } from '../../source/core/clock.js';
import { SimulatedConnect } from '../../source/simulator/connect/site.js';
import { SimulatedPrometheus } from '../../source/simulator/prometheus/server.js';

/** Secrets that stand in the configuration of the simulated connector; none may ever be seen elsewhere. */
export const planted = {
  jaasPassword: 'hunter2-jaas',
  truststore: 'hunter2-truststore',
  sourcePassword: 'hunter2-source',
};

export const mirrorConfig: Readonly<Record<string, string>> = {
  'connector.class': 'org.apache.kafka.connect.mirror.MirrorSourceConnector',
  'tasks.max': '4',
  'source.cluster.alias': 'eu',
  'target.cluster.alias': 'us',
  'source.cluster.bootstrap.servers': '127.0.0.1:19092',
  'target.cluster.bootstrap.servers': '127.0.0.1:29092',
  topics: 'orders',
  'producer.override.sasl.jaas.config': `org.apache.kafka.common.security.scram.ScramLoginModule required username="mm2-user" password="${planted.jaasPassword}";`,
  'producer.override.ssl.truststore.password': planted.truststore,
  'source.cluster.sasl.password': planted.sourcePassword,
  'target.cluster.ssl.key.password': '${file:/etc/kafka/secrets.properties:key.password}',
};

/** A Connect cluster of two workers with one MirrorMaker 2 flow `eu → us` of twelve partitions and four tasks. */
export async function simulatedMirror(
  clock: Clock,
  setup: {
    readonly version?: string;
    readonly partitions?: number;
    readonly config?: Record<string, string>;
  } = {},
): Promise<SimulatedConnect> {
  return SimulatedConnect.start({
    clock,
    ...(setup.version !== undefined && { version: setup.version }),
    connectors: [
      {
        name: 'mm2-source',
        config: { ...mirrorConfig, ...setup.config },
        replicates: { sourceAlias: 'eu', topics: { orders: setup.partitions ?? 12 } },
      },
      {
        name: 'mm2-heartbeat',
        config: {
          'connector.class': 'org.apache.kafka.connect.mirror.MirrorHeartbeatConnector',
          'tasks.max': '1',
        },
      },
    ],
  });
}

/** Exporters of two workers and their host, in the spelling of the JMX exporter's default rule. */
export async function simulatedMetrics(clock: Clock, tasks = 4): Promise<SimulatedPrometheus> {
  const prometheus = await SimulatedPrometheus.start({ clock });
  const instances = ['10.0.3.1:9404', '10.0.3.2:9404'];
  prometheus.targets = instances.map(instance => ({ instance, job: 'connect', scrapeInterval: '5s' }));
  for (let task = 0; task < tasks; task++) {
    const instance = instances[task % instances.length] ?? '';
    const own = { connector: 'mm2-source', task: String(task), instance };
    prometheus.setRate('kafka_connect_source_task_metrics_source_record_poll', own, 1250);
    prometheus.setRate('kafka_connect_source_task_metrics_source_record_write', own, 1240);
    prometheus.set('kafka_connect_source_task_metrics_source_record_active_count', own, 10);
    prometheus.set('kafka_connect_source_task_metrics_poll_batch_avg_time_ms', own, 9);
    prometheus.set('kafka_connect_source_task_metrics_poll_batch_max_time_ms', own, 40);
    for (const total of ['record_errors', 'record_failures', 'records_skipped'])
      prometheus.set(`kafka_connect_task_error_metrics_total_${total}`, own, 0);
    const producer = { client_id: `connector-producer-mm2-source-${task}`, instance };
    prometheus.set('kafka_producer_producer_metrics_buffer_available_bytes', producer, 33_000_000);
    prometheus.set('kafka_producer_producer_metrics_buffer_total_bytes', producer, 33_554_432);
    prometheus.set('kafka_producer_producer_metrics_bufferpool_wait_ratio', producer, 0);
    prometheus.set('kafka_producer_producer_metrics_produce_throttle_time_avg', producer, 0);
    prometheus.set('kafka_producer_producer_metrics_request_latency_avg', producer, 1.6);
    prometheus.set('kafka_producer_producer_metrics_record_queue_time_avg', producer, 3);
    prometheus.set('kafka_producer_producer_metrics_batch_size_avg', producer, 14_000);
    prometheus.set('kafka_producer_producer_metrics_request_rate', producer, 45);
    prometheus.setRate('kafka_producer_producer_metrics_record_retry', producer, 0);
    const consumer = { client_id: `"eu->us|mm2-source-${task}|replication-consumer"`, instance };
    prometheus.set('kafka_consumer_consumer_fetch_manager_metrics_fetch_throttle_time_avg', consumer, 0);
    prometheus.set('kafka_consumer_consumer_fetch_manager_metrics_fetch_latency_avg', consumer, 12);
    const place = { topic: 'orders', partition: String(task) };
    prometheus.set('kafka_consumer_consumer_fetch_manager_metrics_records_lag', { ...consumer, ...place }, 4);
    const flow = { source: 'eu', target: 'us', topic: 'eu.orders', partition: String(task), instance };
    prometheus.setRate('kafka_connect_mirror_mirrorsourceconnector_record_count', flow, 1240);
    prometheus.set('kafka_connect_mirror_mirrorsourceconnector_replication_latency_ms_avg', flow, 40 + task);
    prometheus.set('kafka_connect_mirror_mirrorsourceconnector_record_age_ms_max', flow, 90 + task);
  }
  for (const instance of instances) {
    prometheus.set('kafka_connect_connect_worker_rebalance_metrics_completed_rebalances', { instance }, 3);
    prometheus.set('kafka_connect_connect_worker_metrics_task_startup_failure', { instance }, 0);
    prometheus.setRate('jvm_gc_collection_seconds_sum', { instance, gc: 'G1 Young Generation' }, 0.01);
    prometheus.setRate('jvm_gc_collection_seconds_sum', { instance, gc: 'G1 Old Generation' }, 0.02);
    prometheus.setRate('process_cpu_seconds_total', { instance }, 0.4);
    for (const area of ['heap', 'nonheap']) {
      prometheus.set('jvm_memory_used_bytes', { instance, area }, 200_000_000);
      prometheus.set('jvm_memory_max_bytes', { instance, area }, 536_870_912);
    }
    const host = instance.replace('9404', '9100');
    for (const cpu of ['0', '1']) {
      prometheus.setRate('node_cpu_seconds_total', { instance: host, cpu, mode: 'idle' }, 0.7);
      prometheus.setRate('node_cpu_seconds_total', { instance: host, cpu, mode: 'user' }, 0.3);
    }
    prometheus.set('node_memory_MemAvailable_bytes', { instance: host }, 6e9);
    prometheus.set('node_memory_MemTotal_bytes', { instance: host }, 24e9);
    for (const device of ['eth0', 'lo']) {
      prometheus.setRate('node_network_receive_bytes_total', { instance: host, device }, 1000);
      prometheus.setRate('node_network_transmit_bytes_total', { instance: host, device }, 500);
    }
  }
  return prometheus;
}
