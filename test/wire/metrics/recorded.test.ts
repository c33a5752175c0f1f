import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../source/core/clock.js';
import type { SimulatedServer } from '../../../source/simulator/http/server.js';
import { ownerOf } from '../../../source/wire/metrics/labels.js';
import { openPrometheus, type PrometheusLink } from '../../../source/wire/metrics/link.js';
import { instantQuery } from '../../../source/wire/metrics/reads/query.js';
import { failed, ok } from '../../support/answers.js';
import { recordedServer } from '../../support/recorded.js';

/** Answers of the lab: Prometheus 2.42, JMX exporter 1.0.1 with its default rule, MirrorMaker 2 of Kafka 4.3.1. */
describe('recorded answers of Prometheus', () => {
  let server: SimulatedServer;
  let link: PrometheusLink;
  beforeAll(async () => {
    const asks = (what: string) => (r: { body: string }) => new URLSearchParams(r.body).get('query') === what;
    server = await recordedServer(new URL('./fixtures/', import.meta.url), [
      { fits: asks('tasks'), file: 'tasks.json' },
      { fits: asks('clients'), file: 'clients.json' },
      { fits: asks('bad'), file: 'bad-query.json', status: 400 },
    ]);
    link = openPrometheus({ name: 'p', url: server.url, requestTimeout: 5_000 }, { clock: systemClock });
  });
  afterAll(async () => {
    link.close();
    await server.stop();
  });

  it.each(['source-record-poll-rate', 'source-record-active-count'])('give %s by task', async metric => {
    const series = ok(await instantQuery(link, 'tasks', 'tasks')).filter(
      s => s.labels['kmon_metric'] === metric,
    );
    const own = series.map(s => ownerOf(s.labels)).filter(o => o?.connector === 'mm2-source');
    expect(own.map(o => o?.task).sort()).toEqual([0, 1, 2, 3]);
    for (const { value } of series) expect(value).toBeGreaterThanOrEqual(0);
  });

  it.each(['consumer-fetch-latency-avg', 'producer-record-queue-time-avg'])(
    'give %s by client, whose id names the task, quoted or not',
    async metric => {
      const series = ok(await instantQuery(link, 'clients', 'clients')).filter(
        s => s.labels['kmon_metric'] === metric,
      );
      const own = series.map(s => ownerOf(s.labels)).filter(o => o?.connector === 'mm2-source');
      expect(own.map(o => o?.task).sort()).toEqual([0, 1, 2, 3]);
    },
  );

  it('say in their own words what is wrong with a question', async () => {
    expect(failed(await instantQuery(link, 'bad', 'a question')).detail).toMatch(/^HTTP 400: .*parse error/);
  });
});
