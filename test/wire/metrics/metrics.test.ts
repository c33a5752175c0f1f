import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FailureKind } from '../../../source/core/failure.js';
import type { HttpFault } from '../../../source/simulator/http/server.js';
import type { SimulatedPrometheus } from '../../../source/simulator/prometheus/server.js';
import { openPrometheus, type PrometheusLink } from '../../../source/wire/metrics/link.js';
import { readMetrics } from '../../../source/wire/metrics/reads/metrics.js';
import { failed, ok } from '../../support/answers.js';
import { FakeClock } from '../../support/fake-clock.js';
import { simulatedMetrics } from '../../support/simulated-mirror.js';

let clock: FakeClock;
let prometheus: SimulatedPrometheus;
let link: PrometheusLink;

beforeEach(async () => {
  clock = new FakeClock();
  prometheus = await simulatedMetrics(clock, 2);
  const endpoint = { name: 'prometheus', url: prometheus.url, requestTimeout: 5_000 };
  link = openPrometheus(endpoint, { clock, maxAnswer: 500_000 });
});

afterEach(async () => {
  link.close();
  await prometheus.stop();
});

const poll = 'kafka_connect_source_task_metrics_source_record_poll';

describe('a pass over Prometheus', () => {
  it('gives rates by task, in records a second', async () => {
    const { samples, found, rateWindow } = ok(await readMetrics(link));
    expect(samples['source-record-poll-rate']).toEqual([
      { value: 1250, instance: '10.0.3.1:9404', connector: 'mm2-source', task: 0 },
      { value: 1250, instance: '10.0.3.2:9404', connector: 'mm2-source', task: 1 },
    ]);
    expect(found['source-record-poll-rate']).toBe(poll);
    expect(rateWindow).toBe(30);
  });

  it('gives shares of hosts, cores of processes, bytes of the network without the loopback', async () => {
    const { samples } = ok(await readMetrics(link));
    expect(samples['node-cpu']?.[0]?.value).toBeCloseTo(0.3);
    expect(samples['node-memory-used']?.[0]?.value).toBeCloseTo(0.75);
    expect(samples['node-network-bytes']?.[0]?.value).toBe(1500);
    expect(samples['process-cpu']?.[0]?.value).toBe(0.4);
    expect(samples['jvm-heap-used-bytes']?.[0]?.value).toBe(200_000_000);
  });

  it('costs six requests, and three more once a minute', async () => {
    ok(await readMetrics(link));
    expect(prometheus.requests).toHaveLength(9);
    ok(await readMetrics(link));
    expect(prometheus.requests).toHaveLength(15);
    await clock.advance(60_000);
    ok(await readMetrics(link));
    expect(prometheus.requests).toHaveLength(24);
  });

  it('reads hosts and processes of Connect workers only', async () => {
    prometheus.setRate('process_cpu_seconds_total', { instance: '10.0.9.9:9404' }, 3);
    prometheus.set('node_memory_MemAvailable_bytes', { instance: '10.0.9.9:9100' }, 1);
    prometheus.set('node_memory_MemTotal_bytes', { instance: '10.0.9.9:9100' }, 2);
    const { samples } = ok(await readMetrics(link));
    expect(samples['process-cpu']?.map(s => s.instance)).toEqual(['10.0.3.1:9404', '10.0.3.2:9404']);
    expect(samples['node-memory-used']?.map(s => s.instance)).toEqual(['10.0.3.1:9100', '10.0.3.2:9100']);
  });
});

describe('names', () => {
  it.each([
    'kafka_connect_source_task_metrics_source_record_poll_total',
    'kafka_connect_source_task_source_record_poll_total',
    'kafka_connect_source_task_source_record_poll',
  ])('finds %s', async name => {
    prometheus.remove({ name: poll });
    prometheus.setRate(name, { connector: 'mm2-source', task: '0', instance: '10.0.3.1:9404' }, 7);
    const { samples, found } = ok(await readMetrics(link));
    expect(samples['source-record-poll-rate']).toMatchObject([
      { value: 7, connector: 'mm2-source', task: 0 },
    ]);
    expect(found['source-record-poll-rate']).toBe(name);
  });

  it('reads both spellings where two workers export differently', async () => {
    prometheus.remove({ name: poll, labels: { task: '1' } });
    prometheus.setRate(
      'kafka_connect_source_task_source_record_poll_total',
      { connector: 'mm2-source', task: '1', instance: '10.0.3.2:9404' },
      9,
    );
    const { samples } = ok(await readMetrics(link));
    expect(samples['source-record-poll-rate']?.map(s => s.value).sort()).toEqual([1250, 9]);
  });

  it('finds a name that appears later', async () => {
    prometheus.remove({ name: poll });
    expect(ok(await readMetrics(link)).missing['source-record-poll-rate']?.kind).toBe('unsupported');
    prometheus.setRate(`${poll}_total`, { connector: 'mm2-source', task: '0', instance: '10.0.3.1:9404' }, 7);
    await clock.advance(60_000);
    expect(ok(await readMetrics(link)).samples['source-record-poll-rate']).toHaveLength(1);
  });

  it('looks again sooner when a name gives nothing any more', async () => {
    ok(await readMetrics(link));
    prometheus.remove({ name: poll });
    prometheus.setRate(`${poll}_total`, { connector: 'mm2-source', task: '0', instance: '10.0.3.1:9404' }, 7);
    const lost = ok(await readMetrics(link));
    expect(lost.missing['source-record-poll-rate']).toMatchObject({
      kind: 'absent',
      detail: `${poll} has no series now`,
    });
    expect(lost.samples['source-record-poll-rate']).toBeUndefined();
    await clock.advance(15_000);
    expect(ok(await readMetrics(link)).samples['source-record-poll-rate']).toHaveLength(1);
  });
});

describe('what is not known', () => {
  it('is not offered, with the names that were tried, and not 0', async () => {
    prometheus.remove({ name: 'kafka_producer_producer_metrics_buffer_total_bytes' });
    const { samples, missing } = ok(await readMetrics(link));
    expect(samples['producer-buffer-total-bytes']).toBeUndefined();
    expect(missing['producer-buffer-total-bytes']).toMatchObject({
      kind: 'unsupported',
      detail: expect.stringContaining('kafka_producer_buffer_total_bytes') as string,
    });
  });

  it('is NaN where the exporter says NaN', async () => {
    const labels = { client_id: 'connector-producer-mm2-source-0', instance: '10.0.3.1:9404' };
    prometheus.set('kafka_producer_producer_metrics_request_latency_avg', labels, NaN);
    const { samples } = ok(await readMetrics(link));
    expect(samples['producer-request-latency-avg']?.map(s => s.value)).toEqual([NaN, 1.6]);
  });

  it('is all of the hosts where no instance is a Connect worker', async () => {
    for (const instance of ['10.0.3.1:9404', '10.0.3.2:9404']) {
      prometheus.remove({ name: poll, labels: { instance } });
      prometheus.remove({
        name: 'kafka_connect_source_task_metrics_source_record_active_count',
        labels: { instance },
      });
      prometheus.remove({
        name: 'kafka_connect_connect_worker_rebalance_metrics_completed_rebalances',
        labels: { instance },
      });
    }
    const { missing } = ok(await readMetrics(link));
    expect(missing['node-cpu']).toMatchObject({
      kind: 'absent',
      detail: 'no scraped instance is a Connect worker',
    });
    expect(missing['process-cpu']).toMatchObject({ kind: 'absent' });
  });

  it('is the scrape interval where targets are not told: one minute then', async () => {
    prometheus.withoutTargets = true;
    expect(ok(await readMetrics(link)).rateWindow).toBe(60);
  });
});

describe('what a Prometheus that does not answer is called', () => {
  const named: readonly (readonly [HttpFault, FailureKind])[] = [
    ['down', 'refused'],
    ['unauthenticated', 'unauthenticated'],
    ['unauthorised', 'unauthorised'],
    ['html', 'malformed'],
    ['garbage', 'malformed'],
    ['huge', 'too-large'],
    ['reset', 'malformed'],
    ['unavailable', 'busy'],
  ];

  it.each(named)('%s: %s', async (fault, kind) => {
    await prometheus.setFault(fault);
    expect(failed(await readMetrics(link)).kind).toBe(kind);
  });

  it.each(named)('%s, after it answered once: %s', async (fault, kind) => {
    ok(await readMetrics(link));
    await prometheus.setFault(fault);
    expect(failed(await readMetrics(link)).kind).toBe(kind);
    await prometheus.setFault(undefined);
    ok(await readMetrics(link));
  });

  it('timeout', async () => {
    await prometheus.setFault('hang');
    const answer = readMetrics(link);
    await clock.advance(5_000);
    expect(failed(await answer).kind).toBe('timeout');
  });
});
