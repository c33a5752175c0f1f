import { expect, test } from 'vitest';
import { partitionOf, type KafkaSetting } from '../../../../source/simulator/kafka/state.js';
import { readLogDirs } from '../../../../source/wire/kafka/reads/log-dirs.js';
import { readMetadata } from '../../../../source/wire/kafka/reads/metadata.js';
import { readTopicConfigs } from '../../../../source/wire/kafka/reads/topic-configs.js';
import { failed, ok } from '../../../support/answers.js';
import { acquainted, cluster, link } from '../support.js';

const site: KafkaSetting = {
  brokers: 2,
  topics: {
    orders: {
      partitions: [partitionOf({ size: 3_000_000_000 }, [1]), partitionOf({ size: 7 }, [1, 2])],
      configs: { 'retention.ms': '3600000' },
    },
    secret: { error: 29, partitions: [partitionOf({}, [2])] },
  },
};

const nobody = { nobody: { password: 'p', sees: 'none' } } as const;
const sasl = { mechanism: 'plain', username: 'nobody', password: 'p' } as const;

test.each([1, 2, 3, 4])(
  'the configuration of a topic, and which of it is its own (DescribeConfigs v%i)',
  async version => {
    const { us } = await acquainted({ ...site, newest: { 32: version } });
    const { topics } = await readTopicConfigs(us, 1, ['orders']);
    const orders = topics[0] && ok(topics[0].answer);
    expect(orders?.values).toMatchObject({
      'cleanup.policy': 'delete',
      'retention.ms': '3600000',
      'min.insync.replicas': '1',
      'max.message.bytes': '1048588',
      'message.timestamp.type': 'CreateTime',
      'unclean.leader.election.enable': 'false',
    });
    expect(orders?.own).toEqual(['retention.ms']);
  },
);

test('a topic that may not be described, and one that is not there, fail alone', async () => {
  const { us } = await acquainted(site);
  const { topics } = await readTopicConfigs(us, 1, ['secret', 'gone', 'orders']);
  expect(topics.map(t => [t.topic, 'ok' in t.answer ? 'ok' : t.answer.failed.kind])).toEqual([
    ['secret', 'unauthorised'],
    ['gone', 'absent'],
    ['orders', 'ok'],
  ]);
});

test.each([1, 2, 3, 4])(
  'how much each replica takes on the disks of a broker (DescribeLogDirs v%i)',
  async version => {
    const { us } = await acquainted({ ...site, newest: { 35: version } });
    expect(ok((await readLogDirs(us, 1)).answer)).toEqual([
      { topic: 'orders', partition: Int32Array.of(0, 1), size: Float64Array.of(3_000_000_000, 7) },
    ]);
    const second = await readLogDirs(us, 2);
    expect(ok(second.answer).map(t => [t.topic, [...t.partition]])).toEqual([
      ['orders', [1]],
      ['secret', [0]],
    ]);
    expect(second.failures).toBeUndefined();
  },
);

test('a directory that is offline is a failure, not an empty disk', async () => {
  const { kafka, us } = await acquainted(site);
  const [one] = kafka.state.brokers;
  if (one) one.logDirError = 56;
  expect(failed((await readLogDirs(us, 1)).answer)).toMatchObject({
    kind: 'busy',
    detail: 'KAFKA_STORAGE_ERROR: /var/lib/kafka',
  });
});

test.each([1, 4])(
  'a user who may not ask is told so, whatever the broker says (DescribeLogDirs v%i)',
  async version => {
    const kafka = await cluster({ ...site, users: nobody, newest: { 35: version } });
    const us = link(kafka.bootstrap, { security: { sasl } });
    ok((await readMetadata(us)).answer);
    expect(failed((await readLogDirs(us, 1)).answer).kind).toBe('unauthorised');
    const [orders] = (await readTopicConfigs(us, 1, ['orders'])).topics;
    expect(orders && failed(orders.answer).kind).toBe('unauthorised');
  },
);
