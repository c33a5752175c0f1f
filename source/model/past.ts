import type { Millis } from '../core/clock.js';
import type { MetricName, MetricsPastSeen } from '../core/observation.js';
import type { Accepts } from './metrics.js';
import type { Points } from './series.js';

type PastSeries = Extract<MetricsPastSeen['answer'], { readonly ok: unknown }>['ok']['series'][number];

/** Values of one number by time; all lines of one answer have their times on one grid. */
type Line = ReadonlyMap<Millis, number>;

/** How long the past waits for flows and workers that are not known yet, and how much of it may: 8 MB. */
const waitsFor: Millis = 120_000;
const mostPoints = 500_000;

/** What there are series of; of the other metrics only the present is kept. */
const wanted: ReadonlySet<MetricName> = new Set([
  'source-record-poll-rate',
  'source-record-write-rate',
  'source-record-active-count',
  'producer-buffer-available-bytes',
  'producer-buffer-total-bytes',
  'process-cpu',
  'node-cores',
  'jvm-heap-used-bytes',
  'jvm-heap-max-bytes',
]);

export type FlowPast = Readonly<Record<'poll' | 'writeMetrics' | 'inFlight' | 'bufferUsed', Points>>;
export type WorkerPast = Readonly<Record<'cpu' | 'heap', Points>>;

/**
 * What metrics stores have of the time before kmon looked, joined as the present is. It waits for a while, because it may
 * arrive before the flows and the workers that it speaks of are known.
 */
export class Past {
  private series: readonly PastSeries[] = [];
  private until: Millis = -Infinity;
  private given = new WeakSet<object>();

  fold(o: MetricsPastSeen): void {
    if ('failed' in o.answer) return;
    const before = this.waits(o.answered) ? this.series : [];
    let points = 0;
    this.series = [...o.answer.ok.series.filter(s => wanted.has(s.metric)), ...before].filter(
      s => (points += s.times.length) <= mostPoints,
    );
    this.until = o.answered + waitsFor;
    this.given = new WeakSet();
  }

  /** Whether there is any that someone may not have been given. */
  waits(at: Millis): boolean {
    if (at > this.until) this.series = [];
    return this.series.length > 0;
  }

  /** Whether this is the first time that `to` asks since the past arrived. */
  first(to: object): boolean {
    if (this.given.has(to)) return false;
    this.given.add(to);
    return true;
  }

  ofFlow(connector: string, accepts: Accepts): FlowPast {
    const mine = this.series.filter(s => s.connector === connector && accepts(s.instance));
    const byTask = (name: MetricName): Map<number, Line> => {
      const own = mine.filter(s => s.metric === name);
      const tasks = new Set(own.flatMap(s => s.task ?? []));
      return new Map([...tasks].map(task => [task, largest(own.filter(s => s.task === task))]));
    };
    const total = (name: MetricName): Points => pointsOf(sumOf([...byTask(name).values()]));
    const available = byTask('producer-buffer-available-bytes');
    const used = [...byTask('producer-buffer-total-bytes')].map(([task, size]) =>
      mapLine(ratio(available.get(task), size), share => 1 - share),
    );
    return {
      poll: total('source-record-poll-rate'),
      writeMetrics: total('source-record-write-rate'),
      inFlight: total('source-record-active-count'),
      bufferUsed: pointsOf(together(used, worst)),
    };
  }

  /** Of the process `instance`, on the host that `onHost` accepts the node exporter of. */
  ofWorker(instance: string, onHost: Accepts): WorkerPast {
    const ofProcess = (name: MetricName): Line =>
      largest(this.series.filter(s => s.metric === name && s.instance === instance));
    const cores = largest(this.series.filter(s => s.metric === 'node-cores' && onHost(s.instance)));
    return {
      cpu: pointsOf(ratio(ofProcess('process-cpu'), cores)),
      heap: pointsOf(ratio(ofProcess('jvm-heap-used-bytes'), ofProcess('jvm-heap-max-bytes'))),
    };
  }
}

/** The largest at each time: a task that moved may be named by two processes, one of whose rates have ended. */
function largest(series: readonly PastSeries[]): Line {
  const line = new Map<Millis, number>();
  for (const { times, values } of series)
    for (const [i, at] of times.entries()) {
      const value = values[i] ?? NaN;
      const before = line.get(at) ?? NaN;
      line.set(at, before >= value || Number.isNaN(value) ? before : value);
    }
  return line;
}

/** One line of several, at each time that one of them has. */
function together(lines: Iterable<Line>, how: (values: readonly number[]) => number): Line {
  const all = [...lines];
  const times = new Set(all.flatMap(line => [...line.keys()]));
  return new Map([...times].map(at => [at, how(all.map(line => line.get(at) ?? NaN))]));
}

/**
 * Of the tasks that there were: a change of `tasks.max` begins some and ends others. NaN as soon as one of them is: a sum over those
 * that happened to report would be too small.
 */
function sumOf(tasks: readonly Line[]): Line {
  const lives = tasks.map(line => {
    const times = [...line.keys()];
    return { line, from: Math.min(...times), to: Math.max(...times) };
  });
  const times = new Set(tasks.flatMap(line => [...line.keys()]));
  const sumAt = (at: Millis): number =>
    lives
      .filter(({ from, to }) => from <= at && at <= to)
      .reduce((total, { line }) => total + (line.get(at) ?? NaN), 0);
  return new Map([...times].map(at => [at, sumAt(at)]));
}

/** Of those that are known. */
function worst(values: readonly number[]): number {
  return values.reduce((a, b) => (a >= b || Number.isNaN(b) ? a : b), NaN);
}

function ratio(part: Line | undefined, whole: Line): Line {
  return new Map(
    [...(part ?? [])].map(([at, value]) => {
      const of = whole.get(at) ?? NaN;
      return [at, of > 0 ? value / of : NaN];
    }),
  );
}

function mapLine(line: Line, f: (value: number) => number): Line {
  return new Map([...line].map(([at, value]) => [at, f(value)]));
}

/**
 * In time order. Where the grid has a hole, and behind the end, one NaN says so: else the value before it would be taken
 * for what was there until the next.
 */
function pointsOf(line: Line): Points {
  const known = [...line].sort(([a], [b]) => a - b);
  const times = known.map(([at]) => at);
  const step = times.reduce((least, at, i) => Math.min(least, at - (times[i - 1] ?? -Infinity)), Infinity);
  const points: [Millis, number][] = [];
  for (const [i, [at, value]] of known.entries()) {
    points.push([at, value]);
    const missing = at + 1.5 * step;
    if (missing < (times[i + 1] ?? Infinity)) points.push([missing, NaN]);
  }
  return { times: points.map(([at]) => at), values: points.map(([, value]) => value) };
}
