import { setMaxListeners } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../source/core/clock.js';
import type { Observation } from '../../source/core/observation.js';
import type { FlowInterest } from '../../source/core/interest.js';
import { KafkaSweep } from '../../source/observe/kafka-sweep.js';
import { positionsPoll } from '../../source/observe/positions-poll.js';
import { SimulatedConnect } from '../../source/simulator/connect/site.js';
import { startKafka } from '../../source/simulator/kafka/start.js';
import { openConnect } from '../../source/wire/connect/link.js';
import { openKafka } from '../../source/wire/kafka/link.js';

const close: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of close.splice(0)) await end();
});

const flow: FlowInterest = {
  connect: 'us',
  connector: 'mm2-source',
  source: { cluster: 'eu', topics: ['orders'] },
  target: { cluster: 'us', topics: ['eu.orders'] },
};

/** A flow between two simulated clusters, with a Connect that knows no flushed position yet. */
async function polling(interests: readonly FlowInterest[]) {
  const seen: Observation[] = [];
  const emit = (o: Observation): void => void seen.push(o);
  const signal = new AbortController().signal;
  setMaxListeners(0, signal);
  const sweeps = new Map<string, KafkaSweep>();
  for (const [cluster, topic] of [
    ['eu', 'orders'],
    ['us', 'eu.orders'],
  ] as const) {
    const kafka = await startKafka({ brokers: 1, topics: { [topic]: 2 } });
    const link = openKafka(
      {
        cluster,
        bootstrap: kafka.bootstrap,
        security: {},
        clientId: 'kmon',
        requestTimeout: 5000,
        connectTimeout: 1000,
      },
      { clock: systemClock },
    );
    close.push(async () => {
      await link.close();
      await kafka.stop();
    });
    const sweep = new KafkaSweep(cluster, link, systemClock, emit);
    await sweep.pass({ signal, asking: () => undefined });
    sweeps.set(cluster, sweep);
  }
  const simulated = await SimulatedConnect.start({ clock: systemClock, connectors: [] });
  const connect = openConnect(
    { connect: 'us', urls: simulated.urls, requestTimeout: 5000 },
    { clock: systemClock },
  );
  close.push(async () => {
    connect.close();
    await simulated.stop();
  });
  const poll = positionsPoll(connect, sweeps, systemClock, emit, () => interests, 2000);
  seen.length = 0;
  return {
    seen,
    poll,
    pass: () => poll.pass({ signal, asking: () => undefined }),
  };
}

describe('the positions of flows', () => {
  it('are asked as N, then T, then S, each after the one before was answered', async () => {
    const { seen, pass } = await polling([flow]);
    await pass();
    const [n, t, s] = seen;
    expect([n?.kind, t?.kind, s?.kind]).toEqual(['positions', 'offsets', 'offsets']);
    expect(t).toMatchObject({ cluster: 'us', which: 'log-end' });
    expect(s).toMatchObject({ cluster: 'eu', which: 'log-end' });
    expect(t?.asked).toBeGreaterThanOrEqual(n?.answered ?? Infinity);
    expect(s?.asked).toBeGreaterThanOrEqual(t?.answered ?? Infinity);
  });

  it('read T and S in every pass, N and the log starts only when they are due', async () => {
    const { seen, pass } = await polling([flow]);
    await pass();
    expect(seen.filter(o => o.kind === 'offsets' && o.which === 'log-start')).toHaveLength(1);
    seen.length = 0;
    await pass();
    expect(seen.map(o => (o.kind === 'offsets' ? `${o.cluster} ${o.which}` : o.kind))).toEqual([
      'us log-end',
      'eu log-end',
    ]);
  });

  it('read what they can where no credentials were given for the target', async () => {
    const { connect, connector, source } = flow;
    const { seen, pass } = await polling([{ connect, connector, ...(source && { source }) }]);
    await pass();
    expect(seen.filter(o => o.kind === 'offsets').every(o => o.cluster === 'eu')).toBe(true);
  });

  it('look again soon while no flow is known', async () => {
    const { poll } = await polling([]);
    expect(poll.interval()).toBeLessThan(1000);
  });
});
