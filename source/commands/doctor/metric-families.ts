import type { MetricName } from '../../core/observation.js';

/** Metrics that come from one MBean, and so are there or missing together. */
export type Family = {
  readonly name: string;
  readonly metrics: readonly MetricName[];
  readonly lost: string;
  readonly repair: string;
};

/** What makes an exporter print an MBean under the names that its default rule gives. */
function rule(mbean: string): string {
  return `in the workers' JMX exporter, add "${mbean}" to includeObjectNames where that is set, and a rule that matches it: - pattern: '.*'`;
}

const jvm = "run the JMX exporter as an agent in the worker's JVM: it then prints the JVM's own metrics";
const node =
  'run node_exporter on the hosts of the workers, and let Prometheus scrape it under the same host name';

export const families: readonly Family[] = [
  {
    name: 'source tasks',
    metrics: [
      'source-record-poll-rate',
      'source-record-write-rate',
      'source-record-active-count',
      'poll-batch-avg-time',
      'poll-batch-max-time',
    ],
    lost: "records/s and in-flight records of each task, and how long it waits for a batch; a flow's pace is then that of its end offsets",
    repair: rule('kafka.connect:type=source-task-metrics,*'),
  },
  {
    name: 'task errors',
    metrics: ['task-record-errors-total', 'task-record-failures-total', 'task-records-skipped-total'],
    lost: 'records that failed or were skipped without stopping their task',
    repair: rule('kafka.connect:type=task-error-metrics,*'),
  },
  {
    name: 'producers of tasks',
    metrics: [
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
    lost: 'why a flow is slow: full buffers, throttling by quota, a slow target',
    repair: rule('kafka.producer:type=producer-metrics,*'),
  },
  {
    name: 'consumers of tasks',
    metrics: ['consumer-fetch-throttle-time-avg', 'consumer-fetch-latency-avg', 'replication-records-lag'],
    lost: 'throttling and latency at the source of a flow',
    repair: rule('kafka.consumer:type=consumer-fetch-manager-metrics,*'),
  },
  {
    name: 'MirrorMaker 2',
    metrics: ['replication-latency-avg', 'replication-record-age-max'],
    lost: 'how old records are when they reach the target',
    repair: `${rule('kafka.connect.mirror:type=MirrorSourceConnector,*')}; they show only while records pass`,
  },
  {
    name: 'workers',
    metrics: ['worker-rebalances-total', 'worker-task-startup-failures-total'],
    lost: 'rebalances between two looks, and tasks that failed to start',
    repair: rule(
      'kafka.connect:type=connect-worker-metrics,* and kafka.connect:type=connect-worker-rebalance-metrics',
    ),
  },
  {
    name: 'processes of workers',
    metrics: ['process-cpu', 'jvm-heap-used-bytes', 'jvm-heap-max-bytes', 'jvm-gc-share'],
    lost: 'whether a worker is short of CPU or heap',
    repair: jvm,
  },
  {
    name: 'hosts of workers',
    metrics: ['node-cpu', 'node-cores', 'node-memory-used', 'node-network-bytes'],
    lost: 'whether the host of a worker is short of CPU, memory or network',
    repair: node,
  },
];
