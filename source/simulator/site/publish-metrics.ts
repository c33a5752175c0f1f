import type { Millis } from '../../core/clock.js';
import type { SimulatedPrometheus } from '../prometheus/server.js';
import { sourceConnector } from './publish-connect.js';
import { about } from './random.js';
import { Rates } from './rates.js';
import { bufferedBytes, inFlight, partitionsOfTask } from './replicate.js';
import { copyOf, type MirroredPartition, type SiteState, type TaskState } from './state.js';

const scrapeEvery: Millis = 5_000;
const cores = 4;
/** What the other two connectors of a flow poll and write: a heartbeat a second, checkpoints of four groups a minute. */
const perSecond = { 'mm2-heartbeat': 1, 'mm2-checkpoint': 0.4 };
const gigabyte = 2 ** 30;
/** `max.poll.records` */
const fullBatch = 500;

/** Scrapes the workers as a Prometheus does, in the spelling of the JMX exporter's default rule. */
export class Scrape {
  private readonly rates = new Rates(30_000);
  private scrapedAt: Millis = -Infinity;
  private generation = -1;

  constructor(private readonly prometheus: SimulatedPrometheus) {}

  publish(state: SiteState): void {
    if (state.now - this.scrapedAt < scrapeEvery) return;
    this.scrapedAt = state.now;
    if (this.generation !== state.generation) this.forget(state);
    for (const task of state.tasks) if (task.phase !== 'lost') this.task(state, task);
    this.others(state);
    for (const [index, { lostAt }] of state.workers.entries())
      if (lostAt === undefined) this.worker(state, index);
  }

  /** Series of a task end with it, and all of a worker's with the worker. */
  private forget(state: SiteState): void {
    this.generation = state.generation;
    for (const { host } of state.workers) this.prometheus.remove({ labels: { instance: exporterOf(host) } });
    this.prometheus.targets = state.workers
      .filter(w => w.lostAt === undefined)
      .flatMap(({ host }) => [
        { instance: exporterOf(host), job: 'connect', scrapeInterval: '5s' },
        { instance: `${host}:9100`, job: 'node', scrapeInterval: '5s' },
      ]);
  }

  private task(state: SiteState, task: TaskState): void {
    const { prometheus } = this;
    const instance = exporterOf(state.workers[task.worker]?.host ?? '');
    const own = { connector: sourceConnector, task: String(task.task), instance };
    const of = 'kafka_connect_source_task_metrics_source_record';
    this.counter(`${of}_poll`, own, task.polled, state.now);
    this.counter(`${of}_write`, own, task.written, state.now);
    prometheus.set(`${of}_active_count`, own, inFlight(task));
    const polled = this.rates.read(`polled ${task.task}`, task.polled, state.now) ?? 0;
    const ahead = partitionsOfTask(state, task).reduce((sum, p) => sum + p.end - p.polled, 0);
    // What lies there is fetched ahead; else a poll waits for the next record. Kafka averages over polls that brought records: without one
    // there is no number.
    const batchTime = polled > 0 ? (ahead > fullBatch ? 2 : 4 + 1_000 / polled) : NaN;
    prometheus.set('kafka_connect_source_task_metrics_poll_batch_avg_time_ms', own, batchTime);
    prometheus.set('kafka_connect_source_task_metrics_poll_batch_max_time_ms', own, batchTime * 4);
    for (const total of ['record_errors', 'record_failures', 'records_skipped'])
      prometheus.set(`kafka_connect_task_error_metrics_total_${total}`, own, 0);

    const buffered = bufferedBytes(state, task);
    const writes = this.rates.read(`acked ${task.task}`, task.acked, state.now) ?? 0;
    const producer = { client_id: `connector-producer-${sourceConnector}-${task.task}`, instance };
    const client = 'kafka_producer_producer_metrics';
    prometheus.set(`${client}_buffer_available_bytes`, producer, state.bufferBytes - buffered);
    prometheus.set(`${client}_buffer_total_bytes`, producer, state.bufferBytes);
    prometheus.set(`${client}_bufferpool_wait_ratio`, producer, task.wait);
    prometheus.set(`${client}_produce_throttle_time_avg`, producer, task.throttle);
    prometheus.set(`${client}_request_latency_avg`, producer, about(1.6, 0.3, state));
    const batch = Math.min(16_384, Math.max(1_200, buffered));
    prometheus.set(`${client}_batch_size_avg`, producer, batch);
    const size = state.topics[0]?.recordBytes ?? 0;
    prometheus.set(`${client}_request_rate`, producer, Math.ceil((writes * size) / batch));
    const queued = task.sent - task.acked;
    prometheus.set(`${client}_record_queue_time_avg`, producer, writes > 0 ? (queued / writes) * 1000 : NaN);
    prometheus.setRate(`${client}_record_retry`, producer, 0);

    const consumer = { client_id: `"eu->us|${sourceConnector}-${task.task}|replication-consumer"`, instance };
    const fetch = 'kafka_consumer_consumer_fetch_manager_metrics_fetch';
    prometheus.set(`${fetch}_throttle_time_avg`, consumer, 0);
    prometheus.set(`${fetch}_latency_avg`, consumer, about(14, 0.3, state));
    for (const p of partitionsOfTask(state, task)) this.mirrored(state, p, consumer, instance);
  }

  /** What MirrorMaker 2 and its consumer tell of one partition, under the name of its copy and of itself. */
  private mirrored(
    state: SiteState,
    p: MirroredPartition,
    consumer: Readonly<Record<string, string>>,
    instance: string,
  ): void {
    const { prometheus } = this;
    const partition = String(p.partition);
    const lag = 'kafka_consumer_consumer_fetch_manager_metrics_records_lag';
    prometheus.set(lag, { ...consumer, topic: p.topic, partition }, p.end - p.polled);
    const flow = { source: 'eu', target: 'us', topic: copyOf(p.topic), partition, instance };
    const mirror = 'kafka_connect_mirror_mirrorsourceconnector';
    const key = `${p.topic}-${partition}`;
    const copies = this.rates.read(`copied ${key}`, p.acked, state.now) ?? 0;
    prometheus.setRate(`${mirror}_record_count`, flow, copies);
    // What waits, at the pace at which it is written: the age of the record that is written now.
    const age = copies > 0 ? ((p.end - p.acked) / copies) * 1000 : NaN;
    prometheus.set(`${mirror}_replication_latency_ms_avg`, flow, age);
    prometheus.set(`${mirror}_record_age_ms_max`, flow, age * 1.3);
  }

  private others(state: SiteState): void {
    const host = state.workers.find(w => w.lostAt === undefined)?.host;
    if (host === undefined) return;
    const of = 'kafka_connect_source_task_metrics_source_record';
    for (const [connector, rate] of Object.entries(perSecond)) {
      const own = { connector, task: '0', instance: exporterOf(host) };
      for (const way of ['poll', 'write']) {
        this.prometheus.set(`${of}_${way}`, own, Math.floor((rate * state.now) / 1000));
        this.prometheus.setRate(`${of}_${way}`, own, rate);
      }
      this.prometheus.set(`${of}_active_count`, own, 0);
    }
  }

  private worker(state: SiteState, index: number): void {
    const { prometheus } = this;
    const worker = state.workers[index];
    if (worker === undefined) return;
    const own = state.tasks.filter(t => t.worker === index && t.phase === 'running');
    const carried = own.reduce(
      (sum, t) => sum + (this.rates.read(`cpu ${t.task}`, t.acked, state.now) ?? 0),
      0,
    );
    // A task that carries all it can keeps a core busy for most of its time.
    const busy = 0.08 + (0.7 * carried) / state.setting.perTask;
    const instance = exporterOf(worker.host);
    prometheus.set('kafka_connect_connect_worker_metrics_task_startup_failure', { instance }, 0);
    const rebalances = 'kafka_connect_connect_worker_rebalance_metrics_completed_rebalances';
    prometheus.set(rebalances, { instance }, worker.rebalances);
    prometheus.setRate('process_cpu_seconds_total', { instance }, about(busy, 0.1, state));
    prometheus.set('jvm_memory_used_bytes', { instance, area: 'heap' }, about(0.42, 0.2, state) * gigabyte);
    prometheus.set('jvm_memory_max_bytes', { instance, area: 'heap' }, gigabyte);
    prometheus.setRate('jvm_gc_collection_seconds_sum', { instance, gc: 'G1 Young Generation' }, busy / 50);

    const host = `${worker.host}:9100`;
    const used = Math.min(0.97, (busy + 0.3) / cores);
    for (let cpu = 0; cpu < cores; cpu++) {
      const idle = { instance: host, cpu: String(cpu), mode: 'idle' };
      prometheus.setRate('node_cpu_seconds_total', idle, 1 - about(used, 0.1, state));
    }
    prometheus.set('node_time_seconds', { instance: host }, state.now / 1000);
    prometheus.set('node_memory_MemAvailable_bytes', { instance: host }, 5.2 * gigabyte);
    prometheus.set('node_memory_MemTotal_bytes', { instance: host }, 8 * gigabyte);
    const bytes = carried * (state.topics[0]?.recordBytes ?? 0);
    for (const way of ['receive', 'transmit'])
      prometheus.setRate(`node_network_${way}_bytes_total`, { instance: host, device: 'eth0' }, bytes);
  }

  private counter(name: string, labels: Readonly<Record<string, string>>, value: number, at: Millis): void {
    this.prometheus.set(name, labels, value);
    const perSecond = this.rates.read(`${name} ${labels['task'] ?? ''}`, value, at);
    if (perSecond !== undefined) this.prometheus.setRate(name, labels, perSecond);
  }
}

function exporterOf(host: string): string {
  return `${host}:9404`;
}
