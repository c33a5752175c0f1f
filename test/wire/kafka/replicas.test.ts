import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../../source/core/clock.js';
import { startKafka, type SimulatedKafka } from '../../../source/simulator/kafka/start.js';
import { openKafka } from '../../../source/wire/kafka/link.js';
import { readReplicas, type ReplicasSeen } from '../../../source/wire/kafka/reads/replicas.js';
import { ok } from '../../support/answers.js';

let us: SimulatedKafka;
beforeAll(async () => {
  us = await startKafka({ topics: { orders: 2, payments: 1 } });
});
afterAll(() => us.stop());

async function read(wanted: Parameters<typeof readReplicas>[1], newest: number): Promise<ReplicasSeen> {
  for (const broker of us.state.brokers) broker.newest = { 3: newest };
  const timeouts = { requestTimeout: 5_000, connectTimeout: 5_000 };
  const link = openKafka(
    { cluster: 'us', bootstrap: us.bootstrap, security: {}, clientId: 'kmon', ...timeouts },
    { clock: systemClock },
  );
  const { answer } = await readReplicas(link, wanted);
  await link.close();
  return ok(answer);
}

it.each([4, 5, 7, 10, 12])('Metadata v%i: one topic, with the ids of its replicas', async version => {
  const seen = await read({ topic: 'orders' }, version);
  expect(seen.partitions).toEqual([
    { topic: 'orders', partition: 0, leader: 1, replicas: [1, 2, 3], inSync: [1, 2, 3] },
    { topic: 'orders', partition: 1, leader: 2, replicas: [2, 3, 1], inSync: [2, 3, 1] },
  ]);
  expect(seen.topicId === undefined).toBe(version < 10);
});

it.each([4, 12])('Metadata v%i: all topics, or none', async version => {
  expect((await read('all', version)).partitions).toHaveLength(3);
  expect(await read('none', version)).toMatchObject({ controller: 1, partitions: [] });
});

it('a topic that is not there is a failure', async () => {
  await expect(read({ topic: 'nowhere' }, 12)).rejects.toThrow(/UNKNOWN_TOPIC_OR_PARTITION/);
});
