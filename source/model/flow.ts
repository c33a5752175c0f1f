import type { Millis } from '../core/clock.js';
import type { FlowInterest } from '../core/interest.js';
import { failure, type Failure } from '../core/failure.js';
import { isKnown, latest, lost, mapKnown, seen, unknown, type Known } from '../core/known.js';
import type { ConnectorSeen, OffsetsSeen, PositionsSeen } from '../core/observation.js';
import type { ChangeLog } from './change-log.js';
import { connectorChanges } from './connector-changes.js';
import { clientsOf } from './clients.js';
import { Episodes } from './episodes.js';
import { FlowLag, rateWindow } from './flow-lag.js';
import { belowStart, foreign, lossAhead, unwritten } from './flow-loss.js';
import { FlowMetrics, taskViews } from './flow-metrics.js';
import { FlowPartitions } from './flow-partitions.js';
import type { FlowIdentity } from './flows.js';
import type { History } from './history.js';
import type { LagHistory } from './lag-history.js';
import type { Accepts, Metrics } from './metrics.js';
import { once } from './once.js';
import type { FlowPast } from './past.js';
import { signOf } from './restarts.js';
import type { ReadonlySeries } from './series.js';
import { flowSkewOf } from './view-skew.js';
import type { FlowPartitionView, FlowView, RateView, RebalanceView, TaskView } from './snapshot.js';

const hour: Millis = 3_600_000;
/** A producer's request times out after 30 s, and its rates are those of half a minute to a minute, ms. */
const retriesOfElection: Millis = 120_000;
/** A broker that is gone is voted out after 9 s (`broker.session.timeout.ms`), and metadata is read anew, ms. */
const electionShows: Millis = 20_000;

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
  private readonly restarts = new Episodes();
  private readonly partitions: FlowPartitions;
  private readonly ends: FlowLag;
  private readonly told: FlowMetrics;

  constructor(
    readonly connect: string,
    readonly connector: string,
    history: History,
    at: Millis,
  ) {
    this.past = history.forPartitions();
    this.log = history.log;
    this.id = `${connect}/${connector}`;
    this.connectorSeen = unknown(failure('early', `status of ${connector}`, 'not observed yet'), at);
    this.partitions = new FlowPartitions(this.past);
    this.ends = new FlowLag(connector, history, at);
    this.told = new FlowMetrics(connector, history, at);
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
    if (key(this.identity) !== key(identity)) {
      this.partitions.forget();
      this.ends.compareAnew();
    }
    this.identity = identity;
    if (sign === 'restarted') this.restarts.signal(at);
    if (sign !== undefined) this.mayHaveRestarted(at);
    if (identity.kind !== 'mirror-source') return;
    for (const topic of identity.literalTopics)
      for (let p = 0; p < partitionsOf(topic); p++) this.partitions.partition(identity, topic, p, at);
  }

  connectorLost(reason: Failure, at: Millis): void {
    this.connectorSeen = lost(this.connectorSeen, reason, at);
  }

  /** The upper bounds of all positions begin anew: tasks restarted, or the membership of their group changed. */
  mayHaveRestarted(at: Millis): void {
    for (const p of this.partitions.all()) p.position.restarted(at);
    this.ends.compareAnew();
  }

  observePositions(o: PositionsSeen): void {
    if (this.identity?.kind === 'mirror-source') this.partitions.observePositions(o, this.identity);
  }

  /** End offsets, or the source's log starts, of one broker of either cluster. Target first: where one cluster is both, its own end follows. */
  observeOffsets(o: OffsetsSeen): void {
    const { source, target } = this.identity ?? {};
    if (o.which === 'log-start') {
      if (o.cluster === source?.cluster) this.partitions.observeStarts(o);
      return;
    }
    if (o.cluster === target?.cluster) this.partitions.observeTarget(o);
    if (o.cluster === source?.cluster && this.partitions.observeSource(o)) this.judge(o.answered);
  }

  /** Topics of the source that are no longer there. */
  retain(exists: (topic: string) => boolean): void {
    this.partitions.retain(exists);
  }

  observeMetrics(metrics: Metrics, accepts: Accepts, at: Millis): void {
    this.told.observe(metrics, this.runningTasks(), accepts, at);
    this.observeRetries(at);
  }

  /**
   * What is sent again may be written twice, and without an election nothing else tells of it (a follower that did not
   * answer in time, a connection that broke). An election, which shows in its partitions a little later, explains them.
   */
  private observeRetries(at: Millis): void {
    if (!(this.told.retriedFor(at) >= electionShows)) return;
    const all = [...this.partitions.all()];
    if (all.some(p => p.targetFailed !== undefined || at - p.position.electedAt <= retriesOfElection)) return;
    for (const p of all) p.position.mayHaveRepeated(at);
  }

  /** Whether its metrics have been looked for yet. */
  get measured(): boolean {
    return this.told.measured;
  }

  /** What a metrics store has of the time before that. */
  prepend(past: FlowPast): void {
    this.told.prepend(past);
  }

  view(at: Millis, around: Surroundings): FlowView {
    const { source, target, kind } = this.identity ?? {};
    const config = mapKnown(this.connectorSeen, c => c.config);
    const { ends, told } = this;
    const { repeats, lastFlush } = this.partitions;
    const tasks = this.tasks(around);
    const partitions = this.partitionViews(around);
    const skew = once(() => flowSkewOf(this.connector, partitions, tasks, at));
    const all = [...this.partitions.all()];
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
      poll: this.ofMetrics(told.poll, told.series.poll),
      write: this.write(),
      arrival: ofEnds(ends.arrival, ends.series.arrival),
      lag: ends.lag,
      lagSeries: ends.series.lag,
      lagSlope: ends.slope,
      inFlight: told.inFlight,
      inFlightSeries: told.series.inFlight,
      bufferUsed: told.bufferUsed,
      bufferUsedSeries: told.series.bufferUsed,
      fetchLatencySeries: told.series.fetchLatency,
      ...told.worst,
      requests: told.requests,
      pollBatch: told.pollBatch,
      skipped: told.skipped(at),
      partitions,
      get skew() {
        return skew();
      },
      ...(repeats && { repeats }),
      retries: told.retries,
      timeToLoss: lossAhead(this.connector, all, at),
      belowStart: belowStart(all),
      unwritten: unwritten(all),
      foreign: foreign(all),
      restarts: { total, lastHour, ...(last !== undefined && { last }) },
      rebalances: around.rebalances,
      flushInterval: {
        seconds: Math.round(this.partitions.flush / 1000),
        observed: this.partitions.sawFlushes,
      },
      ...(lastFlush !== undefined && { lastFlush }),
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
    const { reads, writes } = this.topics;
    return {
      connect: this.connect,
      connector: this.connector,
      ...(source?.cluster !== undefined && {
        source: { cluster: source.cluster, topics: reads },
      }),
      ...(target?.cluster !== undefined && {
        target: { cluster: target.cluster, topics: writes },
      }),
    };
  }

  /** Topics of the source that it reads, and of the target that it writes. */
  get topics(): FlowPartitions['topics'] {
    return this.partitions.topics;
  }

  /** Workers that run the connector or one of its tasks, as last seen. */
  workers(): readonly { readonly worker: string; readonly task?: number }[] {
    const c = latest(this.connectorSeen)?.value;
    if (c === undefined) return [];
    return [{ worker: c.worker }, ...c.tasks.map(({ worker, task }) => ({ worker, task }))];
  }

  private judge(at: Millis): void {
    const told = { series: this.told.series.write, over: this.told.window ?? rateWindow };
    this.ends.judge([...this.partitions.all()], told, this.restarts.last, at);
    this.partitions.countRepeats();
  }

  private clients(): FlowView['clients'] {
    const connector = latest(this.connectorSeen)?.value;
    return connector === undefined || this.identity === undefined
      ? {}
      : clientsOf(connector, this.identity.kind);
  }

  private write(): RateView {
    const { ends, told } = this;
    if (!isKnown(told.write) && (isKnown(ends.write) || !latest(told.write)))
      return ofEnds(ends.write, ends.series.write);
    return this.ofMetrics(told.write, told.series.write);
  }

  private ofMetrics(now: Known<number>, series: ReadonlySeries): RateView {
    const over = this.told.window;
    return { now, method: 'metrics', ...(over !== undefined && { over }), series };
  }

  private tasks({ metrics, accepts }: Surroundings): TaskView[] {
    return taskViews(this.connector, latest(this.connectorSeen)?.value.tasks ?? [], metrics, accepts);
  }

  private partitionViews({ leader }: Surroundings): FlowPartitionView[] {
    return [...this.partitions.all()].map(p => {
      const { topic, partition, lag, series } = p;
      const led = leader(topic, partition);
      const arrival = p.arrivalRate(rateWindow);
      return { topic, partition, lag, arrival, series, ...(led !== undefined && { leader: led }) };
    });
  }

  private runningTasks(): number[] {
    const tasks = latest(this.connectorSeen)?.value.tasks ?? [];
    return tasks.filter(t => t.state === 'RUNNING').map(t => t.task);
  }
}

function ofEnds(now: Known<number>, series: ReadonlySeries): RateView {
  return { now, method: 'end-offsets', over: rateWindow, series };
}

/** What of an identity decides which partitions are compared. */
function key(identity: FlowIdentity | undefined): string {
  if (identity === undefined) return '';
  const { kind, source, target, copying, remoteTopic } = identity;
  return JSON.stringify([kind, source, target, copying, remoteTopic?.('topic')]);
}
