import net from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Writer } from '../../../source/simulator/kafka/bytes.js';
import type { MemberSeen } from '../../../source/core/observation.js';
import { inSyncOf } from '../../../source/model/in-sync.js';
import type { KafkaLink } from '../../../source/wire/kafka/link.js';
import { readConsumerGroups } from '../../../source/wire/kafka/reads/consumer-group-describe.js';
import { readClassicGroups } from '../../../source/wire/kafka/reads/describe-groups.js';
import { readListGroups } from '../../../source/wire/kafka/reads/list-groups.js';
import { readListOffsets } from '../../../source/wire/kafka/reads/list-offsets.js';
import { readLogDirs } from '../../../source/wire/kafka/reads/log-dirs.js';
import { readMetadata } from '../../../source/wire/kafka/reads/metadata.js';
import { readOffsetFetch } from '../../../source/wire/kafka/reads/offset-fetch.js';
import { readShareGroups } from '../../../source/wire/kafka/reads/share-group-describe.js';
import { readShareGroupOffsets } from '../../../source/wire/kafka/reads/share-group-offsets.js';
import { readStreamsGroups } from '../../../source/wire/kafka/reads/streams-group-describe.js';
import { readTopicConfigs } from '../../../source/wire/kafka/reads/topic-configs.js';
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
    preferred: expect.any(Float64Array) as Float64Array,
    replicas: new Float64Array(12).fill(3),
    inSync: new Float64Array(12).fill(3),
    inSyncIds: expect.any(Int32Array) as Int32Array,
    ...(version >= 7 && { leaderEpoch: expect.any(Float64Array) as Float64Array }),
  });
  // All three are in sync with each partition.
  const ids = partitions.map(p => [...(orders ? inSyncOf(orders, p) : [])].sort());
  expect(ids).toEqual(partitions.map(() => [1, 2, 3]));
  expect(seen.topics.find(t => t.topic === '__consumer_offsets')?.internal).toBe(true);
});

test.each([
  [2, '', 'classic', 'share', 'classic'],
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

test.each([10, 12])('Metadata v%i: topics with their ids', async version => {
  const of = exchange(`Metadata v${version}`);
  const { us, asked } = await playback(of);
  const seen = ok((await readMetadata(us)).answer);
  expect(asked()).toBe(of.request);
  expect(seen.clusterId).toBe('vRDgqHRnFuhNaXA8N-63Cw');
  expect(seen.brokers.map(b => b.id)).toEqual([1, 2, 3]);
  const state = seen.topics.find(t => t.topic === '__share_group_state');
  expect(state).toEqual({
    topic: '__share_group_state',
    topicId: 'zgNw_88DS9CmdLHS9wzpIw',
    internal: true,
    leader: Float64Array.of(3, 1, 2),
    preferred: Float64Array.of(3, 1, 2),
    replicas: Float64Array.of(3, 3, 3),
    inSync: Float64Array.of(3, 3, 3),
    inSyncIds: Int32Array.of(3, 1, 2, 1, 2, 3, 2, 3, 1),
    leaderEpoch: Float64Array.of(0, 0, 0),
  });
  expect(seen.topics.find(t => t.topic === 'eu.orders')?.leader).toHaveLength(12);
});

test.each([
  [0, {}],
  [1, { lag: new Float64Array(6) }],
])(
  'DescribeShareGroupOffsets v%i: the share group has started, the other is coordinated elsewhere',
  async (version, lag) => {
    const of = exchange(`DescribeShareGroupOffsets v${version}`);
    const { us, asked } = await playback(of);
    const { groups, failures } = await readShareGroupOffsets(us, 1, ['fraud-share', 'audit']);
    expect(asked()).toBe(of.request);
    expect(groups[0] && ok(groups[0].answer)).toEqual([
      {
        topic: 'eu.payments',
        partition: Int32Array.of(0, 1, 2, 3, 4, 5),
        offset: Float64Array.of(118_229, 118_122, 118_240, 118_251, 118_251, 118_218),
        failure: new Uint8Array(6),
        leaderEpoch: new Float64Array(6),
        ...lag,
      },
    ]);
    expect(groups[1] && failed(groups[1].answer)).toMatchObject({
      kind: 'busy',
      detail: 'NOT_COORDINATOR: This is not the correct coordinator.',
    });
    expect(failures).toEqual([]);
  },
);

test.each([1, 2, 3, 4])('DescribeConfigs v%i: a topic, and one that is not there', async version => {
  const of = exchange(`DescribeConfigs v${version}`);
  const { us, asked } = await playback(of);
  const [payments, missing] = (await readTopicConfigs(us, 1, ['eu.payments', 'kmon-no-such-topic'])).topics;
  expect(asked()).toBe(of.request);
  expect(payments && ok(payments.answer)).toEqual({
    values: {
      'cleanup.policy': 'delete',
      'compression.type': 'producer',
      'delete.retention.ms': '86400000',
      'max.message.bytes': '1048588',
      'message.timestamp.type': 'CreateTime',
      'min.insync.replicas': '2',
      'retention.bytes': '-1',
      'retention.ms': '1800000',
      'segment.bytes': '67108864',
      'segment.ms': '300000',
      'unclean.leader.election.enable': 'false',
    },
    own: [],
  });
  expect(missing && failed(missing.answer).kind).toBe('absent');
});

test.each([1, 2, 3, 4])('DescribeLogDirs v%i', async version => {
  const of = exchange(`DescribeLogDirs v${version}`);
  const { us, asked } = await playback(of);
  const sizes = ok((await readLogDirs(us, 1)).answer);
  expect(asked()).toBe(of.request);
  const orders = sizes.find(s => s.topic === 'eu.orders');
  expect([...(orders?.partition ?? [])].sort((a, b) => a - b)).toEqual(partitions);
  for (const size of orders?.size ?? []) expect(size).toBeGreaterThan(1_000_000);
});

test('StreamsGroupDescribe v0 of a group that is none', async () => {
  const of = exchange('StreamsGroupDescribe v0 (fraud-share)');
  const { us, asked } = await playback(of);
  const [fraud] = (await readStreamsGroups(us, 1, ['fraud-share'])).groups;
  expect(asked()).toBe(of.request);
  expect(fraud && failed(fraud.answer)).toMatchObject({
    kind: 'absent',
    detail: 'GROUP_ID_NOT_FOUND: Group fraud-share is not a streams group.',
  });
});

test('StreamsGroupDescribe v0: a group whose threads share a topic and one of its own, and one coordinated elsewhere', async () => {
  const of = exchange('StreamsGroupDescribe v0 (search-indexer, sales-totals)');
  const { us, asked } = await playback(of);
  const { groups } = await readStreamsGroups(us, 1, ['sales-totals', 'search-indexer']);
  expect(asked()).toBe(of.request);
  const [sales, elsewhere] = groups;
  expect(elsewhere && failed(elsewhere.answer)).toMatchObject({ kind: 'busy', detail: 'NOT_COORDINATOR' });
  const member = (id: string, thread: number, ...partitions: number[]): MemberSeen => {
    const reads = ['sales', 'sales-totals-by-digit-repartition'].map(topic => ({
      topic,
      partitions: Int32Array.from(partitions),
    }));
    return {
      member: id,
      clientId: `sales-totals-3975d300-5e6b-4752-9e4f-f83592f12eb2-StreamThread-${thread}-consumer`,
      host: '127.0.0.1',
      epoch: 4,
      assignment: reads,
      target: reads,
    };
  };
  expect(sales && ok(sales.answer)).toEqual({
    group: 'sales-totals',
    state: 'Stable',
    protocolType: 'streams',
    epoch: 4,
    assignmentEpoch: 4,
    members: [member('R7f9BMo3R-Ormoy38m9QZw', 2, 0, 2), member('8R2EhFHeTFyDHGoxKxHwrQ', 1, 1, 3)],
  });
});
