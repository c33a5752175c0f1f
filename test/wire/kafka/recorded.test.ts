import net from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Writer } from '../../../source/simulator/kafka/bytes.js';
import type { KafkaLink } from '../../../source/wire/kafka/link.js';
import { readConsumerGroups } from '../../../source/wire/kafka/reads/consumer-group-describe.js';
import { readClassicGroups } from '../../../source/wire/kafka/reads/describe-groups.js';
import { readListGroups } from '../../../source/wire/kafka/reads/list-groups.js';
import { readListOffsets } from '../../../source/wire/kafka/reads/list-offsets.js';
import { readMetadata } from '../../../source/wire/kafka/reads/metadata.js';
import { readOffsetFetch } from '../../../source/wire/kafka/reads/offset-fetch.js';
import { readShareGroups } from '../../../source/wire/kafka/reads/share-group-describe.js';
import { failed, ok } from '../../support/answers.js';
import { exchange, type Recorded } from './fixtures/recorded.js';
import { link } from './support.js';

/**
 * A link to a broker that has exactly one answer, recorded on Kafka 4.3.1. `asked` is what kmon sent for it,
 * with the recorded correlation id, to be compared with what it sent then.
 */
async function playback(of: Recorded): Promise<{ us: KafkaLink; asked: () => string }> {
  let asked = '';
  const server = net.createServer(socket => {
    socket.on('error', () => socket.destroy());
    socket.on('data', chunk => {
      const request = chunk.subarray(4);
      const correlation = request.subarray(4, 8);
      const isGreeting = request.readInt16BE() === 18;
      const answer = isGreeting ? offering(of) : Buffer.from(of.response, 'hex');
      correlation.copy(answer);
      if (!isGreeting) {
        asked = Buffer.concat([
          request.subarray(0, 4),
          Buffer.from(of.request, 'hex').subarray(4, 8),
          request.subarray(8),
        ]).toString('hex');
      }
      socket.write(new Writer().blob(answer).bytes());
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const at = server.address();
  const port = typeof at === 'object' && at !== null ? at.port : 0;
  const us = link([`127.0.0.1:${port}`]);
  us.learn([{ id: 1, host: '127.0.0.1', port }]);
  return { us, asked: () => asked };
}

/** ApiVersions v0: this one API in this one version. */
function offering({ apiKey, version }: Recorded): Buffer {
  return new Writer().int32(0).int16(0).int32(1).int16(apiKey).int16(version).int16(version).bytes();
}

const partitions = Array.from({ length: 12 }, (_, i) => i);

test.each([4, 6, 7])('Metadata v%i', async version => {
  const of = exchange(`Metadata v${version}`);
  const { us, asked } = await playback(of);
  const seen = ok((await readMetadata(us)).answer);
  expect(asked()).toBe(of.request);
  expect(seen.clusterId).toBe('Hk9Qi12hTx6Gu2OCvpi0_g');
  expect(seen.brokers).toEqual([
    { id: 1, host: '127.0.0.1', port: 21010 },
    { id: 2, host: '127.0.0.1', port: 21011 },
    { id: 3, host: '127.0.0.1', port: 21012 },
  ]);
  const orders = seen.topics.find(t => t.topic === 'eu.orders');
  expect(orders).toEqual({
    topic: 'eu.orders',
    internal: false,
    leader: new Float64Array(12).fill(3),
    replicas: new Float64Array(12).fill(3),
    inSync: new Float64Array(12).fill(3),
    ...(version >= 7 && { leaderEpoch: expect.any(Float64Array) as Float64Array }),
  });
  expect(seen.topics.find(t => t.topic === '__consumer_offsets')?.internal).toBe(true);
});

test.each([
  [2, 'Unknown', 'classic', 'share', 'classic'],
  [4, 'Stable', 'classic', 'share', 'classic'],
  [5, 'Stable', 'consumer', 'share', 'classic'],
])('ListGroups v%i', async (version, state, audit, fraud, connect) => {
  const of = exchange(`ListGroups v${version}`);
  const { us, asked } = await playback(of);
  const groups = ok((await readListGroups(us, 1)).answer);
  expect(asked()).toBe(of.request);
  expect(new Map(groups.map(g => [g.group, [g.type, g.protocolType, g.state]]))).toEqual(
    new Map([
      ['search-indexer', ['classic', 'consumer', state]],
      ['audit', [audit, 'consumer', state]],
      ['fraud-share', [fraud, 'share', state]],
      ['connect-mm2', [connect, 'connect', state]],
    ]),
  );
});

test.each([1, 4, 5])('DescribeGroups v%i of consumers', async version => {
  const of = exchange(`DescribeGroups v${version} (search-indexer)`);
  const { us, asked } = await playback(of);
  const [seen] = (await readClassicGroups(us, 1, ['search-indexer'])).groups;
  expect(asked()).toBe(of.request);
  const group = seen && ok(seen.answer);
  expect(group).toMatchObject({ state: 'Stable', protocolType: 'consumer', assignor: 'RoundRobinAssigner' });
  expect(group?.members.map(m => m.clientId).sort()).toEqual([
    'search-indexer-0',
    'search-indexer-1',
    'search-indexer-2',
    'search-indexer-3',
  ]);
  const owned = group?.members.flatMap(m => m.assignment ?? []) ?? [];
  expect(owned.every(a => a.topic === 'eu.orders' && a.partitions.length === 3)).toBe(true);
  expect(owned.flatMap(a => [...a.partitions]).sort((a, b) => a - b)).toEqual(partitions);
});

test.each([1, 4, 5])('DescribeGroups v%i of Connect’s workers', async version => {
  const of = exchange(`DescribeGroups v${version} (connect-mm2)`);
  const { us, asked } = await playback(of);
  const [seen] = (await readClassicGroups(us, 1, ['connect-mm2'])).groups;
  expect(asked()).toBe(of.request);
  const group = seen && ok(seen.answer);
  expect(group).toMatchObject({ state: 'Stable', protocolType: 'connect', assignor: 'sessioned' });
  expect(group?.members.map(m => [m.clientId, m.url]).sort()).toEqual([
    ['worker-1', 'http://127.0.0.1:21030/'],
    ['worker-2', 'http://127.0.0.1:21031/'],
  ]);
});

test('ConsumerGroupDescribe v1: one group of the new protocol, one that is not', async () => {
  const of = exchange('ConsumerGroupDescribe v1');
  const { us, asked } = await playback(of);
  const [audit, classic] = (await readConsumerGroups(us, 1, ['audit', 'search-indexer'])).groups;
  expect(asked()).toBe(of.request);
  expect(audit && ok(audit.answer)).toEqual({
    group: 'audit',
    state: 'Stable',
    protocolType: 'consumer',
    assignor: 'uniform',
    epoch: 4,
    assignmentEpoch: 4,
    members: [
      {
        member: 'eGX0sIM3QPK21hHl6tza4g',
        clientId: 'console-consumer',
        host: '127.0.0.1',
        epoch: 4,
        assignment: [{ topic: 'eu.payments', partitions: Int32Array.of(0, 1, 2, 3, 4, 5) }],
        target: [{ topic: 'eu.payments', partitions: Int32Array.of(0, 1, 2, 3, 4, 5) }],
      },
    ],
  });
  expect(classic && failed(classic.answer)).toMatchObject({
    kind: 'absent',
    detail: 'GROUP_ID_NOT_FOUND: Group search-indexer is not a consumer group.',
  });
});

test('ShareGroupDescribe v1', async () => {
  const of = exchange('ShareGroupDescribe v1');
  const { us, asked } = await playback(of);
  const [fraud] = (await readShareGroups(us, 1, ['fraud-share'])).groups;
  expect(asked()).toBe(of.request);
  expect(fraud && ok(fraud.answer)).toMatchObject({
    state: 'Stable',
    protocolType: 'share',
    assignor: 'simple',
    members: [
      {
        clientId: 'console-share-consumer',
        assignment: [{ topic: 'eu.payments', partitions: Int32Array.of(0, 1, 2, 3, 4, 5) }],
      },
    ],
  });
});

test.each([3, 5, 8])('OffsetFetch v%i', async version => {
  const of = exchange(`OffsetFetch v${version}`);
  const { us, asked } = await playback(of);
  const [answer] = await readOffsetFetch(us, 1, ['search-indexer']);
  expect(asked()).toBe(of.request);
  const [column] = (answer?.groups[0] && ok(answer.groups[0].answer)) ?? [];
  expect(column?.topic).toBe('eu.orders');
  expect([...(column?.partition ?? [])].sort((a, b) => a - b)).toEqual(partitions);
  for (const offset of column?.offset ?? []) expect(offset).toBeGreaterThan(100_000);
  expect(column?.failure).toEqual(new Uint8Array(12));
});

test.each([2, 3, 5])(
  'ListOffsets v%i: a partition of a topic that is not there, beside twelve that are',
  async version => {
    const of = exchange(`ListOffsets v${version}`);
    const { us, asked } = await playback(of);
    const wanted = [
      { topic: 'eu.orders', partitions: Int32Array.from(partitions) },
      { topic: 'kmon-no-such-topic', partitions: Int32Array.of(0) },
    ];
    const { topics, failures } = ok((await readListOffsets(us, 1, wanted, 'log-end')).answer);
    expect(asked()).toBe(of.request);
    expect(failures.map(f => f.detail)).toEqual(['UNKNOWN_TOPIC_OR_PARTITION']);
    const [missing, orders] = topics;
    expect(missing).toEqual({
      topic: 'kmon-no-such-topic',
      partition: Int32Array.of(0),
      offset: Float64Array.of(NaN),
      failure: Uint8Array.of(1),
    });
    expect(orders?.partition).toEqual(Int32Array.from(partitions));
    for (const offset of orders?.offset ?? []) expect(offset).toBeGreaterThan(100_000);
  },
);
