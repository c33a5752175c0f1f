import { expect, test } from 'vitest';
import { partitionOf, type KafkaSetting } from '../../../../source/simulator/kafka/state.js';
import { readBrokerConfigs } from '../../../../source/wire/kafka/reads/broker-configs.js';
import { readEpochEnds } from '../../../../source/wire/kafka/reads/leader-epochs.js';
import { readOffsetsAt } from '../../../../source/wire/kafka/reads/list-offsets.js';
import { readMetadata } from '../../../../source/wire/kafka/reads/metadata.js';
import { readProducers } from '../../../../source/wire/kafka/reads/producers.js';
import { readReassignments } from '../../../../source/wire/kafka/reads/reassignments.js';
import { failed, ok } from '../../../support/answers.js';
import { acquainted, cluster, link } from '../support.js';

const times = [
  { offset: 10, timestamp: 1_700_000_000_000 },
  { offset: 500, timestamp: 1_700_000_060_000 },
  { offset: 900, timestamp: 1_700_000_120_000 },
];

const site: KafkaSetting = {
  brokers: 2,
  topics: {
    orders: {
      partitions: [
        partitionOf(
          {
            logStart: 10,
            logEnd: 1_000,
            times,
            leaderEpoch: 7,
            epochEnds: { 3: 400, 5: 800 },
            producers: [
              {
                id: 2 ** 40,
                epoch: 3,
                lastSequence: 88,
                lastTimestamp: 1_700_000_120_000,
                transactionStart: 950,
              },
              { id: 5, epoch: 0, lastSequence: -1, lastTimestamp: -1, transactionStart: -1 },
            ],
          },
          [1],
        ),
        partitionOf({ replicas: [1, 2, 3], adding: [3], removing: [1] }, [1]),
        partitionOf({}, [2]),
      ],
    },
  },
};

const sasl = { mechanism: 'plain', username: 'kmon', password: 'p' } as const;
const all = [{ topic: 'orders', partitions: Int32Array.of(0, 2) }];

test.each([2, 3, 4, 5])('the first record as new as a time (ListOffsets v%i)', async version => {
  const { us } = await acquainted({ ...site, newest: { 2: version } });
  const at = async (time: number): Promise<unknown> => {
    const { topics } = ok((await readOffsetsAt(us, 1, all, time)).answer);
    return [topics[0]?.offset[0], topics[0]?.timestamp[0], topics[0]?.failure[0]];
  };
  expect(await at(1_700_000_000_001)).toEqual([500, 1_700_000_060_000, 0]);
  expect(await at(0)).toEqual([10, 1_700_000_000_000, 0]);
  expect(await at(1_800_000_000_000)).toEqual([NaN, NaN, 0]);
});

test('the newest record, and a partition that is asked of another than its leader', async () => {
  const { us } = await acquainted(site);
  const { topics, failures } = ok((await readOffsetsAt(us, 1, all, 'newest')).answer);
  expect(topics).toEqual([
    {
      topic: 'orders',
      partition: Int32Array.of(0, 2),
      offset: Float64Array.of(900, NaN),
      timestamp: Float64Array.of(1_700_000_120_000, NaN),
      failure: Uint8Array.of(0, 1),
      leaderEpoch: Float64Array.of(7, NaN),
    },
  ]);
  expect(failures.map(f => f.detail)).toEqual(['NOT_LEADER_OR_FOLLOWER']);
});

test('a broker from before 3.0 does not know the newest record', async () => {
  const { us } = await acquainted({ ...site, newest: { 2: 6 } });
  expect(failed((await readOffsetsAt(us, 1, all, 'newest')).answer).kind).toBe('unsupported');
});

test.each([2, 3, 4])('where the records of an epoch end (OffsetForLeaderEpoch v%i)', async version => {
  const { us } = await acquainted({ ...site, newest: { 23: version } });
  const end = async (epoch: number): Promise<unknown> => {
    const wanted = [{ topic: 'orders', partitions: Int32Array.of(0), epochs: Int32Array.of(epoch) }];
    const { topics } = ok((await readEpochEnds(us, 1, wanted)).answer);
    return [topics[0]?.leaderEpoch?.[0], topics[0]?.offset[0]];
  };
  expect(await end(7)).toEqual([7, 1_000]);
  expect(await end(5)).toEqual([5, 800]);
  expect(await end(4)).toEqual([3, 400]);
  expect(await end(2)).toEqual([NaN, NaN]);
});

test('the end of an epoch fails by partition', async () => {
  const { us } = await acquainted(site);
  const wanted = [{ topic: 'orders', partitions: Int32Array.of(0, 2), epochs: Int32Array.of(3, 0) }];
  const { topics, failures } = ok((await readEpochEnds(us, 1, wanted)).answer);
  expect(topics[0]?.failure).toEqual(Uint8Array.of(0, 1));
  expect(failures.map(f => [f.kind, f.detail])).toEqual([['busy', 'NOT_LEADER_OR_FOLLOWER']]);
});

test('who writes to a partition with a producer id', async () => {
  const { us } = await acquainted(site);
  const [first, second] = (await readProducers(us, 1, all)).partitions;
  expect(first && ok(first.answer)).toEqual([
    { id: 2 ** 40, epoch: 3, lastSequence: 88, lastTimestamp: 1_700_000_120_000, transactionStart: 950 },
    { id: 5, epoch: 0 },
  ]);
  expect(second).toMatchObject({ topic: 'orders', partition: 2 });
  expect(second && failed(second.answer).detail).toBe('NOT_LEADER_OR_FOLLOWER');
});

test('who may only describe a topic does not learn who writes to it', async () => {
  const kafka = await cluster({ ...site, users: { kmon: { password: 'p', sees: 'all' } } });
  const us = link(kafka.bootstrap, { security: { sasl } });
  ok((await readMetadata(us)).answer);
  const { partitions } = await readProducers(us, 1, all);
  expect(partitions.map(p => failed(p.answer).kind)).toEqual(['unauthorised', 'unauthorised']);
});

test('the partitions whose replicas are being moved, and no others', async () => {
  const { us } = await acquainted(site);
  expect(ok((await readReassignments(us, 1)).answer)).toEqual([
    { topic: 'orders', partition: 1, replicas: [1, 2, 3], adding: [3], removing: [1] },
  ]);
});

test('reassignments are hidden from who may not describe the cluster', async () => {
  const kafka = await cluster({ ...site, users: { kmon: { password: 'p', sees: 'none' } } });
  const us = link(kafka.bootstrap, { security: { sasl } });
  ok((await readMetadata(us)).answer);
  expect(failed((await readReassignments(us, 1)).answer).kind).toBe('unauthorised');
});

test.each([1, 2, 3, 4])(
  'the configuration of a broker, told by itself (DescribeConfigs v%i)',
  async version => {
    const { kafka, us } = await acquainted({ ...site, newest: { 32: version } });
    const [one] = kafka.state.brokers;
    if (one) one.configs = { 'min.insync.replicas': '2', 'ssl.keystore.location': '/etc/kafka' };
    expect(ok((await readBrokerConfigs(us, 1)).answer)).toMatchObject({
      'min.insync.replicas': '2',
      'offsets.retention.minutes': '10080',
      'num.io.threads': '8',
    });
    expect(ok((await readBrokerConfigs(us, 1)).answer)).not.toHaveProperty('ssl.keystore.location');
  },
);
