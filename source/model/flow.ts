import type { Millis } from '../core/clock.js';
import type { FlowInterest } from '../core/interest.js';
import { failure, type Failure } from '../core/failure.js';
import { isKnown, latest, lost, mapKnown, seen, unknown, type Known } from '../core/known.js';
import type { ConnectorSeen, MetricName, OffsetsSeen, PositionsSeen } from '../core/observation.js';
import type { ChangeLog } from './change-log.js';
import { connectorChanges } from './connector-changes.js';
import { clientsOf } from './clients.js';
import { eachCell } from './each-cell.js';
import { Episodes } from './episodes.js';
import { belowStart, foreign, lossAhead, unwritten } from './flow-loss.js';
import { FlowPartition } from './flow-partition.js';
import type { FlowIdentity } from './flows.js';
import type { History } from './history.js';
import { drawn, totalLag } from './lag.js';
import type { LagHistory } from './lag-history.js';
import type { Accepts, Metrics } from './metrics.js';
import { once } from './once.js';
import type { FlowPast } from './past.js';
import { RemovalPace } from './removal-pace.js';
import { signOf } from './restarts.js';
import { behindBy, meansLately } from './spans.js';
import { Series, type ReadonlySeries } from './series.js';
import { flowSkewOf } from './view-skew.js';
import type {
  FlowPartitionView,
  FlowView,
  LagBounds,
  PollBatch,
  RateView,
  RebalanceView,
  Repeats,
  TaskView,
} from './snapshot.js';
import { enough, median, slopeOf, tooEarly } from './trend.js';

const rateWindow: Millis = 30_000;
const slopeWindow: Millis = 60_000;
/** A trend that has turned is said from this on: a minute's slope would still praise or blame what has ended. */
const turnWindow: Millis = 25_000;
/** `offset.flush.interval.ms` of Connect's workers, by default. */
const defaultFlush: Millis = 60_000;
const keptIntervals = 64;
const hour: Millis = 3_600_000;
/** A producer's request times out after 30 s, and its rates are those of half a minute to a minute, ms. */
const retriesOfElection: Millis = 120_000;
/** A broker that is gone is voted out after 9 s (`broker.session.timeout.ms`), and metadata is read anew, ms. */
const electionShows: Millis = 20_000;

/** Over so long skipped records are counted, and so often metrics may be read in that time. */
const skipWindow: Millis = 300_000;
const skipSamples = 300;

/** What the flow must be told about the site around it. */
export type Surroundings = {
  readonly rebalances: RebalanceView;
  readonly metrics: Metrics;
  readonly accepts: Accepts;
  readonly leader: (topic: string, partition: number) => number | undefined;
};

/** One connector as it was observed; for MirrorMaker 2's source connector with its lag and rates. */
export class Flow {
  readonly id: string;
  identity: FlowIdentity | undefined;
  private connectorSeen: Known<ConnectorSeen>;
  private readonly past: LagHistory;
  private readonly log: ChangeLog;
  private readonly partitions = new Map<string, (FlowPartition | undefined)[]>();
  private readonly sourceOf = new Map<string, string>();
  /** By topic of the source. */
  private readonly removals = new Map<string, RemovalPace>();
  private readonly restarts: Episodes;
  private lastFlush: Millis | undefined;
  /** Times between two moves of one partition's flushed position; tasks flush at times of their own. */
  private flushIntervals: Millis[] = [];
  private repeats: Repeats | undefined;
  private retries: Known<number>;
  private retriesSince: Millis | undefined;
  /** Σ (S − T) over time, of the same `paired` partitions. */
  private readonly difference: Series;
  private paired = 0;

  private readonly series: Record<
    'poll' | 'writeMetrics' | 'writeEnds' | 'arrival' | 'lag' | 'inFlight' | 'bufferUsed',
    Series
  >;
  private poll: Known<number>;
  private writeMetrics: Known<number>;
  private writeEnds: Known<number>;
  private arrival: Known<number>;
  private lag: Known<LagBounds>;
  private lagSlope: Known<number>;
  /** Over how long rates of metrics are means. */
  private metricsWindow: Millis | undefined;
  private inFlight: Known<number>;
  private bufferUsed: Known<number>;
  private requests: Known<number>;
  /** Skipped since the tasks were started, and over time. */
  private skips: Known<number>;
  private readonly skipsSeries = new Series(skipSamples);
  private pollBatch: Known<PollBatch>;
  private readonly worst: Record<
    | 'throttle'
    | 'waitRatio'
    | 'requestLatency'
    | 'bufferBytes'
    | 'batchBytes'
    | 'fetchThrottle'
    | 'fetchLatency',
    Known<number>
  >;

  constructor(
    readonly connect: string,
    readonly connector: string,
    history: History,
    at: Millis,
  ) {
    this.past = history.forPartitions();
    this.log = history.log;
    this.id = `${connect}/${connector}`;
    this.restarts = new Episodes();
    this.difference = history.forFlow();
    const not = (what: string): Known<never> =>
      unknown(failure('early', `${what} of ${connector}`, 'not observed yet'), at);
    this.connectorSeen = not('status');
    this.poll = not('poll rate');
    this.writeMetrics = not('write rate');
    this.writeEnds = not('write rate');
    this.arrival = not('arrival rate');
    this.lag = not('lag');
    this.lagSlope = not('growth of lag');
    this.inFlight = not('records in flight');
    this.bufferUsed = not('producer buffer');
    this.requests = not('requests');
    this.pollBatch = not('poll-batch time');
    this.skips = not('skipped records');
    this.retries = not('record retry rate');
    this.worst = {
      throttle: not('produce throttle time'),
      waitRatio: not('buffer wait ratio'),
      requestLatency: not('request latency'),
      bufferBytes: not('producer buffer'),
      batchBytes: not('batch size'),
      fetchThrottle: not('fetch throttle time'),
      fetchLatency: not('fetch latency'),
    };
    this.series = {
      poll: history.forFlow(),
      writeMetrics: history.forFlow(),
      writeEnds: history.forFlow(),
      arrival: history.forFlow(),
      lag: history.forFlow(),
      inFlight: history.forFlow(),
      bufferUsed: history.forFlow(),
    };
  }

  /** Topics that this flow reads, for which `partitionsOf` the source cluster tells how many partitions there are. */
  observeConnector(
    now: ConnectorSeen,
    identity: FlowIdentity,
    partitionsOf: (topic: string) => number,
    at: Millis,
  ): void {
    const before = latest(this.connectorSeen)?.value;
    const sign = before && signOf(before, now);
    if (before !== undefined) this.log.note(...connectorChanges(this.id, before, now, at));
    this.connectorSeen = seen(now, at);
    if (key(this.identity) !== key(identity)) this.forgetPartitions();
    this.identity = identity;
    if (sign === 'restarted') this.restarts.signal(at);
    if (sign !== undefined) this.mayHaveRestarted(at);
    if (identity.kind !== 'mirror-source') return;
    for (const topic of identity.literalTopics)
      for (let p = 0; p < partitionsOf(topic); p++) this.partition(topic, p, at);
  }

  private clients(): FlowView['clients'] {
    const connector = latest(this.connectorSeen)?.value;
    return connector === undefined || this.identity === undefined
      ? {}
      : clientsOf(connector, this.identity.kind);
  }

  connectorLost(reason: Failure, at: Millis): void {
    this.connectorSeen = lost(this.connectorSeen, reason, at);
  }

  /** The upper bounds of all positions begin anew: tasks restarted, or the membership of their group changed. */
  mayHaveRestarted(at: Millis): void {
    for (const p of this.all()) p.position.restarted(at);
    this.difference.clear();
  }

  observePositions(o: PositionsSeen): void {
    if ('failed' in o.answer || this.identity?.kind !== 'mirror-source') return;
    for (const { sourceAlias, topics } of o.answer.ok) {
      if (sourceAlias !== this.identity.source?.alias) continue;
      for (const column of topics)
        eachCell(column, [], (partition, offset) => {
          if (Number.isNaN(offset)) return;
          const p = this.partition(column.topic, partition, o.answered);
          const interval = p?.observeFlushed(o.asked, o.answered, offset);
          if (interval === undefined) return;
          this.lastFlush = o.answered;
          if (!Number.isNaN(interval)) this.flushIntervals.push(interval);
        });
    }
    this.flushIntervals = this.flushIntervals.slice(-keptIntervals);
  }

  /** End offsets, or the source's log starts, of one broker of either cluster. Target first: where one cluster is both, its own end follows. */
  observeOffsets(o: OffsetsSeen): void {
    const { source, target } = this.identity ?? {};
    if (o.which === 'log-start') {
      if (o.cluster === source?.cluster) this.observeStarts(o);
      return;
    }
    if (o.cluster === target?.cluster) this.observeTarget(o);
    if (o.cluster === source?.cluster && this.observeSource(o)) this.judge(o.answered);
  }

  /** Topics of the source that are no longer there. */
  retain(exists: (topic: string) => boolean): void {
    for (const [topic, row] of this.partitions)
      if (!exists(topic)) {
        for (const p of row) p?.series.drop();
        this.partitions.delete(topic);
        this.removals.delete(topic);
      }
    for (const [remote, topic] of this.sourceOf) if (!exists(topic)) this.sourceOf.delete(remote);
  }

  observeMetrics(metrics: Metrics, accepts: Accepts, at: Millis): void {
    const connector = this.connector;
    const tasks = this.runningTasks();
    const sum = (name: MetricName, before: Known<number>): Known<number> =>
      metrics.sum(name, connector, tasks, accepts, before, at);
    this.metricsWindow = metrics.rateWindow();
    this.poll = sum('source-record-poll-rate', this.poll);
    this.writeMetrics = sum('source-record-write-rate', this.writeMetrics);
    this.inFlight = sum('source-record-active-count', this.inFlight);
    this.requests = sum('producer-request-rate', this.requests);
    this.skips = sum('task-records-skipped-total', this.skips);
    this.skipsSeries.push(at, orNaN(this.skips));
    this.series.poll.push(at, orNaN(this.poll));
    this.series.writeMetrics.push(at, orNaN(this.writeMetrics));
    this.series.inFlight.push(at, orNaN(this.inFlight));
    const worst = (name: MetricName, before: Known<number>): Known<number> =>
      metrics.worst(name, connector, accepts, before, at);
    this.worst.throttle = worst('producer-throttle-time-avg', this.worst.throttle);
    this.worst.waitRatio = worst('producer-bufferpool-wait-ratio', this.worst.waitRatio);
    this.worst.requestLatency = worst('producer-request-latency-avg', this.worst.requestLatency);
    this.worst.bufferBytes = worst('producer-buffer-total-bytes', this.worst.bufferBytes);
    this.worst.batchBytes = worst('producer-batch-size-avg', this.worst.batchBytes);
    this.worst.fetchThrottle = worst('consumer-fetch-throttle-time-avg', this.worst.fetchThrottle);
    this.worst.fetchLatency = worst('consumer-fetch-latency-avg', this.worst.fetchLatency);
    this.pollBatch = pollBatch(metrics, connector, accepts, this.pollBatch, at);
    const used = metrics
      .tasks('producer-buffer-total-bytes', connector, accepts)
      .map(task => bufferUsed(metrics, connector, task, accepts));
    const worstUsed = used.filter(isKnown).sort((a, b) => b.value - a.value)[0];
    const whyNot = used.flatMap(u => (isKnown(u) ? [] : u.unknown))[0];
    this.bufferUsed =
      worstUsed ??
      lost(
        this.bufferUsed,
        whyNot ?? metrics.why('producer-buffer-total-bytes', `producer buffer of ${connector}`),
        at,
      );
    this.series.bufferUsed.push(at, orNaN(this.bufferUsed));
    this.retries = worst('producer-record-retry-rate', this.retries);
    this.observeRetries(at);
  }

  /**
   * What is sent again may be written twice, and without an election nothing else tells of it (a follower that did not
   * answer in time, a connection that broke). An election, which shows in its partitions a little later, explains them.
   */
  private observeRetries(at: Millis): void {
    if (!isKnown(this.retries) || this.retries.value === 0) {
      this.retriesSince = undefined;
      return;
    }
    this.retriesSince ??= at;
    if (at - this.retriesSince < electionShows) return;
    const all = [...this.all()];
    if (all.some(p => p.targetFailed !== undefined || at - p.position.electedAt <= retriesOfElection)) return;
    for (const p of all) p.position.mayHaveRepeated(at);
  }

  /** Whether its metrics have been looked for yet. */
  get measured(): boolean {
    return this.series.poll.length > 0;
  }

  /** What a metrics store has of the time before that. */
  prepend(past: FlowPast): void {
    this.series.poll.prepend(past.poll);
    this.series.writeMetrics.prepend(past.writeMetrics);
    this.series.inFlight.prepend(past.inFlight);
    this.series.bufferUsed.prepend(past.bufferUsed);
  }

  view(at: Millis, around: Surroundings): FlowView {
    const { source, target, kind } = this.identity ?? {};
    const config = mapKnown(this.connectorSeen, c => c.config);
    const { repeats } = this;
    const tasks = this.tasks(around);
    const partitions = this.partitionViews(around);
    const skew = once(() => flowSkewOf(this.connector, partitions, tasks, at));
    const all = [...this.all()];
    const { total, last } = this.restarts;
    const lastHour = this.restarts.lately(at, hour);
    return {
      id: this.id,
      connect: this.connect,
      connector: this.connector,
      kind: kind ?? 'source',
      ...(source && { source }),
      ...(target && { target }),
      state: mapKnown(this.connectorSeen, c => c.state),
      worker: mapKnown(this.connectorSeen, c => c.worker),
      tasksMax: mapKnown(this.connectorSeen, c => Number(c.config['tasks.max'] ?? 1)),
      tasks,
      config,
      clients: this.clients(),
      poll: this.ofMetrics(this.poll, this.series.poll),
      write: this.write(),
      arrival: ofEnds(this.arrival, this.series.arrival),
      lag: this.lag,
      lagSeries: this.series.lag,
      lagSlope: this.lagSlope,
      inFlight: this.inFlight,
      inFlightSeries: this.series.inFlight,
      bufferUsed: this.bufferUsed,
      bufferUsedSeries: this.series.bufferUsed,
      ...this.worst,
      requests: this.requests,
      pollBatch: this.pollBatch,
      skipped: mapKnown(this.skips, () => increaseOf(this.skipsSeries.since(at - skipWindow, at).values)),
      partitions,
      get skew() {
        return skew();
      },
      ...(repeats && { repeats }),
      retries: this.retries,
      timeToLoss: lossAhead(this.connector, all, at),
      belowStart: belowStart(all),
      unwritten: unwritten(all),
      foreign: foreign(all),
      restarts: { total, lastHour, ...(last !== undefined && { last }) },
      rebalances: around.rebalances,
      flushInterval: { seconds: Math.round(this.flush / 1000), observed: this.flushIntervals.length > 0 },
      ...(this.lastFlush !== undefined && { lastFlush: this.lastFlush }),
    };
  }

  /** Gives back what its history took. */
  dispose(): void {
    this.past.dispose();
  }

  /** Which end offsets must be read to know its lag; undefined for what is no MirrorMaker 2 source connector. */
  interest(): FlowInterest | undefined {
    const { kind, source, target } = this.identity ?? {};
    if (kind !== 'mirror-source') return undefined;
    return {
      connect: this.connect,
      connector: this.connector,
      ...(source?.cluster !== undefined && {
        source: { cluster: source.cluster, topics: [...this.partitions.keys()] },
      }),
      ...(target?.cluster !== undefined && {
        target: { cluster: target.cluster, topics: [...this.sourceOf.keys()] },
      }),
    };
  }

  /** Topics of the source that it reads, and of the target that it writes. */
  get topics(): { readonly reads: readonly string[]; readonly writes: readonly string[] } {
    return { reads: [...this.partitions.keys()], writes: [...this.sourceOf.keys()] };
  }

  /** Workers that run the connector or one of its tasks, as last seen. */
  workers(): readonly { readonly worker: string; readonly task?: number }[] {
    const c = latest(this.connectorSeen)?.value;
    if (c === undefined) return [];
    return [{ worker: c.worker }, ...c.tasks.map(({ worker, task }) => ({ worker, task }))];
  }

  private write(): RateView {
    if (!isKnown(this.writeMetrics) && (isKnown(this.writeEnds) || !latest(this.writeMetrics)))
      return ofEnds(this.writeEnds, this.series.writeEnds);
    return this.ofMetrics(this.writeMetrics, this.series.writeMetrics);
  }

  private ofMetrics(now: Known<number>, series: ReadonlySeries): RateView {
    const over = this.metricsWindow;
    return { now, method: 'metrics', ...(over !== undefined && { over }), series };
  }

  private tasks(around: Surroundings): TaskView[] {
    const { metrics, accepts } = around;
    const of = (name: MetricName, task: number): Known<number> =>
      metrics.ofTask(name, this.connector, task, accepts);
    return (latest(this.connectorSeen)?.value.tasks ?? []).map(t => ({
      ...t,
      poll: of('source-record-poll-rate', t.task),
      write: of('source-record-write-rate', t.task),
      inFlight: of('source-record-active-count', t.task),
      bufferUsed: bufferUsed(metrics, this.connector, t.task, accepts),
      throttle: of('producer-throttle-time-avg', t.task),
      waitRatio: of('producer-bufferpool-wait-ratio', t.task),
      requestLatency: of('producer-request-latency-avg', t.task),
    }));
  }

  private partitionViews({ leader }: Surroundings): FlowPartitionView[] {
    return [...this.all()].map(p => {
      const { topic, partition, lag, series } = p;
      const led = leader(topic, partition);
      const arrival = p.arrivalRate(rateWindow);
      return { topic, partition, lag, arrival, series, ...(led !== undefined && { leader: led }) };
    });
  }

  /** While a restart is too fresh to be bounded, what was known before it stands. */
  private countRepeats(): void {
    const counted = [...this.all()].flatMap(p => p.position.repeats ?? []);
    if (counted.length === 0) return;
    const sum = counted.reduce((a, b) => ({
      low: a.low + b.low,
      high: a.high + b.high,
      at: Math.max(a.at, b.at),
      causes: [...new Set([...a.causes, ...b.causes])],
    }));
    if (sum.high !== Infinity) this.repeats = sum;
  }

  private observeTarget(o: OffsetsSeen): void {
    for (const column of o.topics) {
      const topic = this.sourceOf.get(column.topic);
      if (topic === undefined) continue;
      const { flush } = this;
      eachCell(column, o.failures, (partition, offset, failed, epoch) =>
        this.at(topic, partition)?.observeTarget(o.asked, o.answered, offset, failed, flush, epoch),
      );
    }
  }

  private observeSource(o: OffsetsSeen): boolean {
    let touched = false;
    for (const column of o.topics) {
      if (!this.partitions.has(column.topic)) continue;
      eachCell(column, o.failures, (partition, offset, failed, epoch) => {
        const p = this.at(column.topic, partition);
        p?.observeSource(o.asked, o.answered, offset, failed, epoch);
        touched ||= p !== undefined;
      });
    }
    return touched;
  }

  private observeStarts(o: OffsetsSeen): void {
    for (const column of o.topics) {
      if (!this.partitions.has(column.topic)) continue;
      const pace = this.removals.get(column.topic) ?? new RemovalPace();
      this.removals.set(column.topic, pace);
      eachCell(column, o.failures, (partition, offset) => {
        if (!Number.isNaN(offset)) this.at(column.topic, partition)?.observeStart(offset, pace, o.answered);
      });
    }
  }

  /** Brings lag and rates up to date after the source's ends were read. */
  private judge(at: Millis): void {
    const all = [...this.all()];
    this.lag = totalLag(
      `lag of ${this.connector}`,
      all.map(p => p.lag),
      this.lag,
      at,
    );
    this.series.lag.push(at, isKnown(this.lag) ? drawn(this.lag.value) : NaN);
    this.arrival = rate(
      `arrival rate of ${this.connector}`,
      all.map(p => ({ perSecond: p.arrival.perSecond(rateWindow), failed: p.sourceFailed })),
      this.arrival,
      at,
    );
    this.series.arrival.push(at, orNaN(this.arrival));
    this.writeEnds = rate(
      `write rate of ${this.connector}`,
      all.map(p => ({ perSecond: p.write.perSecond(rateWindow), failed: p.targetFailed })),
      this.writeEnds,
      at,
    );
    this.series.writeEnds.push(at, orNaN(this.writeEnds));
    this.lagSlope = this.slope(all, at);
    this.countRepeats();
  }

  /** Growth of Σ (S − T), pair by pair; where the target's end is no measure, arrival less what tasks say they wrote. */
  private slope(all: readonly FlowPartition[], at: Millis): Known<number> {
    const subject = `growth of lag of ${this.connector}`;
    const failed = all.find(p => p.sourceFailed)?.sourceFailed;
    if (failed !== undefined) return lost(this.lagSlope, failed, at);
    const pairs = all.flatMap(p => p.position.difference ?? []);
    if (pairs.length !== this.paired) this.difference.clear();
    this.paired = pairs.length;
    if (pairs.length === 0 || pairs.length < all.length) return this.slopeByMetrics(subject, at);
    const total = pairs.reduce((sum, { records }) => sum + records, 0);
    const newest = Math.max(...pairs.map(pair => pair.at));
    if (!(newest <= this.difference.timeAt(this.difference.length - 1))) this.difference.push(newest, total);
    const minute = slopeOf(this.difference, slopeWindow, at, subject);
    const recent = slopeOf(this.difference, turnWindow, at, subject);
    const turned = isKnown(minute) && isKnown(recent) && minute.value * recent.value < 0;
    return turned ? recent : minute;
  }

  private slopeByMetrics(subject: string, at: Millis): Known<number> {
    const { last } = this.restarts;
    if (last !== undefined && at - last < slopeWindow) return tooEarly(subject, at);
    const arrived = this.series.arrival.since(at - slopeWindow, at);
    const written = this.series.writeMetrics.since(at - slopeWindow, at);
    if (arrived.times.length === 0 || written.times.length === 0)
      return lost(
        this.lagSlope,
        failure('absent', subject, 'neither the target’s end offsets nor write rates are known'),
        at,
      );
    const span = Math.min(spanOf(arrived.times), spanOf(written.times));
    if (span < enough.span || written.times.length < enough.samples) return tooEarly(subject, at);
    return seen(this.unwrittenPerSecond(written.times, at), at);
  }

  /** Records/s that arrive and are not written, for certain: what metrics tell may be some seconds old. */
  private unwrittenPerSecond(times: readonly Millis[], at: Millis): number {
    const over = this.metricsWindow ?? rateWindow;
    const span = Math.max(rateWindow, over);
    // What is a mean over more than half a minute needs so much less of a minute to be made even.
    const even = times.filter(time => time > at - Math.max(enough.span, slopeWindow + rateWindow - span));
    const arrival = { series: this.series.arrival, over: rateWindow };
    const arrived = meansLately(arrival, span, behindBy(over), even);
    const written = meansLately({ series: this.series.writeMetrics, over }, span, 0, even);
    if (arrived === undefined || written === undefined) return 0;
    return Math.max(0, arrived.least - written.most) + Math.min(0, arrived.most - written.least);
  }

  /** Milliseconds between flushes, as seen, else the default. */
  private get flush(): Millis {
    return median(this.flushIntervals) ?? defaultFlush;
  }

  private runningTasks(): number[] {
    const tasks = latest(this.connectorSeen)?.value.tasks ?? [];
    return tasks.filter(t => t.state === 'RUNNING').map(t => t.task);
  }

  private partition(topic: string, partition: number, at: Millis): FlowPartition | undefined {
    const { identity } = this;
    if (identity === undefined || !identity.replicates(topic)) return undefined;
    let row = this.partitions.get(topic);
    if (row === undefined) {
      this.partitions.set(topic, (row = []));
      if (identity.remoteTopic) this.sourceOf.set(identity.remoteTopic(topic), topic);
    }
    return (row[partition] ??= new FlowPartition(topic, partition, this.past.line(), identity.copying, at));
  }

  private at(topic: string, partition: number): FlowPartition | undefined {
    return this.partitions.get(topic)?.[partition];
  }

  private *all(): Generator<FlowPartition> {
    for (const row of this.partitions.values()) for (const p of row) if (p !== undefined) yield p;
  }

  private forgetPartitions(): void {
    for (const p of this.all()) p.series.drop();
    this.partitions.clear();
    this.sourceOf.clear();
    this.removals.clear();
    this.flushIntervals = [];
    this.repeats = undefined;
    this.difference.clear();
  }
}

function ofEnds(now: Known<number>, series: ReadonlySeries): RateView {
  return { now, method: 'end-offsets', over: rateWindow, series };
}

function bufferUsed(metrics: Metrics, connector: string, task: number, accepts: Accepts): Known<number> {
  const total = metrics.ofTask('producer-buffer-total-bytes', connector, task, accepts);
  const available = metrics.ofTask('producer-buffer-available-bytes', connector, task, accepts);
  if (!isKnown(total)) return unknown(total.unknown, total.since);
  if (!isKnown(available)) return unknown(available.unknown, available.since);
  if (total.value <= 0)
    return unknown(failure('malformed', `producer buffer of ${connector}`, 'total is 0'), total.at);
  return seen(1 - available.value / total.value, Math.min(total.at, available.at));
}

/** Of the tasks whose polls brought records lately; those that got none tell nothing, and are no reason to know nothing. */
function pollBatch(
  metrics: Metrics,
  connector: string,
  accepts: Accepts,
  before: Known<PollBatch>,
  at: Millis,
): Known<PollBatch> {
  const of = (name: MetricName): readonly Known<number>[] =>
    metrics.tasks(name, connector, accepts).map(task => metrics.ofTask(name, connector, task, accepts));
  const all = of('poll-batch-avg-time');
  const told = all.filter(isKnown);
  if (told.length === 0) {
    const subject = `poll-batch time of ${connector}`;
    const silent = failure('absent', subject, 'no poll of its tasks brought records lately');
    return lost(before, all.length > 0 ? silent : metrics.why('poll-batch-avg-time', subject), at);
  }
  const averages = told.map(({ value }) => value);
  const longest = of('poll-batch-max-time').flatMap(k => (isKnown(k) ? k.value : []));
  return seen(
    {
      fastest: Math.min(...averages),
      slowest: Math.max(...averages),
      longest: longest.length > 0 ? Math.max(...longest) : undefined,
    },
    Math.min(...told.map(k => k.at)),
  );
}

/** The sum of rates of partitions; those with one reading only do not count yet, failed ones make it unknown. */
function rate(
  subject: string,
  parts: readonly { readonly perSecond: number | undefined; readonly failed: Failure | undefined }[],
  before: Known<number>,
  at: Millis,
): Known<number> {
  const failed = parts.filter(p => p.failed !== undefined);
  const reason = failed[0]?.failed;
  if (reason !== undefined) {
    const some = failure(
      'partial',
      subject,
      `${failed.length} of ${parts.length} partitions: ${reason.subject}`,
    );
    return lost(before, failed.length === parts.length ? reason : some, at);
  }
  const rates = parts.flatMap(p => p.perSecond ?? []);
  if (rates.length === 0) return lost(before, failure('early', subject, 'needs two readings'), at);
  return seen(
    rates.reduce((a, b) => a + b, 0),
    at,
  );
}

/** By how much a counter grew; after a restart it begins anew at 0. */
function increaseOf(values: readonly number[]): number {
  return values.reduce((sum, value, i) => {
    const before = values[i - 1];
    if (before === undefined) return sum;
    return sum + (value < before ? value : value - before);
  }, 0);
}

function orNaN(k: Known<number>): number {
  return isKnown(k) ? k.value : NaN;
}

function spanOf(times: readonly Millis[]): Millis {
  return (times[times.length - 1] ?? 0) - (times[0] ?? 0);
}

/** What of an identity decides which partitions are compared. */
function key(identity: FlowIdentity | undefined): string {
  if (identity === undefined) return '';
  const { kind, source, target, copying, remoteTopic } = identity;
  return JSON.stringify([kind, source, target, copying, remoteTopic?.('topic')]);
}
