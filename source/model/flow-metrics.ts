import type { Millis } from '../core/clock.js';
import { failure } from '../core/failure.js';
import { isKnown, lost, mapKnown, orNaN, seen, unknown, type Known } from '../core/known.js';
import type { MetricName, TaskSeen } from '../core/observation.js';
import type { History } from './history.js';
import type { Accepts, Metrics } from './metrics.js';
import type { FlowPast } from './past.js';
import { Series } from './series.js';
import type { PollBatch, TaskView } from './snapshot.js';

/** Over so long skipped records are counted, and so often metrics may be read in that time. */
const skipWindow: Millis = 300_000;
const skipSamples = 300;

/** Of which the worst of a connector's tasks is told. */
type Worst =
  | 'throttle'
  | 'waitRatio'
  | 'requestLatency'
  | 'bufferBytes'
  | 'batchBytes'
  | 'fetchThrottle'
  | 'fetchLatency';

/** What the metrics of one connector's tasks tell of it. */
export class FlowMetrics {
  readonly series: Readonly<Record<'poll' | 'write' | 'inFlight' | 'bufferUsed' | 'fetchLatency', Series>>;
  poll: Known<number>;
  write: Known<number>;
  /** Over how long rates are means. */
  window: Millis | undefined;
  inFlight: Known<number>;
  bufferUsed: Known<number>;
  requests: Known<number>;
  pollBatch: Known<PollBatch>;
  retries: Known<number>;
  readonly worst: Record<Worst, Known<number>>;
  private retriesSince: Millis | undefined;
  /** Skipped since the tasks were started, and over time. */
  private skips: Known<number>;
  private readonly skipsSeries = new Series(skipSamples);

  constructor(
    private readonly connector: string,
    history: History,
    at: Millis,
  ) {
    const not = (what: string): Known<never> =>
      unknown(failure('early', `${what} of ${connector}`, 'not observed yet'), at);
    this.poll = not('poll rate');
    this.write = not('write rate');
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
      write: history.forFlow(),
      inFlight: history.forFlow(),
      bufferUsed: history.forFlow(),
      fetchLatency: history.forFlow(),
    };
  }

  /** `tasks`: those that run, and so should report. */
  observe(metrics: Metrics, tasks: readonly number[], accepts: Accepts, at: Millis): void {
    const connector = this.connector;
    const sum = (name: MetricName, before: Known<number>): Known<number> =>
      metrics.sum(name, connector, tasks, accepts, before, at);
    this.window = metrics.rateWindow();
    this.poll = sum('source-record-poll-rate', this.poll);
    this.write = sum('source-record-write-rate', this.write);
    this.inFlight = sum('source-record-active-count', this.inFlight);
    this.requests = sum('producer-request-rate', this.requests);
    this.skips = sum('task-records-skipped-total', this.skips);
    this.skipsSeries.push(at, orNaN(this.skips));
    this.series.poll.push(at, orNaN(this.poll));
    this.series.write.push(at, orNaN(this.write));
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
    this.series.fetchLatency.push(at, orNaN(this.worst.fetchLatency));
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
    if (!isKnown(this.retries) || this.retries.value === 0) this.retriesSince = undefined;
    else this.retriesSince ??= at;
  }

  /** For how long records have been sent again without a pause; NaN where none are. */
  retriedFor(at: Millis): Millis {
    return at - (this.retriesSince ?? NaN);
  }

  /** Whether they have been looked for yet. */
  get measured(): boolean {
    return this.series.poll.length > 0;
  }

  /** What a metrics store has of the time before that. */
  prepend(past: FlowPast): void {
    this.series.poll.prepend(past.poll);
    this.series.write.prepend(past.writeMetrics);
    this.series.inFlight.prepend(past.inFlight);
    this.series.bufferUsed.prepend(past.bufferUsed);
  }

  /** Records that were skipped lately, as tasks counted them. */
  skipped(at: Millis): Known<number> {
    return mapKnown(this.skips, () => increaseOf(this.skipsSeries.since(at - skipWindow, at).values));
  }
}

/** Each task with its own share of the metrics. */
export function taskViews(
  connector: string,
  tasks: readonly TaskSeen[],
  metrics: Metrics,
  accepts: Accepts,
): TaskView[] {
  const of = (name: MetricName, task: number): Known<number> =>
    metrics.ofTask(name, connector, task, accepts);
  return tasks.map(t => ({
    ...t,
    poll: of('source-record-poll-rate', t.task),
    write: of('source-record-write-rate', t.task),
    inFlight: of('source-record-active-count', t.task),
    bufferUsed: bufferUsed(metrics, connector, t.task, accepts),
    throttle: of('producer-throttle-time-avg', t.task),
    waitRatio: of('producer-bufferpool-wait-ratio', t.task),
    requestLatency: of('producer-request-latency-avg', t.task),
  }));
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

/** By how much a counter grew; after a restart it begins anew at 0. */
function increaseOf(values: readonly number[]): number {
  return values.reduce((sum, value, i) => {
    const before = values[i - 1];
    if (before === undefined) return sum;
    return sum + (value < before ? value : value - before);
  }, 0);
}
