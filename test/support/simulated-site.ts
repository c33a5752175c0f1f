import type { Context } from '../../source/config/context.js';
import { systemClock } from '../../source/core/clock.js';
import type { SimulatedConnect } from '../../source/simulator/connect/site.js';
import { startKafka, type SimulatedKafka } from '../../source/simulator/kafka/start.js';
import type { SimulatedPrometheus } from '../../source/simulator/prometheus/server.js';
import { simulatedMetrics, simulatedMirror } from './simulated-mirror.js';

/** Two Kafka clusters with a MirrorMaker 2 flow between them, and Prometheus, behind real sockets. */
export type SimulatedSite = {
  readonly eu: SimulatedKafka;
  readonly us: SimulatedKafka;
  readonly connect: SimulatedConnect;
  readonly prometheus: SimulatedPrometheus;
  stop(): Promise<void>;
};

/** The password of the user `watcher` of cluster us; planted as the others are. */
export const watcherPassword = 'hunter2-watcher';

export async function simulatedSite(): Promise<SimulatedSite> {
  const ends = (count: number, logEnd: number) => ({
    partitions: Array.from({ length: count }, (_, i) => ({
      leader: 1 + (i % 3),
      replicas: [1, 2, 3],
      isr: [1, 2, 3],
      logStart: 0,
      logEnd,
      error: 0,
    })),
  });
  const eu = await startKafka({ clusterId: 'sim-eu-cluster-id-0001', topics: { orders: ends(12, 1_000) } });
  const us = await startKafka({
    clusterId: 'sim-us-cluster-id-0001',
    topics: { 'eu.orders': ends(12, 1_000), invoices: ends(3, 50) },
    users: {
      watcher: { password: watcherPassword, sees: 'all' },
      nobody: { password: watcherPassword, sees: 'none' },
    },
    groups: {
      billing: {
        state: 'Stable',
        members: [
          {
            id: 'billing-1-6d2f',
            instance: null,
            clientId: 'billing-1',
            host: '10.0.5.1',
            epoch: 1,
            assignment: { invoices: [0, 1, 2] },
          },
          {
            id: 'billing-2-a81c',
            instance: null,
            clientId: 'billing-2',
            host: '10.0.5.2',
            epoch: 1,
            assignment: {},
          },
        ],
        committed: { invoices: { 0: 50, 1: 43 } },
      },
      'old, "report"': { committed: { invoices: { 2: 10 } } },
    },
  });
  const connect = await simulatedMirror(systemClock);
  const prometheus = await simulatedMetrics(systemClock);
  return {
    eu,
    us,
    connect,
    prometheus,
    stop: async () => {
      await Promise.all([eu.stop(), us.stop(), connect.stop(), prometheus.stop()]);
    },
  };
}

/** A context that names all of it. */
export function contextOf(
  site: SimulatedSite,
  {
    interval = 500,
    user = 'watcher',
    password = watcherPassword,
  }: { readonly interval?: number; readonly user?: string; readonly password?: string } = {},
): Context {
  const common = { clientId: 'kmon', requestTimeout: 5_000, connectTimeout: 3_000 };
  const sasl = { mechanism: 'scram-sha-512', username: user, password } as const;
  return {
    name: 'simulated',
    clusters: [
      {
        name: 'eu',
        endpoint: { ...common, cluster: 'eu', bootstrap: site.eu.bootstrap, security: {} },
        sampled: ['orders'],
      },
      {
        name: 'us',
        endpoint: { ...common, cluster: 'us', bootstrap: site.us.bootstrap, security: { sasl } },
        sampled: [],
      },
    ],
    connects: [
      {
        name: 'us',
        cluster: 'us',
        managedBy: 'rest',
        endpoint: { connect: 'us', urls: site.connect.urls, requestTimeout: 5_000 },
      },
    ],
    prometheus: { name: 'prometheus', url: site.prometheus.url, requestTimeout: 5_000 },
    scrapes: [],
    mode: 'read-only',
    interval,
    history: {},
    thresholds: {},
    theme: 'auto',
    glyphs: 'auto',
    auditFile: '/nonexistent/audit.jsonl',
    stateFile: '/nonexistent/state.json',
    keys: {},
  };
}
