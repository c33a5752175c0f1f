import { describe, expect, test } from 'vitest';
import { memberOf, partitionOf, type KafkaSetting } from '../../../../source/simulator/kafka/state.js';
import type { SimulatedKafka } from '../../../../source/simulator/kafka/start.js';
import type { KafkaLink } from '../../../../source/wire/kafka/link.js';
import type { Written } from '../../../../source/wire/kafka/written.js';
import { alterConfigs } from '../../../../source/wire/kafka/writes/alter-configs.js';
import { alterQuotas } from '../../../../source/wire/kafka/writes/alter-quotas.js';
import { commitOffsets } from '../../../../source/wire/kafka/writes/commit-offsets.js';
import { createPartitions } from '../../../../source/wire/kafka/writes/create-partitions.js';
import { deleteGroups } from '../../../../source/wire/kafka/writes/delete-groups.js';
import { deleteOffsets } from '../../../../source/wire/kafka/writes/delete-offsets.js';
import { electPreferredLeaders } from '../../../../source/wire/kafka/writes/elect-leaders.js';
import { reassignPartitions } from '../../../../source/wire/kafka/writes/reassign-partitions.js';
import { removeMembers } from '../../../../source/wire/kafka/writes/remove-members.js';
import { FakeClock } from '../../../support/fake-clock.js';
import { ok } from '../../../support/answers.js';
import { readMetadata } from '../../../../source/wire/kafka/reads/metadata.js';
import { acquainted, cluster, link, until } from '../support.js';

/** A cluster that each test may change. */
const site = (): KafkaSetting => ({
  brokers: 3,
  topics: {
    orders: {
      partitions: [
        partitionOf({ leader: 2, replicas: [1, 2, 3], isr: [1, 2, 3] }, [1, 2, 3]),
        partitionOf({ leader: 2, replicas: [3, 2, 1], isr: [2, 1] }, [1, 2, 3]),
      ],
      configs: { 'cleanup.policy': 'compact' },
    },
  },
  groups: {
    idle: { coordinator: 1, committed: { orders: { 0: 5, 1: 6 } } },
    busy: {
      coordinator: 1,
      members: [
        memberOf({ id: 'b-1', instance: 'one', assignment: { orders: [0] } }),
        memberOf({ id: 'b-2', instance: 'two', assignment: { orders: [1] } }),
      ],
    },
  },
});

type Case = {
  readonly request: string;
  readonly key: number;
  readonly versions: readonly number[];
  readonly write: (us: KafkaLink) => Promise<Written<object>>;
  /** What the cluster holds after it. */
  readonly holds: (kafka: SimulatedKafka) => unknown;
  readonly expected: unknown;
};

const cases: readonly Case[] = [
  {
    request: 'IncrementalAlterConfigs',
    key: 44,
    versions: [0, 1],
    write: us =>
      alterConfigs(us, 1, [
        { kind: 'topic', name: 'orders', set: { 'retention.ms': '7', 'cleanup.policy': null } },
        { kind: 'broker', name: '1', set: { 'log.retention.ms': '9' } },
      ]),
    holds: ({ state }) => [state.topics['orders']?.configs, state.brokers[0]?.configs],
    expected: [{ 'retention.ms': '7' }, { 'log.retention.ms': '9' }],
  },
  {
    request: 'AlterClientQuotas',
    key: 49,
    versions: [0, 1],
    write: us =>
      alterQuotas(us, 1, [
        { entity: { user: 'mm2-user', clientId: null }, limits: { producer_byte_rate: 2 ** 40 + 0.5 } },
        { entity: { user: null }, limits: { request_percentage: 12.5, consumer_byte_rate: null } },
      ]),
    holds: ({ state }) => state.quotas,
    expected: [
      { entity: { user: 'mm2-user', 'client-id': null }, values: { producer_byte_rate: 2 ** 40 + 0.5 } },
      { entity: { user: null }, values: { request_percentage: 12.5 } },
    ],
  },
  {
    request: 'CreatePartitions',
    key: 37,
    versions: [0, 1, 2, 3],
    write: us => createPartitions(us, 1, [{ topic: 'orders', count: 5 }]),
    holds: ({ state }) => state.topics['orders']?.partitions.map(p => p.replicas.length),
    expected: [3, 3, 3, 3, 3],
  },
  {
    request: 'ElectLeaders',
    key: 43,
    versions: [0, 1, 2],
    write: us => electPreferredLeaders(us, 1, [{ topic: 'orders', partition: 0 }]),
    holds: ({ state }) => state.topics['orders']?.partitions.map(p => p.leader),
    expected: [1, 2],
  },
  {
    request: 'AlterPartitionReassignments',
    key: 45,
    versions: [0, 1],
    write: us =>
      reassignPartitions(us, 1, [
        { topic: 'orders', partition: 0, replicas: [3, 2, 1] },
        { topic: 'orders', partition: 1, replicas: [2, 1, 3] },
      ]),
    holds: ({ state }) => state.topics['orders']?.partitions.map(p => p.replicas),
    expected: [
      [3, 2, 1],
      [2, 1, 3],
    ],
  },
  {
    request: 'OffsetCommit',
    key: 8,
    versions: [2, 3, 4, 5, 6, 7, 8],
    write: us =>
      commitOffsets(us, 1, 'idle', [
        { topic: 'orders', partition: 0, offset: 3_000_000_000_000, leaderEpoch: 4 },
        { topic: 'orders', partition: 1, offset: 0 },
      ]),
    holds: ({ state }) => state.groups['idle']?.committed,
    expected: { orders: { 0: 3_000_000_000_000, 1: 0 } },
  },
  {
    request: 'OffsetDelete',
    key: 47,
    versions: [0],
    write: us => deleteOffsets(us, 1, 'idle', [{ topic: 'orders', partition: 1 }]),
    holds: ({ state }) => state.groups['idle']?.committed,
    expected: { orders: { 0: 5 } },
  },
  {
    request: 'DeleteGroups',
    key: 42,
    versions: [0, 1, 2],
    write: us => deleteGroups(us, 1, ['idle']),
    holds: ({ state }) => Object.keys(state.groups),
    expected: ['busy'],
  },
  {
    request: 'LeaveGroup',
    key: 13,
    versions: [3, 4, 5],
    write: us => removeMembers(us, 1, 'busy', ['one'], 'its host is gone'),
    holds: ({ state }) => state.groups['busy']?.members.map(m => m.instance),
    expected: ['two'],
  },
];

test.each(cases.flatMap(of => of.versions.map(version => [of.request, version, of] as const)))(
  '%s v%i does it, item by item',
  async (_, version, { key, write, holds, expected }) => {
    const { kafka, us } = await acquainted({ ...site(), newest: { [key]: version } });
    kafka.state.throttleMs = 120;
    const { items, throttled } = await write(us);
    expect(items.map(i => i.outcome)).toEqual(items.map(() => ({ done: true })));
    if (!(key === 8 && version === 2)) expect(throttled).toBe(120);
    expect(kafka.requests.filter(r => r.apiKey === key).map(r => r.version)).toEqual([version]);
    expect(holds(kafka)).toEqual(expected);
  },
);

test.each(cases.map(of => [of.request, of] as const))(
  '%s: a broker that does not offer it was asked nothing',
  async (_, { key, write }) => {
    const { kafka, us } = await acquainted({ ...site(), newest: { [key]: -1 } });
    const { items } = await write(us);
    for (const { outcome } of items) expect(outcome).toMatchObject({ undone: { kind: 'unsupported' } });
    expect(kafka.requests.filter(r => r.apiKey === key)).toEqual([]);
  },
);

describe('what nobody knows', () => {
  test.each(cases.map(of => [of.request, of] as const))(
    '%s: a broker that hangs up on it may have done it; it is asked once',
    async (_, { key, write }) => {
      const { kafka, us } = await acquainted(site());
      const [one] = kafka.state.brokers;
      if (one) one.faults[key] = 'closing';
      const { items } = await write(us);
      for (const { outcome } of items) expect(outcome).toMatchObject({ uncertain: { kind: 'refused' } });
      expect(kafka.requests.filter(r => r.apiKey === key)).toHaveLength(1);
    },
  );

  test('a broker that does not answer in time, while questions go on', async () => {
    const clock = new FakeClock();
    const kafka = await cluster(site());
    const us = link(kafka.bootstrap, { clock });
    ok((await readMetadata(us)).answer);
    const [one] = kafka.state.brokers;
    if (one) one.faults[49] = 'hung';
    const change = { entity: { user: 'a' }, limits: { producer_byte_rate: 1 } };
    const writing = alterQuotas(us, 1, [change]);
    await until(() => kafka.requests.some(r => r.apiKey === 49));
    expect('ok' in (await readMetadata(us)).answer).toBe(true);
    await clock.advance(31_000);
    const { items } = await writing;
    expect(items[0]?.outcome).toMatchObject({ uncertain: { kind: 'timeout' } });
  });

  test('a broker that nothing listens at was asked nothing', async () => {
    const { kafka, us } = await acquainted(site());
    await kafka.afflict(1, 'down');
    const { items } = await deleteGroups(us, 1, ['idle']);
    expect(items[0]?.outcome).toMatchObject({ undone: { kind: 'refused' } });
  });

  test('a write that was cancelled before it began, and a link that is closed', async () => {
    const { kafka, us } = await acquainted(site());
    const { items } = await deleteGroups(us, 1, ['idle'], AbortSignal.abort());
    expect(items[0]?.outcome).toMatchObject({ undone: { kind: 'cancelled' } });
    await us.close();
    const late = await deleteGroups(us, 1, ['idle']);
    expect(late.items[0]?.outcome).toMatchObject({ undone: { kind: 'cancelled' } });
    expect(kafka.requests.filter(r => r.apiKey === 42)).toEqual([]);
  });

  test('a coordinator that lost its office may have written it down before', async () => {
    const { us } = await acquainted(site());
    const { items } = await deleteGroups(us, 2, ['idle']);
    expect(items[0]?.outcome).toMatchObject({ uncertain: { kind: 'busy', detail: 'NOT_COORDINATOR' } });
  });
});

test('an election that is not needed is done; a replica that is behind cannot lead', async () => {
  const { kafka, us } = await acquainted(site());
  const [first] = kafka.state.topics['orders']?.partitions ?? [];
  if (first) first.leader = 1;
  const places = [0, 1, 9].map(partition => ({ topic: 'orders', partition }));
  const { items } = await electPreferredLeaders(us, 1, places);
  expect(
    items.map(i => ('done' in i.outcome ? 'done' : 'undone' in i.outcome && i.outcome.undone.detail)),
  ).toEqual(['done', 'PREFERRED_LEADER_NOT_AVAILABLE', 'UNKNOWN_TOPIC_OR_PARTITION']);
});

test('a move that adds a replica is under way, and can be ended', async () => {
  const { kafka, us } = await acquainted({ ...site(), brokers: 4 });
  const place = { topic: 'orders', partition: 0 };
  await reassignPartitions(us, 1, [{ ...place, replicas: [4, 2, 3] }]);
  const partition = kafka.state.topics['orders']?.partitions[0];
  expect(partition).toMatchObject({ replicas: [4, 2, 3, 1], adding: [4], removing: [1] });
  await reassignPartitions(us, 1, [{ ...place, replicas: null }]);
  expect(partition?.adding).toBeUndefined();
  expect([...(partition?.replicas ?? [])].sort()).toEqual([1, 2, 3]);
});
