import { Kafka, logLevel, Partitioners, type SASLOptions } from 'kafkajs';
import { expect, onTestFinished, test } from 'vitest';
import { startKafka, type SimulatedKafka } from '../../../source/simulator/kafka/start.js';
import { memberOf, type KafkaSetting } from '../../../source/simulator/kafka/state.js';

const site: KafkaSetting = {
  clusterId: 'Hk9Qi12hTx6Gu2OCvpi0_g',
  topics: { orders: 4, payments: 1 },
  groups: {
    billing: {
      coordinator: 2,
      members: [memberOf({ id: 'b-1', assignment: { orders: [0, 1, 2, 3] } })],
      committed: { orders: { 0: 5, 1: 7 } },
    },
  },
};

async function start(setting: KafkaSetting): Promise<SimulatedKafka> {
  const kafka = await startKafka(setting);
  onTestFinished(() => kafka.stop());
  return kafka;
}

/** A stock client, which knows nothing of the simulator. */
async function admin(kafka: SimulatedKafka, sasl?: SASLOptions): Promise<ReturnType<Kafka['admin']>> {
  const client = new Kafka({
    brokers: [...kafka.bootstrap],
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
    ...(sasl && { sasl }),
  }).admin();
  onTestFinished(() => client.disconnect());
  await client.connect();
  return client;
}

test('a stock client finds brokers, topics, groups and offsets', async () => {
  const kafka = await start(site);
  const orders = kafka.state.topics['orders']?.partitions ?? [];
  for (const [i, partition] of orders.entries()) Object.assign(partition, { logStart: i, logEnd: 100 + i });
  const stock = await admin(kafka);

  const { clusterId, brokers } = await stock.describeCluster();
  expect(clusterId).toBe('Hk9Qi12hTx6Gu2OCvpi0_g');
  expect(brokers.map(b => `${b.host}:${b.port}`)).toEqual(kafka.bootstrap);
  expect((await stock.listTopics()).sort()).toEqual(['orders', 'payments']);
  expect((await stock.listGroups()).groups).toEqual([{ groupId: 'billing', protocolType: 'consumer' }]);
  expect((await stock.describeGroups(['billing'])).groups).toMatchObject([
    { state: 'Stable', protocol: 'range', members: [{ memberId: 'b-1', clientHost: '/127.0.0.1' }] },
  ]);
  const [committed] = await stock.fetchOffsets({ groupId: 'billing' });
  expect(committed?.partitions.map(p => p.offset)).toEqual(['5', '7']);
  const ends = await stock.fetchTopicOffsets('orders');
  expect(ends.map(e => [e.partition, e.low, e.high]).sort()).toEqual([
    [0, '0', '100'],
    [1, '1', '101'],
    [2, '2', '102'],
    [3, '3', '103'],
  ]);
});

test.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)(
  'a stock client logs in with %s',
  async mechanism => {
    const users = { kmon: { password: 'right', sees: 'all' } } as const;
    const kafka = await start({ ...site, users });
    const stock = await admin(kafka, { mechanism, username: 'kmon', password: 'right' });
    expect(await stock.listTopics()).toHaveLength(2);
    await expect(admin(kafka, { mechanism, username: 'kmon', password: 'wrong' })).rejects.toThrow(
      'invalid credentials',
    );
    await expect(admin(kafka, { mechanism, username: 'ghost', password: 'right' })).rejects.toThrow(
      'invalid credentials',
    );
  },
);

test('a user without ACLs sees an empty cluster, not an error', async () => {
  const kafka = await start({ ...site, users: { nobody: { password: 'p', sees: 'none' } } });
  const stock = await admin(kafka, { mechanism: 'plain', username: 'nobody', password: 'p' });
  expect(await stock.listTopics()).toEqual([]);
  expect((await stock.listGroups()).groups).toEqual([]);
  await expect(stock.fetchOffsets({ groupId: 'billing' })).rejects.toThrow(
    'Failed to find group coordinator',
  );
});

test('a stock producer is refused: nobody but the site itself writes', async () => {
  const kafka = await start(site);
  const brokers = [...kafka.bootstrap];
  const client = new Kafka({ brokers, logLevel: logLevel.NOTHING, retry: { retries: 0 } });
  const producer = client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  onTestFinished(() => producer.disconnect());
  await producer.connect();
  const messages = [{ key: 'k', value: 'v' }];
  await expect(producer.send({ topic: 'orders', messages })).rejects.toThrow(
    'Not authorized to access topics',
  );
  expect(kafka.requests.filter(r => r.name === 'Produce').length).toBe(1);
});

test('a broker comes back on the port that it had', async () => {
  const kafka = await start({ brokers: 2 });
  await kafka.afflict(2, 'down');
  await kafka.afflict(2, 'none');
  expect(kafka.state.brokers.map(b => `127.0.0.1:${b.port}`)).toEqual(kafka.bootstrap);
  await admin(kafka);
});

test('what was asked is logged with its version', async () => {
  const kafka = await start({ brokers: 1 });
  await (await admin(kafka)).listTopics();
  expect(kafka.requests.slice(0, 2)).toEqual([
    { broker: 1, apiKey: 18, name: 'ApiVersions', version: 2, clientId: 'kafkajs' },
    { broker: 1, apiKey: 3, name: 'Metadata', version: 6, clientId: 'kafkajs' },
  ]);
});

test('a broker that does not exist cannot be afflicted', async () => {
  const kafka = await start({ brokers: 1 });
  await expect(kafka.afflict(9, 'down')).rejects.toThrow('no broker 9');
});
