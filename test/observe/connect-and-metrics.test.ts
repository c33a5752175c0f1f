import { setMaxListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock, type Clock } from '../../source/core/clock.js';
import { failureKinds } from '../../source/core/failure.js';
import type { Observation } from '../../source/core/observation.js';
import { SiteModel } from '../../source/model/site-model.js';
import { connectPoll } from '../../source/observe/connect-poll.js';
import { metricsPoll, pagePoll } from '../../source/observe/metrics-poll.js';
import type { Pass } from '../../source/observe/beat.js';
import type { SimulatedConnect } from '../../source/simulator/connect/site.js';
import type { HttpFault } from '../../source/simulator/http/server.js';
import { SimulatedExporter } from '../../source/simulator/prometheus/exporter.js';
import type { SimulatedPrometheus } from '../../source/simulator/prometheus/server.js';
import { openConnect } from '../../source/wire/connect/link.js';
import { openPage } from '../../source/wire/metrics/page-link.js';
import { openPrometheus } from '../../source/wire/metrics/link.js';
import { simulatedMetrics, simulatedMirror } from '../support/simulated-mirror.js';

/** Time-outs that are to run out do so at once; all others wait as long as a busy machine may take. */
let hurry = false;
const clock: Clock = {
  now: () => systemClock.now(),
  sleep: (ms, signal) => systemClock.sleep(hurry ? Math.min(ms, 200) : ms, signal),
};
const requestTimeout = 15_000;
const most = 300_000;

let connect: SimulatedConnect;
let prometheus: SimulatedPrometheus;
let exporter: SimulatedExporter;
let seen: Observation[];
let passes: { readonly connect: Pass; readonly prometheus: Pass; readonly page: Pass };
let ends: (() => void)[];
const stop = new AbortController();
setMaxListeners(0, stop.signal);

beforeEach(async () => {
  connect = await simulatedMirror(clock);
  prometheus = await simulatedMetrics(clock, 2);
  exporter = await SimulatedExporter.start();
  exporter.set(
    'kafka_connect_source_task_metrics_source_record_active_count',
    { connector: 'c', task: '0' },
    1,
  );
  seen = [];
  const emit = (o: Observation): void => void seen.push(o);
  const rest = openConnect({ connect: 'us', urls: connect.urls, requestTimeout }, { clock, maxAnswer: most });
  const store = openPrometheus(
    { name: 'prometheus', url: prometheus.url, requestTimeout },
    { clock, maxAnswer: most },
  );
  const page = openPage({ name: 'worker-1', url: exporter.url, requestTimeout }, { clock, maxPage: most });
  ends = [rest, store, page].map(link => () => link.close());
  passes = {
    connect: connectPoll(rest, clock, emit),
    prometheus: metricsPoll(store, 'prometheus', clock, emit),
    page: pagePoll(page, clock, emit, 5_000),
  };
});

afterEach(async () => {
  hurry = false;
  for (const end of ends) end();
  await Promise.all([connect.stop(), prometheus.stop(), exporter.stop()]);
});

type Plane = keyof typeof passes;
const run = (plane: Plane) => passes[plane]({ signal: stop.signal, asking: () => undefined });
const planes: readonly Plane[] = ['connect', 'prometheus', 'page'];
const systems = () => ({ connect, prometheus, page: exporter });
const unanswered = () => seen.flatMap(o => ('answer' in o && 'failed' in o.answer ? o.answer.failed : []));

const faults: readonly HttpFault[] = [
  'down',
  'hang',
  'drip',
  'unauthenticated',
  'unauthorised',
  'html',
  'garbage',
  'wrong-json',
  'wrong-type',
  'endless',
  'gzip-bomb',
  'truncated',
  'reset',
  'unavailable',
];

describe.each(planes)('the collector of %s', plane => {
  it.each(faults)('names %s, leaves the others alive, and is alive again after it', async fault => {
    await systems()[plane].setFault(fault);
    hurry = fault === 'hang' || fault === 'drip';
    const failed = await run(plane);
    hurry = false;
    expect(failureKinds).toContain(failed?.kind);
    expect(unanswered().length).toBeGreaterThan(0);
    expect(seen.every(o => 'answer' in o && 'failed' in o.answer)).toBe(true);
    for (const other of planes) if (other !== plane) expect(await run(other)).toBeUndefined();
    await systems()[plane].setFault(undefined);
    expect(await run(plane)).toBeUndefined();
  });
});

describe('a Connect cluster that rebalances', () => {
  it('is alive, says "rebalancing" of its connectors, and shows them as they were', async () => {
    const model = new SiteModel({ clusters: [], connects: [{ name: 'us' }] });
    const fold = () => seen.splice(0).forEach(o => model.fold(o));
    await run('connect');
    fold();
    connect.fault = 'rebalancing';
    expect(await run('connect')).toBeUndefined();
    expect(unanswered()).toMatchObject([
      { kind: 'busy', detail: expect.stringMatching(/^rebalancing \(HTTP 409/) },
    ]);
    fold();
    expect(model.snapshot(clock.now()).flows.map(flow => flow.connector)).toContain('mm2-source');
  });

  it('is not mistaken for a balancer without a worker behind it', async () => {
    await connect.setFault('unavailable');
    expect(await run('connect')).toMatchObject({ kind: 'busy' });
  });
});

describe('a Connect cluster', () => {
  it('tells its plugins now and then, not in every pass', async () => {
    await run('connect');
    await run('connect');
    expect(seen.map(o => o.kind)).toEqual(['connect', 'connectors', 'plugins', 'connectors']);
    expect(seen[2]).toMatchObject({
      answer: {
        ok: [
          {
            class: 'org.apache.kafka.connect.mirror.MirrorSourceConnector',
            type: 'source',
            version: '4.3.1',
          },
          {
            class: 'org.apache.kafka.connect.mirror.MirrorHeartbeatConnector',
            type: 'source',
            version: '4.3.1',
          },
        ],
      },
    });
  });

  it('before 2.3 is asked connector by connector, for the same', async () => {
    await run('connect');
    connect.version = '2.2.0';
    await run('connect');
    const [now, then] = seen.filter(o => o.kind === 'connectors').map(o => o.answer);
    expect(then).toEqual(now);
    expect(connect.requests.filter(r => r.path.endsWith('/status'))).toHaveLength(2);
  });

  it('before 2.3 leaves out a connector that vanished since it was listed', async () => {
    connect.version = '2.2.0';
    connect.onRequest = ({ path }) => {
      if (path === '/connectors/mm2-heartbeat') connect.remove('mm2-heartbeat');
    };
    expect(await run('connect')).toBeUndefined();
    const [listed] = seen.filter(o => o.kind === 'connectors');
    expect(listed).toMatchObject({ answer: { ok: [{ connector: 'mm2-source', state: 'RUNNING' }] } });
  });
});
