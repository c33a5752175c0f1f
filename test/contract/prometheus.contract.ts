import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Clock } from '../../source/core/clock.js';
import type { PrometheusEndpoint } from '../../source/wire/metrics/endpoint.js';
import { openPrometheus, type PrometheusLink } from '../../source/wire/metrics/link.js';
import { readMetrics, type Metrics } from '../../source/wire/metrics/reads/metrics.js';
import { instantQuery } from '../../source/wire/metrics/reads/query.js';
import { failed, ok } from '../support/answers.js';

/** A Prometheus that scrapes the workers of a running MirrorMaker 2 and their hosts. */
export type PrometheusSite = {
  readonly clock: Clock;
  readonly endpoint: PrometheusEndpoint;
  readonly connector: string;
  readonly tasks: number;
  readonly stop: () => Promise<void>;
};

/** What kmon relies on of Prometheus and of the JMX exporter's names. */
export function prometheusContract(name: string, start: () => Promise<PrometheusSite>): void {
  describe(`Prometheus as ${name} speaks it`, () => {
    let site: PrometheusSite;
    let link: PrometheusLink;
    let metrics: Metrics;
    beforeAll(async () => {
      site = await start();
      link = openPrometheus(site.endpoint, { clock: site.clock });
      metrics = ok(await readMetrics(link));
    });
    afterAll(async () => {
      link.close();
      await site.stop();
    });

    it.each([
      'source-record-poll-rate',
      'source-record-write-rate',
      'source-record-active-count',
      'poll-batch-avg-time',
      'poll-batch-max-time',
      'producer-buffer-available-bytes',
      'producer-buffer-total-bytes',
      'producer-bufferpool-wait-ratio',
      'producer-throttle-time-avg',
      'producer-request-latency-avg',
      'producer-record-queue-time-avg',
      'consumer-fetch-throttle-time-avg',
      'consumer-fetch-latency-avg',
      'producer-record-retry-rate',
      'producer-batch-size-avg',
      'producer-request-rate',
      'task-record-errors-total',
      'task-record-failures-total',
      'task-records-skipped-total',
    ] as const)('has %s of each task of the connector', metric => {
      const own = (metrics.samples[metric] ?? []).filter(s => s.connector === site.connector);
      expect(own.map(s => s.task).sort()).toEqual(Array.from({ length: site.tasks }, (_, i) => i));
      for (const sample of own) expect(sample.instance).toMatch(/:\d+$/);
    });

    it.each([
      'worker-rebalances-total',
      'worker-task-startup-failures-total',
      'process-cpu',
      'jvm-heap-used-bytes',
      'jvm-heap-max-bytes',
      'jvm-gc-share',
    ] as const)('has %s of each instance that runs a task', metric => {
      const running = new Set(metrics.samples['source-record-active-count']?.map(s => s.instance));
      const here = new Set(metrics.samples[metric]?.map(s => s.instance));
      expect(running.size).toBeGreaterThan(0);
      for (const instance of running) expect(here).toContain(instance);
      for (const { value } of metrics.samples[metric] ?? []) expect(value).toBeGreaterThanOrEqual(0);
    });

    it.each(['node-cpu', 'node-memory-used'] as const)('has %s as a share', metric => {
      const values = metrics.samples[metric]?.map(s => s.value) ?? [];
      expect(values.length).toBeGreaterThan(0);
      for (const value of values) {
        expect(value).toBeGreaterThanOrEqual(-0.01);
        expect(value).toBeLessThanOrEqual(1);
      }
    });

    it('names what it found, and misses only what needs records that pass', () => {
      const missing = Object.keys(metrics.missing).filter(
        name => !/^replication-(latency|record-age)/.test(name),
      );
      expect(missing).toEqual([]);
      expect(metrics.found['source-record-poll-rate']).toMatch(/source_record_poll/);
    });

    it('takes a rate over several scrapes', () => {
      expect(metrics.rateWindow).toBeGreaterThanOrEqual(30);
      expect(metrics.rateWindow).toBeLessThanOrEqual(300);
    });

    it('refuses a question that is none, in its own words', async () => {
      const said = failed(await instantQuery(link, 'sum by (', 'a broken question'));
      expect(said).toMatchObject({
        kind: 'malformed',
        subject: `a broken question of ${site.endpoint.name}`,
      });
      expect(said.detail).toMatch(/parse error/);
    });
  });
}
