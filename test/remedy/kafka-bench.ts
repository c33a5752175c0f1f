import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failure } from '../../source/core/failure.js';
import { seen, unknown } from '../../source/core/known.js';
import type { FlowView, Snapshot, TopicView } from '../../source/model/snapshot.js';
import { openAudit } from '../../source/remedy/audit.js';
import { createGate, type Gate, type GateOptions } from '../../source/remedy/gate.js';
import type { Outcome, Plan, Step, Target } from '../../source/remedy/plan.js';
import type { KafkaSetting } from '../../source/simulator/kafka/state.js';
import { startKafka, type SimulatedKafka } from '../../source/simulator/kafka/start.js';
import { openKafka } from '../../source/wire/kafka/link.js';
import { SkippingClock } from '../support/skipping-clock.js';
import { broker, cluster, group, healthyFlow, now, smallFlow } from '../support/views.js';
import { collect, type AuditLine } from './bench.js';

/** A gate over a simulated cluster `us` of three brokers, and what the model would say of it. */
export type KafkaBench = {
  readonly clock: SkippingClock;
  readonly us: SimulatedKafka;
  readonly gate: Gate;
  /** The gate of another kmon on the same cluster and the same audit file. */
  readonly rival: () => Gate;
  readonly auditFile: string;
  readonly audit: () => Promise<readonly AuditLine[]>;
  readonly planOf: (action: string, target: Target, argument?: string) => Promise<Outcome>;
  readonly run: (plan: Plan, typed?: string) => Promise<readonly Step[]>;
  readonly undo: (plan: Plan) => Promise<Outcome>;
  readonly snapshot: () => Snapshot;
  /** Requests that would change something, oldest first, by name. */
  readonly writes: () => readonly string[];
  readonly stop: () => Promise<void>;
};

export type KafkaBenchSetup = {
  readonly mode?: GateOptions['mode'];
  readonly expectedClusterId?: string;
  /** Who kmon is: one that may change all, or one that may only look. */
  readonly as?: 'admin' | 'watcher';
  readonly flow?: Partial<FlowView>;
  readonly kafka?: KafkaSetting;
};

export const secret = 'hunter2-admin';
const never = new AbortController().signal;

const writing = new Set([8, 13, 37, 42, 43, 44, 45, 47, 49]);

const orders = (leader: number, replicas: readonly number[]) => ({
  leader,
  replicas: [...replicas],
  isr: [...replicas],
  logStart: 100,
  logEnd: 1_000,
  error: 0,
  times: [
    { offset: 100, timestamp: now - 7_200_000 },
    { offset: 600, timestamp: now - 3_600_000 },
  ],
});

/** Of `orders`, partition 0 is led by its preferred replica, and broker 1 leads the two others in place of theirs. */
const usual: KafkaSetting = {
  topics: {
    orders: {
      partitions: [orders(1, [1, 2]), orders(1, [2, 1]), orders(1, [3, 1])],
    },
    payments: 2,
  },
  groups: {
    stopped: { committed: { orders: { 0: 500, 1: 900, 2: 1_000 }, payments: { 0: 0 } } },
    billing: {
      committed: { orders: { 0: 10, 1: 10, 2: 10 } },
      members: [
        {
          id: 'a',
          instance: 'billing-1',
          clientId: 'billing-1',
          host: '10.0.0.1',
          epoch: 1,
          assignment: { orders: [0, 1] },
        },
        {
          id: 'b',
          instance: 'billing-2',
          clientId: 'billing-2',
          host: '10.0.0.2',
          epoch: 1,
          assignment: { orders: [2] },
        },
      ],
    },
    shared: { type: 'share' },
  },
  quotas: [
    { entity: { user: 'mm2-user' }, values: { producer_byte_rate: 60_000 } },
    { entity: { 'client-id': null }, values: { producer_byte_rate: 500_000 } },
    { entity: { user: 'other' }, values: { producer_byte_rate: 1 } },
  ],
  users: {
    admin: { password: secret, sees: 'all', changes: 'all' },
    watcher: { password: 'hunter2-watcher', sees: 'all' },
  },
};

export async function startKafkaBench(setup: KafkaBenchSetup = {}): Promise<KafkaBench> {
  const clock = new SkippingClock(now);
  const folder = await mkdtemp(join(tmpdir(), 'kmon-remedy-'));
  const auditFile = join(folder, 'state', 'audit.jsonl');
  const us = await startKafka(structuredClone({ ...usual, ...setup.kafka }), { clock });
  const username = setup.as ?? 'admin';
  const link = openKafka(
    {
      cluster: 'us',
      bootstrap: us.bootstrap,
      security: {
        sasl: { mechanism: 'scram-sha-256', username, password: us.state.users[username]?.password ?? '' },
      },
      clientId: 'kmon',
      requestTimeout: 30_000,
      connectTimeout: 30_000,
    },
    { clock },
  );
  const heartbeat = {
    ...smallFlow('mm2-heartbeat', 'mirror-heartbeat'),
    id: 'us/mm2-heartbeat',
    connect: 'us',
    target: { alias: 'us', cluster: 'us' },
    clients: { writes: { user: 'mm2-user', clientIds: ['connector-producer-mm2-heartbeat-0'] } },
  };
  const flow = healthyFlow({
    id: 'us/mm2-source',
    connect: 'us',
    target: { alias: 'us', cluster: 'us' },
    clients: { writes: { user: 'mm2-user', clientIds: ['connector-producer-mm2-source-0'] } },
    throttle: seen(162, now),
    write: { ...healthyFlow().write, now: seen(713, now) },
    arrival: { ...healthyFlow().arrival, now: seen(1_000, now) },
    ...setup.flow,
  });
  const quotas = () =>
    us.state.quotas.map(({ entity: { user, 'client-id': clientId }, values }) => ({
      entity: { ...(user !== undefined && { user }), ...(clientId !== undefined && { clientId }) },
      limits: values,
    }));
  const snapshot = (): Snapshot => ({
    revision: 1,
    at: clock.now(),
    clusters: [
      cluster('us', 3, {
        quotas: seen(quotas(), now),
        brokers: seen(
          [900, 300, 200].map((perSecond, i) =>
            broker(i + 1, `10.0.2.${i + 1}:9092`, { arrival: { perSecond, partitions: 3 } }),
          ),
          now,
        ),
      }),
    ],
    connects: [],
    metrics: [],
    // Heartbeats log in as the same user, and Connect may name them first.
    flows: [heartbeat, flow],
    groups: ['stopped', 'billing'].map(name =>
      group(name, 100, { state: seen(name === 'stopped' ? 'Empty' : 'Stable', now) }),
    ),
    topics: [orderTopic(clock.now())],
    workers: [],
    changes: [],
    history: { kept: 0, left: 0, bytes: 0, limit: 0, moments: { bytes: 0, limit: 0 } },
  });
  const options: GateOptions = {
    mode: setup.mode ?? 'read-write',
    connects: new Map(),
    clusters: new Map([
      [
        'us',
        {
          link,
          ...(setup.expectedClusterId !== undefined && { expectedClusterId: setup.expectedClusterId }),
        },
      ],
    ]),
    snapshot,
    clock,
    audit: openAudit({ file: auditFile, context: 'eu-us', clock, user: 'ada', host: 'bastion' }),
  };
  const gate = createGate(options);
  return {
    clock,
    us,
    gate,
    rival: () => createGate(options),
    auditFile,
    audit: async () =>
      (await readFile(auditFile, 'utf8'))
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line) as AuditLine),
    planOf: (action, target, argument = '') => gate.plan(action, target, argument, never),
    run: (plan, typed = plan.confirm) => collect(gate.run(plan, typed, never)),
    undo: plan => gate.planUndo(plan.id, never),
    snapshot,
    writes: () => us.requests.filter(r => writing.has(r.apiKey)).map(r => r.name),
    stop: async () => {
      await link.close();
      await us.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** `orders` as the model shows it: each partition gets 100 records/s more than the one before. */
function orderTopic(at: number): TopicView {
  const none = unknown<never>(failure('absent', 'orders', 'not measured'), at);
  const partitions = [0, 1, 2].map(partition => ({
    topic: 'orders',
    partition,
    leaderMoves: 0,
    start: seen(100, at),
    end: seen(1_000, at),
    bytes: seen(1_000_000, at),
    arrival: seen(100 * (partition + 1), at),
  }));
  return {
    id: 'us/orders',
    cluster: 'us',
    topic: 'orders',
    internal: false,
    unclean: [],
    partitionCount: 3,
    leaderless: 0,
    underReplicated: 0,
    unknownPartitions: 0,
    replicas: seen({ least: 2, most: 2 }, at),
    underMinInSync: seen(0, at),
    config: none,
    since: at,
    leaderMoves: 0,
    truncations: [],
    arrival: seen(600, at),
    peakArrival: 600,
    bytes: seen(3_000_000, at),
    readers: { groups: ['us/billing'], flows: ['us/mm2-source'] },
    writers: [],
    partitions,
    partition: p => partitions[p],
    leaders: new Float64Array(3).fill(NaN),
    skew: { arrival: none, bytes: none, leaders: none },
  };
}
