import type { Failure } from '../failure.js';
import type { Answer, Timing } from './answer.js';

/**
 * The attributes that kmon reads, by their MBean meaning; `wire/metrics` knows how each is spelt. Rates are records a
 * second, latencies, ages and times ms, totals counted since the task or the worker started.
 */
export type MetricName =
  | 'source-record-poll-rate'
  | 'source-record-write-rate'
  | 'source-record-active-count'
  /** Time that a poll of a task took which brought records, ms; polls that brought none are not counted. */
  | 'poll-batch-avg-time'
  | 'poll-batch-max-time'
  /** Records that met an error, that failed for good, and that were skipped (`errors.tolerance`). */
  | 'task-record-errors-total'
  | 'task-record-failures-total'
  | 'task-records-skipped-total'
  | 'producer-buffer-available-bytes'
  | 'producer-buffer-total-bytes'
  | 'producer-bufferpool-wait-ratio'
  | 'producer-throttle-time-avg'
  | 'producer-request-latency-avg'
  | 'producer-record-queue-time-avg'
  | 'producer-record-retry-rate'
  /** Bytes of a batch, after compression; requests a second. */
  | 'producer-batch-size-avg'
  | 'producer-request-rate'
  | 'consumer-fetch-throttle-time-avg'
  | 'consumer-fetch-latency-avg'
  /** Records that MirrorMaker 2's consumer is behind, summed over the partitions of a task that it has fetched. */
  | 'replication-records-lag'
  /** Of MirrorMaker 2's partitions through which records pass, the worst; by source and target, not by task. */
  | 'replication-latency-avg'
  | 'replication-record-age-max'
  | 'worker-rebalances-total'
  | 'worker-task-startup-failures-total'
  /** Cores that the process uses. */
  | 'process-cpu'
  | 'jvm-heap-used-bytes'
  | 'jvm-heap-max-bytes'
  /** Share of the time that the JVM collected garbage. */
  | 'jvm-gc-share'
  | 'node-cpu'
  | 'node-cores'
  | 'node-memory-used'
  | 'node-network-bytes';

/** One series at one instant. NaN is unknown. Rates are per second, times in ms, shares 0…1, as MetricName says. */
export type Sample = {
  readonly value: number;
  /** `host:port` of the scraped process. */
  readonly instance: string;
  /** Present where the series speaks of a task: `connector-producer-<connector>-<task>` and the like. */
  readonly connector?: string;
  readonly task?: number;
  /** Aliases of a flow's clusters, where the series speaks of one; exporters before Kafka 4.0 seldom name the source. */
  readonly source?: string;
  readonly target?: string;
};

/** Instant values of the metrics that were found, and why the others were not. */
export type MetricsSeen = Timing & {
  readonly kind: 'metrics';
  readonly source: string;
  readonly answer: Answer<{
    readonly samples: Readonly<Partial<Record<MetricName, readonly Sample[]>>>;
    /** What was looked for and not found, with the names that were tried. */
    readonly missing: Readonly<Partial<Record<MetricName, Failure>>>;
    /** The name under which each was found. */
    readonly found: Readonly<Partial<Record<MetricName, string>>>;
    /** Length of the window of the `rate()`, seconds. */
    readonly rateWindow: number;
  }>;
};

/**
 * What a metrics store has of the time before kmon was started (Prometheus' range query): it fills the past of
 * the same series that `metrics` goes on with.
 */
export type MetricsPastSeen = Timing & {
  readonly kind: 'metrics-past';
  readonly source: string;
  readonly answer: Answer<{
    /** Length of the window of the `rate()`, seconds. */
    readonly rateWindow: number;
    readonly series: readonly (Omit<Sample, 'value'> & {
      readonly metric: MetricName;
      /** Milliseconds since the epoch, rising; parallel to `values`. Where there is none, nothing was scraped. */
      readonly times: Float64Array;
      /** NaN is unknown. */
      readonly values: Float64Array;
    })[];
    /** What the store could not give of the past. */
    readonly missing?: Readonly<Partial<Record<MetricName, Failure>>>;
  }>;
};
