import { setMaxListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failure } from '../../source/core/failure.js';
import type { MetricName, Observation } from '../../source/core/observation.js';
import { Series, type ReadonlySeries } from '../../source/model/series.js';
import { SiteModel } from '../../source/model/site-model.js';
import type { FlowView } from '../../source/model/snapshot.js';
import { metricsPoll } from '../../source/observe/metrics-poll.js';
import { connectPoll } from '../../source/observe/connect-poll.js';
import { openConnect } from '../../source/wire/connect/link.js';
import { openPrometheus } from '../../source/wire/metrics/link.js';
import { FakeClock } from '../support/fake-clock.js';
import { simulatedMetrics, simulatedMirror } from '../support/simulated-mirror.js';
import { site, SiteStream, SiteTruth } from '../support/site-stream.js';

const step = 15_000;

type Told = readonly [
  metric: MetricName,
  task: number,
  instance: string,
  values: readonly (number | undefined)[],
];

/** Points every 15 s, the last one at `end`; undefined is a time without a point. */
function past(end: number, told: readonly Told[], answered = end): Observation {
  const series = told.map(([metric, task, instance, values]) => {
    const start = end - (values.length - 1) * step;
    const points = values.flatMap((value, i) =>
      value === undefined ? [] : [[start + i * step, value] as const],
    );
    return {
      metric,
      instance,
      ...(metric.startsWith('jvm') ? {} : { connector: 'mm2-source', task }),
      times: Float64Array.from(points, ([at]) => at),
      values: Float64Array.from(points, ([, value]) => value),
    };
  });
  return {
    kind: 'metrics-past',
    source: 'prometheus',
    asked: answered,
    answered,
    answer: { ok: { rateWindow: 60, series } },
  };
}

function points(series: ReadonlySeries): [number, number][] {
  return Array.from({ length: series.length }, (_, i) => [series.timeAt(i), series.valueAt(i)]);
}

function flowOf(model: SiteModel, at: number): FlowView {
  const flow = model.snapshot(at).flows[0];
  if (flow === undefined) throw new Error('no flow');
  return flow;
}

/** A model that has watched a flow of two tasks for five seconds. */
function watched() {
  const truth = new SiteTruth({ tasks: 2 });
  const model = new SiteModel(site);
  const stream = new SiteStream(truth);
  for (const o of stream.run(5_000)) model.fold(o);
  return { model, stream, first: truth.now };
}

const a = '10.0.3.11:9404';
const b = '10.0.3.12:9404';

describe('the past of a metrics store', () => {
  it('stands before what was seen, summed over the tasks', () => {
    const { model, first } = watched();
    const live = points(flowOf(model, first).poll.series);
    model.fold(
      past(first, [
        ['source-record-poll-rate', 0, a, [1, 2, 3, 99]],
        ['source-record-poll-rate', 1, b, [10, 20, 30, 99]],
      ]),
    );
    expect(points(flowOf(model, first).poll.series)).toEqual([
      [first - 45_000, 11],
      [first - 30_000, 22],
      [first - 15_000, 33],
      ...live,
    ]);
  });

  it('has a gap where a task reported nothing, and where nothing was scraped', () => {
    const { model, first } = watched();
    model.fold(
      past(first, [
        ['source-record-write-rate', 0, a, [1, undefined, undefined, 4, 5, 9]],
        ['source-record-write-rate', 1, b, [1, undefined, undefined, 4, NaN, 9]],
      ]),
    );
    expect(points(flowOf(model, first).write.series).slice(0, 5)).toEqual([
      [first - 75_000, 2],
      [first - 52_500, NaN],
      [first - 30_000, 8],
      [first - 15_000, NaN],
      points(flowOf(model, first).write.series)[4],
    ]);
  });

  it('sums the tasks that there were: one that came later, or went, is missing nowhere else', () => {
    const { model, first } = watched();
    model.fold(
      past(first - step, [
        ['source-record-poll-rate', 0, a, [1, 2, 3, 4]],
        ['source-record-poll-rate', 1, b, [undefined, undefined, 30, 40]],
        ['source-record-poll-rate', 2, b, [100, 200, undefined, undefined]],
      ]),
    );
    expect(
      points(flowOf(model, first).poll.series)
        .slice(0, 4)
        .map(([, v]) => v),
    ).toEqual([101, 202, 33, 44]);
  });

  it('that ended long ago does not reach up to what was seen', () => {
    const { model, first } = watched();
    model.fold(past(first - 600_000, [['source-record-active-count', 0, a, [7, 7]]], first));
    const series = flowOf(model, first).inFlightSeries;
    expect([series.at(first - 600_000), series.at(first - 300_000)]).toEqual([7, NaN]);
  });

  it('names the worst task of the producer buffer', () => {
    const { model, first } = watched();
    model.fold(
      past(first - step, [
        ['producer-buffer-total-bytes', 0, a, [100, 100]],
        ['producer-buffer-available-bytes', 0, a, [90, NaN]],
        ['producer-buffer-total-bytes', 1, b, [100, 100]],
        ['producer-buffer-available-bytes', 1, b, [40, 80]],
      ]),
    );
    const used = points(flowOf(model, first).bufferUsedSeries);
    expect(used[0]?.[1]).toBeCloseTo(0.6);
    expect(used[1]?.[1]).toBeCloseTo(0.2);
  });

  it('counts a task once that two processes name', () => {
    const { model, first } = watched();
    model.fold(
      past(first - step, [
        ['source-record-poll-rate', 0, a, [5, 0]],
        ['source-record-poll-rate', 0, b, [NaN, 6]],
      ]),
    );
    expect(
      points(flowOf(model, first).poll.series)
        .slice(0, 2)
        .map(([, v]) => v),
    ).toEqual([5, 6]);
  });

  it('waits for a flow that is known later, and is then forgotten', () => {
    const truth = new SiteTruth({ tasks: 2 });
    const stream = new SiteStream(truth);
    truth.advance(5_000);
    const told = past(truth.now - step, [['source-record-poll-rate', 0, a, [5, 6]]], truth.now);
    const [soon, late] = [new SiteModel(site), new SiteModel(site)];
    for (const model of [soon, late]) {
      model.fold(stream.metricsSeen());
      model.fold(told);
    }
    const polls = [...stream.run(5_000)];
    for (const o of polls) soon.fold(o);
    for (const o of stream.run(180_000, 180_000)) late.fold(o);
    expect(
      points(flowOf(soon, truth.now).poll.series)
        .slice(0, 2)
        .map(([, v]) => v),
    ).toEqual([5, 6]);
    expect(flowOf(late, truth.now).poll.series.length).toBe(1);
  });

  it('is taken once, and nothing comes of a failed one', () => {
    const { model, stream, first } = watched();
    const told = past(first - step, [['source-record-poll-rate', 0, a, [5, 6]]], first);
    model.fold(told);
    const before = points(flowOf(model, first).poll.series);
    model.fold(told);
    model.fold({
      kind: 'metrics-past',
      source: 'prometheus',
      asked: first,
      answered: first,
      answer: { failed: failure('timeout', 'prometheus') },
    });
    for (const o of stream.run(5_000)) model.fold(o);
    expect(points(flowOf(model, first + 5_000).poll.series).slice(0, before.length)).toEqual(before);
  });

  it('is that of the workers too, by the process that is each', () => {
    const { model, stream, first } = watched();
    const heap = ['jvm-heap-used-bytes', 'jvm-heap-max-bytes'] as const;
    model.fold(
      past(first - step, [
        [heap[0], 0, a, [1, 2]],
        [heap[1], 0, a, [4, 4]],
        [heap[0], 0, b, [3, 3]],
      ]),
    );
    for (const o of stream.run(5_000)) model.fold(o);
    const [one, two] = model.snapshot(first + 5_000).workers;
    expect(
      points(one?.load.heap ?? new Series(1))
        .slice(0, 2)
        .map(([, v]) => v),
    ).toEqual([0.25, 0.5]);
    expect(
      points(two?.load.heap ?? new Series(1))
        .slice(0, 2)
        .map(([, v]) => v),
    ).toEqual([NaN, NaN]);
  });

  it('arrives from Prometheus before the connectors are known, and joins the present without a seam', async () => {
    const clock = new FakeClock();
    const connect = await simulatedMirror(clock);
    const prometheus = await simulatedMetrics(clock, 4);
    const rest = openConnect(
      { connect: 'us', urls: connect.urls, requestTimeout: 5_000 },
      { clock, maxAnswer: 500_000 },
    );
    const store = openPrometheus(
      { name: 'prometheus', url: prometheus.url, requestTimeout: 5_000 },
      { clock, maxAnswer: 5_000_000 },
    );
    try {
      const model = new SiteModel(site);
      const emit = (o: Observation): void => model.fold(o);
      const round = { signal: new AbortController().signal, asking: () => undefined };
      setMaxListeners(0, round.signal);
      const metrics = metricsPoll(store, 'prometheus', clock, emit);
      await metrics(round);
      await connectPoll(rest, clock, emit)(round);
      await clock.advance(5_000);
      await metrics(round);
      const flow = model.snapshot(clock.now()).flows.find(f => f.connector === 'mm2-source');
      const polled = points(flow?.poll.series ?? new Series(1));
      expect(polled).toHaveLength(242);
      expect(new Set(polled.map(([, rate]) => rate))).toEqual(new Set([5_000]));
      expect(polled.every(([at], i) => i === 0 || at > (polled[i - 1]?.[0] ?? NaN))).toBe(true);
    } finally {
      rest.close();
      store.close();
      await Promise.all([connect.stop(), prometheus.stop()]);
    }
  });
});

describe('samples put in front of others', () => {
  it('never change one that was there, and are the newest of those before it', () => {
    const times = fc.uniqueArray(fc.integer({ min: 0, max: 400 }), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), times, times, times, (capacity, live, old, later) => {
        const sorted = (list: readonly number[]) => [...list].sort((x, y) => x - y);
        const series = new Series(capacity);
        for (const at of sorted(live)) series.push(at, at);
        const before = points(series);
        series.prepend({ times: sorted(old), values: sorted(old).map(at => -at - 1) });
        const first = before[0]?.[0] ?? -Infinity;
        const room = capacity - before.length;
        const fits = sorted(old).filter(at => at < first);
        const wanted = fits.slice(Math.max(0, fits.length - room)).map(at => [at, -at - 1]);
        expect(points(series)).toEqual([...wanted, ...before]);
        const more = sorted(later).map(at => at + 1_000);
        for (const at of more) series.push(at, at);
        expect(points(series)).toEqual([...wanted, ...before, ...more.map(at => [at, at])].slice(-capacity));
      }),
    );
  });
});
