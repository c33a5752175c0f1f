import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SimulatedPrometheus } from '../../../source/simulator/prometheus/server.js';
import type { Observation } from '../../../source/core/observation.js';
import { metricsPoll } from '../../../source/observe/metrics-poll.js';
import { openPrometheus, type PrometheusLink } from '../../../source/wire/metrics/link.js';
import { readPast } from '../../../source/wire/metrics/reads/past.js';
import { failed, ok } from '../../support/answers.js';
import { FakeClock } from '../../support/fake-clock.js';
import { simulatedMetrics } from '../../support/simulated-mirror.js';

let clock: FakeClock;
let prometheus: SimulatedPrometheus;
let link: PrometheusLink;

beforeEach(async () => {
  clock = new FakeClock();
  prometheus = await simulatedMetrics(clock, 2);
  link = openPrometheus(
    { name: 'prometheus', url: prometheus.url, requestTimeout: 5_000 },
    { clock, maxAnswer: 500_000 },
  );
});

afterEach(async () => {
  link.close();
  await prometheus.stop();
});

const ranges = () => prometheus.requests.filter(r => r.path === '/api/v1/query_range');

describe('the past that Prometheus has', () => {
  it('is an hour of every metric, of the same subjects as the present, in steps of 15 s', async () => {
    const { series, missing } = ok(await readPast(link));
    const own = series.filter(s => s.metric === 'source-record-poll-rate');
    expect(own).toMatchObject([
      { instance: '10.0.3.1:9404', connector: 'mm2-source', task: 0 },
      { instance: '10.0.3.2:9404', connector: 'mm2-source', task: 1 },
    ]);
    const [first] = own;
    expect(first?.times).toHaveLength(241);
    expect(first?.times[0]).toBe(clock.now() - 3_600_000);
    expect(first?.times[240]).toBe(clock.now());
    expect([...new Set(first?.values)]).toEqual([1250]);
    expect(series.find(s => s.metric === 'replication-latency-avg')).toMatchObject({
      source: 'eu',
      target: 'us',
    });
    expect(missing).toBeUndefined();
    expect(ranges()).toHaveLength(6);
  });

  it('takes a step as long as the scrape interval where that is longer', async () => {
    prometheus.targets = prometheus.targets.map(t => ({ ...t, scrapeInterval: '30s' }));
    expect(ok(await readPast(link)).series[0]?.times).toHaveLength(121);
  });

  it('has no point where nothing was scraped, and NaN where a value was none', async () => {
    prometheus.since = clock.now() - 60_000;
    const labels = { client_id: 'connector-producer-mm2-source-0', instance: '10.0.3.1:9404' };
    prometheus.set('kafka_producer_producer_metrics_request_latency_avg', labels, NaN);
    const latency = ok(await readPast(link)).series.find(s => s.metric === 'producer-request-latency-avg');
    expect(latency?.times).toHaveLength(5);
    expect([...(latency?.values ?? [])]).toEqual(Array(5).fill(NaN));
  });

  it('is asked in longer steps where it is too much in short ones', async () => {
    link.close();
    const endpoint = { name: 'prometheus', url: prometheus.url, requestTimeout: 5_000 };
    link = openPrometheus(endpoint, { clock, maxAnswer: 40_000 });
    expect(ok(await readPast(link)).series.some(s => s.times.length === 61)).toBe(true);
  });

  it('is unsupported, and asked once, where there is no such endpoint', async () => {
    prometheus.withoutRange = true;
    expect(failed(await readPast(link)).kind).toBe('unsupported');
    expect(ranges()).toHaveLength(1);
  });
});

describe('a metrics poll', () => {
  async function passes(count: number) {
    const seen: Observation[] = [];
    const pass = metricsPoll(link, 'prometheus', clock, o => void seen.push(o));
    for (let i = 0; i < count; i++) {
      expect(await pass({ signal: new AbortController().signal, asking: () => undefined })).toBeUndefined();
    }
    return seen;
  }

  it('gives the present first, then the past, once', async () => {
    const seen = await passes(3);
    expect(seen.map(o => o.kind)).toEqual(['metrics', 'metrics-past', 'metrics', 'metrics']);
  });

  it('suffers in nothing else where there is no past', async () => {
    prometheus.withoutRange = true;
    const seen = await passes(3);
    expect(seen.map(o => o.kind)).toEqual(['metrics', 'metrics-past', 'metrics', 'metrics']);
    expect(seen[1]).toMatchObject({ answer: { failed: { kind: 'unsupported' } } });
    expect(seen.filter(o => o.kind === 'metrics').every(o => 'ok' in o.answer)).toBe(true);
  });
});
