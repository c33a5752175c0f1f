import type {
  ConnectorSeen,
  GroupDescription,
  MetricName,
  Observation,
  OffsetColumn,
  Sample,
} from '../../source/core/observation.js';

/** A column of offsets, as an answer carries it; `undefined` is a failed partition (the first reason). */
export function column(topic: string, offsets: readonly (number | undefined)[]): OffsetColumn {
  return {
    topic,
    partition: Int32Array.from(offsets.keys()),
    offset: Float64Array.from(offsets, o => o ?? NaN),
    failure: Uint8Array.from(offsets, o => (o === undefined ? 1 : 0)),
  };
}

/** What the simulated flow is made of. */
export type TruthOptions = {
  readonly partitions: number;
  readonly tasks: number;
  /** Records a second that one task can carry. */
  readonly perTask: number;
  readonly recordBytes: number;
  readonly bufferBytes: number;
  readonly flushEvery: number;
  readonly startAt: number;
  /** Poll and write are told as means over so long, ms, which ended so long ago; 0 is since the poll before, and now. */
  readonly meanOver: number;
  readonly scrapedAgo: number;
};

const usual: TruthOptions = {
  partitions: 8,
  tasks: 4,
  perTask: 20_000,
  recordBytes: 500,
  bufferBytes: 33_554_432,
  flushEvery: 60_000,
  startAt: 1_700_000_000_000,
  meanOver: 0,
  scrapedAgo: 0,
};

/**
 * The truth of a replicated topic, advanced in steps: producers append, tasks poll batches of 500 a task, hand them to a
 * bounded buffer as fast as they can, the target takes what its quota allows, Connect flushes every minute, a restart returns to what was flushed.
 * Numbers are those measured on a real site: 500-byte records, 32 MiB of buffer a task.
 */
export class SiteTruth {
  readonly options: TruthOptions;
  now: number;
  /** Records/s over all partitions. */
  arrival = 5_000;
  /** Records/s that the target accepts of all tasks together; Infinity without a quota. */
  quota = Infinity;
  /** Records/s that the source hands out; Infinity without a limit. */
  sourceLimit = Infinity;
  /** Whether the source's limit is a quota (the broker says so) or a slow way to it. */
  sourceIsThrottled = true;
  fetchLatency = 12;
  /** How long a poll takes that brings records, ms. */
  pollBatchTime = 8;
  /** Whether the flushes of positions fail. */
  flushFails = false;
  /** Seconds after which a record can be fetched that was appended. */
  fetchDelay = 0;
  /** Share of the polled records that a transform drops. */
  drops = 0;
  /** Leader epoch of the target's partitions, and records/s that a producer sends again. */
  epoch = 0;
  retryRate = 0;
  state = 'RUNNING';
  workers = ['10.0.3.11:8083', '10.0.3.12:8083'];
  config: Record<string, string>;
  taskStates: string[];
  /** First line of the stack trace of what FAILED. */
  trace: string | undefined;
  end: number[];
  /** Records of the source that tasks polled, and those of them that they handed to their producers. */
  taken: number[];
  sent: number[];
  /** Position behind which everything has reached the target. */
  reached: number[];
  target: number[];
  flushed: number[];
  polled = 0;
  written = 0;
  pollRate = 0;
  writeRate = 0;
  private lastFlush: number;
  /** By step, what had been polled and written: the counters that a store of metrics makes its means of. */
  private readonly counters: { readonly at: number; readonly polled: number; readonly written: number }[] =
    [];

  constructor(options: Partial<TruthOptions> = {}) {
    this.options = { ...usual, ...options };
    const zeros = (): number[] => Array.from({ length: this.options.partitions }, () => 0);
    this.now = this.options.startAt;
    this.lastFlush = this.now;
    this.end = zeros();
    this.taken = zeros();
    this.sent = zeros();
    this.reached = zeros();
    this.target = zeros();
    this.flushed = zeros();
    this.taskStates = Array.from({ length: this.options.tasks }, () => 'RUNNING');
    this.config = {
      'connector.class': 'org.apache.kafka.connect.mirror.MirrorSourceConnector',
      'source.cluster.alias': 'eu',
      'target.cluster.alias': 'us',
      'source.cluster.bootstrap.servers': 'eu-1:9092',
      'target.cluster.bootstrap.servers': 'us-1:9092',
      topics: 'orders',
      'tasks.max': String(this.options.tasks),
    };
  }

  get lag(): number {
    return this.end.reduce((sum, end, p) => sum + end - (this.reached[p] ?? 0), 0);
  }

  get inFlight(): number {
    return this.taken.reduce((sum, taken, p) => sum + taken - (this.reached[p] ?? 0), 0);
  }

  get bufferShare(): number {
    const buffered = this.sent.reduce((sum, sent, p) => sum + sent - (this.reached[p] ?? 0), 0);
    return (buffered * this.options.recordBytes) / (this.options.bufferBytes * this.taskStates.length);
  }

  get throttled(): boolean {
    return this.quota < this.arrival && this.inFlight > 100;
  }

  /** Advances by `ms` in steps of 100 ms. */
  advance(ms: number): void {
    this.count();
    const began = this.now;
    for (let passed = 0; passed < ms; passed += 100) {
      this.step(Math.min(100, ms - passed));
      this.count();
    }
    const { meanOver, scrapedAgo } = this.options;
    const last = this.counted(this.now - scrapedAgo);
    const first = this.counted(meanOver > 0 ? last.at - meanOver : began);
    const seconds = Math.max(1, last.at - first.at) / 1000;
    this.pollRate = (last.polled - first.polled) / seconds;
    this.writeRate = (last.written - first.written) / seconds;
  }

  private count(): void {
    this.counters.push({ at: this.now, polled: this.polled, written: this.written });
    if (this.counters.length > 4_000) this.counters.splice(0, 2_000);
  }

  /** The counters as they stood then; the oldest that are known where that is too long ago. */
  private counted(at: number): (typeof this.counters)[number] {
    const known = this.counters.findLast(counter => counter.at <= at) ?? this.counters[0];
    return known ?? { at: this.now, polled: this.polled, written: this.written };
  }

  flush(): void {
    this.flushed = [...this.reached];
    this.lastFlush = this.now;
  }

  /** The last `batch` records of each partition of the target are written a second time. */
  repeat(batch: number): void {
    this.target = this.target.map(end => end + batch);
  }

  /** All tasks begin anew from what was flushed; what was in flight is sent again. */
  restart(): void {
    this.reached = this.reached.map((_, p) => this.flushed[p] ?? 0);
    this.taken = [...this.reached];
    this.sent = [...this.reached];
  }

  private step(ms: number): void {
    this.now += ms;
    const { partitions, perTask, bufferBytes, recordBytes, flushEvery } = this.options;
    const each = ms / 1000 / partitions;
    const running = this.state === 'RUNNING' ? this.taskStates.filter(s => s === 'RUNNING').length : 0;
    const batches = (500 * running) / partitions;
    const buffers = (bufferBytes * running) / recordBytes / partitions;
    for (let p = 0; p < partitions; p++) {
      const of = (column: readonly number[]): number => column[p] ?? 0;
      const [end, taken, sent, reached] = [of(this.end), of(this.taken), of(this.sent), of(this.reached)];
      const arrived = end + this.arrival * each;
      const handled = Math.max(sent, Math.min(taken, sent + perTask * running * each, reached + buffers));
      const there = arrived - (this.arrival / partitions) * this.fetchDelay;
      const took = Math.max(taken, Math.min(there, handled + batches, taken + this.sourceLimit * each));
      const wrote = running === 0 ? reached : Math.min(handled, reached + this.quota * each);
      this.end[p] = arrived;
      this.taken[p] = took;
      this.sent[p] = handled;
      this.reached[p] = wrote;
      const kept = (wrote - reached) * (1 - this.drops);
      this.target[p] = (this.target[p] ?? 0) + kept;
      this.polled += took - taken;
      this.written += kept;
    }
    if (running === 0 || this.now - this.lastFlush < flushEvery) return;
    if (this.flushFails) this.lastFlush = this.now;
    else this.flush();
  }
}

/** What kmon would see of a truth. */
export class SiteStream {
  constructor(
    readonly truth: SiteTruth,
    private readonly metrics: 'all' | 'no-producer' | 'none' = 'all',
  ) {}

  /** One round of questions, in the order that the observer keeps: connectors, N, T, S, metrics. */
  *poll(): Generator<Observation> {
    yield this.metadata('eu', 'orders');
    yield this.metadata('us', 'eu.orders');
    yield this.connectors();
    yield this.positions();
    yield this.ends('us', 'eu.orders', this.truth.target);
    yield this.ends('eu', 'orders', this.truth.end);
    if (this.metrics !== 'none') yield this.metricsSeen();
  }

  /** Advances the truth and polls every `every` ms, for `ms`; `each` runs after every poll. */
  *run(ms: number, every = 5_000): Generator<Observation> {
    for (let passed = 0; passed < ms; passed += every) {
      this.truth.advance(every);
      yield* this.poll();
    }
  }

  metadata(cluster: string, topic: string): Observation {
    const { partitions } = this.truth.options;
    const leader = new Float64Array(partitions).fill(1);
    const three = new Float64Array(partitions).fill(3);
    const brokers = [{ id: 1, host: `${cluster}-1`, port: 9092 }];
    const topics = [{ topic, internal: false, leader, replicas: three, inSync: three }];
    const answer = { ok: { clusterId: `id-${cluster}`, controller: 1, brokers, topics } };
    return { kind: 'cluster', cluster, ...this.timing(), answer };
  }

  connectors(): Observation {
    const { truth } = this;
    const worker = (i: number): string => truth.workers[i % truth.workers.length] ?? '';
    const connector: ConnectorSeen = {
      connector: 'mm2-source',
      type: 'source',
      state: truth.state,
      worker: worker(0),
      tasks: truth.taskStates.map((state, task) => ({
        task,
        state,
        worker: worker(task),
        ...(state === 'FAILED' && truth.trace !== undefined && { trace: truth.trace }),
      })),
      config: { ...truth.config },
    };
    return { kind: 'connectors', connect: 'us', ...this.timing(), answer: { ok: [connector] } };
  }

  positions(): Observation {
    const offsets = this.truth.flushed.map(f => (f > 0 ? Math.floor(f) - 1 : undefined));
    const topics = [column('orders', offsets)];
    const answer = { ok: [{ sourceAlias: 'eu', topics }] };
    return { kind: 'positions', connect: 'us', connector: 'mm2-source', ...this.timing(), answer };
  }

  ends(cluster: string, topic: string, ends: readonly number[]): Observation {
    const { epoch } = this.truth;
    const leaderEpoch = Float64Array.from(ends, () => (cluster === 'us' ? epoch : 0));
    const topics = [{ ...column(topic, ends.map(Math.floor)), leaderEpoch }];
    return { kind: 'offsets', cluster, broker: 1, which: 'log-end', ...this.timing(), topics, failures: [] };
  }

  metricsSeen(): Observation {
    const { truth } = this;
    const share = (n: number): number => n / truth.taskStates.length;
    const throttle = truth.throttled ? 180 : 0;
    const total = truth.options.bufferBytes;
    const values: Partial<Record<MetricName, number>> = {
      'source-record-poll-rate': share(truth.pollRate),
      'source-record-write-rate': share(truth.writeRate),
      'source-record-active-count': share(truth.inFlight),
    };
    if (this.metrics === 'all')
      Object.assign(values, {
        'producer-buffer-total-bytes': total,
        'producer-buffer-available-bytes': total * (1 - Math.min(0.95, truth.bufferShare)),
        'producer-bufferpool-wait-ratio': truth.bufferShare > 0.94 ? 0.97 : 0,
        'producer-throttle-time-avg': throttle,
        'producer-request-latency-avg': 1.6,
        'producer-record-retry-rate': truth.retryRate,
        'consumer-fetch-throttle-time-avg':
          truth.sourceIsThrottled && truth.sourceLimit < truth.arrival ? 240 : 0,
        'consumer-fetch-latency-avg': truth.fetchLatency,
        'poll-batch-avg-time': truth.pollRate > 0 ? truth.pollBatchTime : NaN,
        'poll-batch-max-time': truth.pollRate > 0 ? truth.pollBatchTime * 3 : NaN,
      } satisfies Partial<Record<MetricName, number>>);
    const samples: Partial<Record<MetricName, Sample[]>> = {};
    for (const [name, value] of Object.entries(values) as [MetricName, number][])
      samples[name] = truth.taskStates.map((_, task) => ({
        value,
        instance: `10.0.3.1${1 + (task % truth.workers.length)}:9404`,
        connector: 'mm2-source',
        task,
      }));
    const rateWindow = (truth.options.meanOver || 30_000) / 1000;
    const answer = { ok: { samples, missing: {}, found: {}, rateWindow } };
    return { kind: 'metrics', source: 'prometheus', ...this.timing(), answer };
  }

  /** A question takes no time here, so that the truth at the answer is the truth that was asked for. */
  private timing(): { readonly asked: number; readonly answered: number } {
    return { asked: this.truth.now, answered: this.truth.now };
  }
}

/** A classic group's description, for the tests of groups and workers. */
export function description(
  group: string,
  members: GroupDescription['members'],
  state = 'Stable',
): GroupDescription {
  return { group, state, protocolType: 'consumer', assignor: 'range', members };
}

/** The site that the stream is of. */
export const site = {
  clusters: [
    { name: 'eu', bootstrap: ['eu-1:9092'] },
    { name: 'us', bootstrap: ['us-1:9092'] },
  ],
  connects: [{ name: 'us', cluster: 'us' }],
} as const;
