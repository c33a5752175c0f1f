import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock, type Clock } from '../../../source/core/clock.js';
import type { FailureKind } from '../../../source/core/failure.js';
import type { HttpFault } from '../../../source/simulator/http/server.js';
import { SimulatedExporter } from '../../../source/simulator/prometheus/exporter.js';
import type { Dialect } from '../../../source/wire/metrics/names.js';
import { openPage, type PageLink } from '../../../source/wire/metrics/page-link.js';
import { coverageOf } from '../../../source/wire/metrics/reads/coverage.js';
import type { Metrics } from '../../../source/wire/metrics/reads/metrics.js';
import { readPage } from '../../../source/wire/metrics/reads/page.js';
import { failed, ok } from '../../support/answers.js';
import { FakeClock } from '../../support/fake-clock.js';

let exporter: SimulatedExporter;
let link: PageLink;
let clock: FakeClock;

beforeEach(async () => {
  clock = new FakeClock();
  exporter = await SimulatedExporter.start();
  link = open(clock);
});

afterEach(async () => {
  link.close();
  await exporter.stop();
});

function open(on: Clock, requestTimeout = 5_000): PageLink {
  const endpoint = { name: 'worker-1', url: exporter.url, requestTimeout };
  return openPage(endpoint, { clock: on, maxPage: 500_000 });
}

const page = (): Promise<Metrics> => readPage(link, 5).then(ok);

/** A page of one dialect, five seconds later with 500 records more, of which 100 went through partition 0. */
async function twice(dialect: string): Promise<Metrics> {
  const text = await readFile(new URL(`./fixtures/pages/${dialect}.txt`, import.meta.url), 'utf8');
  exporter.page = text;
  await page();
  await clock.advance(5_000);
  exporter.page = text
    .replace(/(record_poll.*) 1000\.0/, '$1 1500.0')
    .replace(/(record_count\{.*partition="0".*) 100\.0/, '$1 200.0')
    .replace(/(record_retry[^,}]*,?\}) 7\.0/, '$1 12.0');
  return page();
}

const dialects: readonly (readonly [string, Dialect, Dialect])[] = [
  ['default-rule', 'default', 'default'],
  ['counter-rules', 'default', 'default'],
  ['strimzi', 'strimzi', 'default'],
  ['connect-prefixed', 'connect-prefixed', 'connect-prefixed'],
];

describe.each(dialects)('a page as %s prints it', (file, clients, mirror) => {
  it('says the same as in any other dialect', async () => {
    const { samples } = await twice(file);
    const { instance } = exporter;
    const task = { instance, connector: 'mm2-source', task: 0 };
    expect(samples).toEqual({
      'source-record-poll-rate': [{ value: 100, ...task }],
      'source-record-active-count': [{ value: 40, ...task }],
      'poll-batch-avg-time': [{ value: 12.5, ...task }],
      'task-records-skipped-total': [{ value: 3, ...task }],
      'producer-buffer-available-bytes': [{ value: 19_000_000, ...task }],
      'producer-record-retry-rate': [{ value: 1, ...task }],
      'consumer-fetch-latency-avg': [{ value: NaN, ...task }],
      'replication-records-lag': [{ value: 12, ...task }],
      'replication-latency-avg': [{ value: 80, instance, source: 'eu', target: 'us' }],
      'worker-rebalances-total': [{ value: 7, instance }],
      'worker-task-startup-failures-total': [{ value: 1, instance }],
      'jvm-heap-used-bytes': [{ value: 200_000_000, instance }],
      'jvm-heap-max-bytes': [{ value: 500_000_000, instance }],
    });
  });

  it('tells where each metric was found, in whose spelling, and what it looked for', async () => {
    const coverage = new Map(coverageOf(await twice(file)).map(c => [c.metric, c]));
    expect(coverage.get('producer-buffer-available-bytes')).toMatchObject({
      found: [{ dialect: clients }],
      instances: [exporter.instance],
    });
    expect(coverage.get('replication-latency-avg')?.found).toMatchObject([{ dialect: mirror }]);
    const lost = coverage.get('source-record-write-rate');
    expect(lost).toMatchObject({ found: [], instances: [], why: { kind: 'unsupported' } });
    expect(lost?.tried.map(t => t.name)).toContain('kafka_connect_source_task_source_record_write_total');
    expect(coverage.has('node-cpu')).toBe(false);
  });
});

describe('the first page', () => {
  it('gives no rate, and says what it takes', async () => {
    exporter.set('kafka_connect_source_task_metrics_source_record_poll', { connector: 'c', task: '0' }, 10);
    exporter.set(
      'kafka_connect_source_task_metrics_source_record_active_count',
      { connector: 'c', task: '0' },
      1,
    );
    const { samples, missing, found } = await page();
    expect(samples['source-record-poll-rate']).toBeUndefined();
    expect(found['source-record-poll-rate']).toBeUndefined();
    expect(missing['source-record-poll-rate']).toMatchObject({
      kind: 'partial',
      detail: 'needs two readings of the page',
    });
    expect(samples['source-record-active-count']).toHaveLength(1);
  });

  it('leaves a task that is new unknown beside one that is not', async () => {
    const name = 'kafka_connect_source_task_metrics_source_record_poll';
    exporter.set(name, { connector: 'c', task: '0' }, 10);
    await page();
    await clock.advance(5_000);
    exporter.add(name, { connector: 'c', task: '0' }, 10);
    exporter.set(name, { connector: 'c', task: '1' }, 1000);
    expect((await page()).samples['source-record-poll-rate']?.map(s => s.value)).toEqual([2, NaN]);
  });

  it('reads a restarted task as what it did since, never as a fall', async () => {
    const name = 'kafka_connect_source_task_metrics_source_record_poll';
    exporter.set(name, { connector: 'c', task: '0' }, 10_000);
    await page();
    await clock.advance(5_000);
    exporter.set(name, { connector: 'c', task: '0' }, 50);
    expect((await page()).samples['source-record-poll-rate']?.map(s => s.value)).toEqual([10]);
  });
});

describe('a page of a host', () => {
  it('gives shares, cores and bytes, and misses nothing of a worker', async () => {
    const host = async (busy: number): Promise<Metrics> => {
      for (const cpu of ['0', '1']) {
        exporter.add('node_cpu_seconds_total', { cpu, mode: 'idle' }, 5 - busy);
        exporter.add('node_cpu_seconds_total', { cpu, mode: 'user' }, busy);
      }
      exporter.set('node_memory_MemAvailable_bytes', {}, 6e9);
      exporter.set('node_memory_MemTotal_bytes', {}, 24e9);
      for (const device of ['eth0', 'lo']) {
        exporter.add('node_network_receive_bytes_total', { device }, 5000);
        exporter.add('node_network_transmit_bytes_total', { device }, 2500);
      }
      return page();
    };
    expect((await host(0)).missing['node-cpu']?.kind).toBe('partial');
    await clock.advance(5_000);
    const { samples, missing } = await host(2);
    expect(missing).toEqual({});
    expect(samples['node-cpu']?.[0]?.value).toBeCloseTo(0.4);
    expect(samples['node-cores']?.[0]?.value).toBe(2);
    expect(samples['node-memory-used']?.[0]?.value).toBe(0.75);
    expect(samples['node-network-bytes']?.[0]?.value).toBe(1500);
  });
});

describe('what a page that is none is called', () => {
  const named: readonly (readonly [HttpFault, FailureKind])[] = [
    ['down', 'refused'],
    ['unauthenticated', 'unauthenticated'],
    ['unauthorised', 'unauthorised'],
    ['html', 'malformed'],
    ['garbage', 'malformed'],
    ['wrong-json', 'malformed'],
    ['wrong-type', 'malformed'],
    ['endless', 'too-large'],
    ['gzip-bomb', 'too-large'],
    ['truncated', 'malformed'],
    ['reset', 'malformed'],
    ['unavailable', 'busy'],
  ];

  it.each(named)('%s: %s', async (fault, kind) => {
    exporter.set('up', {}, 1);
    await exporter.setFault(fault);
    expect(failed(await readPage(link, 5))).toMatchObject({ kind, subject: 'metrics page of worker-1' });
    await exporter.setFault(undefined);
    ok(await readPage(link, 5));
  });

  it.each(['hang', 'drip'] as const)('%s: timeout, in time', async fault => {
    await exporter.setFault(fault);
    const slow = open(systemClock, 300);
    expect(failed(await readPage(slow, 5)).kind).toBe('timeout');
    slow.close();
  });

  it('absent where it is another path', async () => {
    const endpoint = { name: 'w', url: exporter.url.replace('/metrics', '/'), requestTimeout: 5_000 };
    const other = openPage(endpoint, { clock });
    expect(failed(await readPage(other, 5)).kind).toBe('absent');
    other.close();
  });

  it('text that is no page: malformed, with the line', async () => {
    exporter.page = 'Welcome to the exporter\n';
    expect(failed(await readPage(link, 5)).detail).toBe('line 1 of the page is no sample');
  });

  it('cancelled when kmon no longer wants it', async () => {
    await exporter.setFault('drip');
    const stop = new AbortController();
    const answer = readPage(link, 5, stop.signal);
    stop.abort();
    expect(failed(await answer).kind).toBe('cancelled');
  });
});

it('asks again when a kept connection was closed while it was idle', async () => {
  exporter.set('up', {}, 1);
  await page();
  exporter.dropIdle();
  await page();
});
