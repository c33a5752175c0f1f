import { expect, test } from 'vitest';
import { inSyncOf } from '../../../../source/model/in-sync.js';
import { Writer } from '../../../../source/simulator/kafka/bytes.js';
import { partitionOf } from '../../../../source/simulator/kafka/state.js';
import { Reader } from '../../../../source/wire/kafka/reader.js';
import { IdLists } from '../../../../source/wire/kafka/reads/id-lists.js';
import { readMetadata } from '../../../../source/wire/kafka/reads/metadata.js';
import { ok } from '../../../support/answers.js';
import { cluster, link } from '../support.js';

test('gives the cluster’s id, controller, brokers and where partitions live', async () => {
  const kafka = await cluster({ clusterId: 'Hk9Qi12hTx6Gu2OCvpi0_g', brokers: 3, topics: { orders: 4 } });
  const orders = kafka.state.topics['orders'];
  if (orders) orders.id = 'kVY0bTQ_R4WYmLhVt2Q8Vg';
  if (orders?.partitions[1]) orders.partitions[1].leaderEpoch = 7;
  const [one] = kafka.state.brokers;
  if (one) one.rack = 'a';
  const seen = ok((await readMetadata(link(kafka.bootstrap))).answer);
  expect(seen.clusterId).toBe('Hk9Qi12hTx6Gu2OCvpi0_g');
  expect(seen.controller).toBe(1);
  expect(seen.brokers.map(b => [b.id, b.rack])).toEqual([
    [1, 'a'],
    [2, undefined],
    [3, undefined],
  ]);
  expect(seen.topics).toEqual([
    {
      topic: 'orders',
      topicId: 'kVY0bTQ_R4WYmLhVt2Q8Vg',
      internal: false,
      leader: Float64Array.of(1, 2, 3, 1),
      preferred: Float64Array.of(1, 2, 3, 1),
      replicas: Float64Array.of(3, 3, 3, 3),
      inSync: Float64Array.of(3, 3, 3, 3),
      inSyncIds: Int32Array.of(1, 2, 3, 2, 3, 1, 3, 1, 2, 1, 2, 3),
      leaderEpoch: Float64Array.of(0, 7, 0, 0),
    },
  ]);
});

test('a partition without a leader is a fact, and hides nothing else', async () => {
  const kafka = await cluster({
    topics: {
      orders: {
        partitions: [partitionOf({ leader: -1, isr: [] }, [1, 2, 3]), partitionOf({}, [1, 2, 3], 1)],
      },
      payments: 1,
    },
  });
  const { topics } = ok((await readMetadata(link(kafka.bootstrap))).answer);
  expect(topics).toMatchObject([
    { topic: 'orders', leader: Float64Array.of(-1, 2), inSync: Float64Array.of(0, 3) },
    { topic: 'payments', leader: Float64Array.of(1) },
  ]);
});

test('a topic with an error carries it beside its healthy neighbours', async () => {
  const kafka = await cluster({ topics: { secret: { error: 29 }, orders: 1 } });
  const { topics } = ok((await readMetadata(link(kafka.bootstrap))).answer);
  expect(topics[0]?.failed).toEqual({
    kind: 'unauthorised',
    subject: 'Metadata of topic secret in us',
    detail: 'TOPIC_AUTHORIZATION_FAILED',
  });
  expect(topics[1]?.failed).toBeUndefined();
});

test('a user without ACLs sees the brokers, and no topic at all', async () => {
  const kafka = await cluster({ topics: { orders: 3 }, users: { nobody: { password: 'p', sees: 'none' } } });
  const sasl = { mechanism: 'plain', username: 'nobody', password: 'p' } as const;
  const seen = ok((await readMetadata(link(kafka.bootstrap, { security: { sasl } }))).answer);
  expect(seen.brokers).toHaveLength(3);
  expect(seen.topics).toEqual([]);
});

test.each([
  [4, 'neither topic ids nor leader epochs'],
  [5, 'neither topic ids nor leader epochs'],
  [6, 'neither topic ids nor leader epochs'],
  [7, 'leader epochs'],
  [10, 'topic ids and leader epochs'],
  [11, 'topic ids and leader epochs'],
  [12, 'topic ids and leader epochs'],
])('reads version %i: %s', async (version, what) => {
  const kafka = await cluster({ topics: { orders: 2 }, newest: { 3: version } });
  const { topics } = ok((await readMetadata(link(kafka.bootstrap))).answer);
  expect(topics).toMatchObject([{ topic: 'orders', leader: Float64Array.of(1, 2) }]);
  expect(topics[0]?.leaderEpoch !== undefined).toBe(what.includes('epochs') && !what.includes('nor'));
  expect(topics[0]?.topicId !== undefined).toBe(what.includes('ids and'));
  expect(kafka.requests.at(-1)?.version).toBe(version);
});

test('a broker between two versions that kmon knows is asked in the older one', async () => {
  const kafka = await cluster({ topics: { orders: 2 }, newest: { 3: 9 } });
  ok((await readMetadata(link(kafka.bootstrap))).answer);
  expect(kafka.requests.at(-1)?.version).toBe(7);
});

test('tells who is in sync, partition after partition, in whatever order the broker lists them', async () => {
  const kafka = await cluster({
    topics: {
      orders: {
        partitions: [
          partitionOf({ isr: [1] }, [1, 2, 3]),
          partitionOf({ isr: [] }, [1, 2, 3], 1),
          partitionOf({ isr: [3, 2, 1] }, [1, 2, 3], 2),
        ],
      },
    },
  });
  const [orders] = ok((await readMetadata(link(kafka.bootstrap))).answer).topics;
  expect(orders?.inSyncIds).toEqual(Int32Array.of(1, 3, 2, 1));
  expect([0, 1, 2, 3].map(p => [...(orders ? inSyncOf(orders, p) : [])])).toEqual([[1], [], [3, 2, 1], []]);
});

test('tells the preferred leader apart from the one that leads', async () => {
  const kafka = await cluster({
    topics: {
      orders: { partitions: [partitionOf({ leader: 2 }, [3, 1, 2]), partitionOf({ leader: 1 }, [1], 1)] },
    },
  });
  const [orders] = ok((await readMetadata(link(kafka.bootstrap))).answer).topics;
  expect(orders).toMatchObject({
    leader: Float64Array.of(2, 1),
    preferred: Float64Array.of(3, 1),
    replicas: Float64Array.of(3, 1),
  });
});

test.each([
  ['in their order', [0, 1, 4]],
  ['backwards', [4, 1, 0]],
  ['anyhow', [1, 4, 0]],
  ['with one that comes twice', [0, 4, 1, 0]],
])('lists that come %s end up in that of partitions', (_, order) => {
  const of: Readonly<Record<number, readonly number[]>> = { 0: [1, 2, 3, 4, 5, 6], 1: [], 4: [7, 8] };
  const [lists, counts] = [new IdLists(2), new Float64Array(5).fill(NaN)];
  for (const partition of order) {
    const bytes = new Writer().int32s(of[partition] ?? []).bytes();
    counts[partition] = lists.read(partition, new Reader(bytes, false), counts);
  }
  expect([...lists.finish(counts)].slice(0, 8)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});
