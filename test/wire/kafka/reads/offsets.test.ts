import { expect, test } from 'vitest';
import { partitionOf, type KafkaSetting } from '../../../../source/simulator/kafka/state.js';
import { readListOffsets } from '../../../../source/wire/kafka/reads/list-offsets.js';
import { readMetadata } from '../../../../source/wire/kafka/reads/metadata.js';
import { readOffsetFetch } from '../../../../source/wire/kafka/reads/offset-fetch.js';
import { failed, ok } from '../../../support/answers.js';
import { acquainted, cluster, link } from '../support.js';

const one = partitionOf({ logStart: 10, logEnd: 1_000, lastStable: 700 }, [1]);
const two = partitionOf({ logStart: 20, logEnd: 3_000_000_000_000 }, [1]);

const site: KafkaSetting = {
  brokers: 2,
  topics: { orders: { partitions: [one, two] }, payments: { partitions: [partitionOf({ logEnd: 5 }, [2])] } },
  groups: {
    billing: { coordinator: 1, committed: { orders: { 0: 900, 1: 2_999_999_999_999 }, payments: { 0: 5 } } },
    audit: { coordinator: 1, type: 'consumer', committed: { orders: { 0: 1 } } },
    fraud: { coordinator: 1, type: 'share' },
  },
};

const orders = [{ topic: 'orders', partitions: Int32Array.of(0, 1) }];

test.each([2, 3, 4, 5])(
  'log-end and log-start of all partitions of a leader (ListOffsets v%i)',
  async version => {
    const { us } = await acquainted({ ...site, newest: { 2: version } });
    const column = {
      topic: 'orders',
      partition: Int32Array.of(0, 1),
      failure: Uint8Array.of(0, 0),
      ...(version >= 4 && { leaderEpoch: Float64Array.of(0, 0) }),
    };
    expect(ok((await readListOffsets(us, 1, orders, 'log-end')).answer)).toEqual({
      topics: [{ ...column, offset: Float64Array.of(1_000, 3_000_000_000_000) }],
      failures: [],
    });
    expect(ok((await readListOffsets(us, 1, orders, 'log-start')).answer)).toEqual({
      topics: [{ ...column, offset: Float64Array.of(10, 20) }],
      failures: [],
    });
  },
);

test('an open transaction does not hide lag: the log-end is the high watermark', async () => {
  const { us } = await acquainted(site);
  const { topics } = ok((await readListOffsets(us, 1, orders, 'log-end')).answer);
  expect(topics[0]?.offset[0]).toBe(1_000);
});

test('a partition that failed holds its reason, the others their offset', async () => {
  const { kafka, us } = await acquainted(site);
  const second = kafka.state.topics['orders']?.partitions[1];
  if (second) second.leader = 2;
  const wanted = [...orders, { topic: 'gone', partitions: Int32Array.of(0, 7) }];
  const { topics, failures } = ok((await readListOffsets(us, 1, wanted, 'log-end')).answer);
  expect(topics).toEqual([
    {
      topic: 'gone',
      partition: Int32Array.of(0, 7),
      offset: Float64Array.of(NaN, NaN),
      failure: Uint8Array.of(1, 1),
    },
    {
      topic: 'orders',
      partition: Int32Array.of(0, 1),
      offset: Float64Array.of(1_000, NaN),
      failure: Uint8Array.of(0, 2),
      leaderEpoch: Float64Array.of(0, NaN),
    },
  ]);
  expect(failures.map(f => [f.kind, f.detail])).toEqual([
    ['absent', 'UNKNOWN_TOPIC_OR_PARTITION'],
    ['busy', 'NOT_LEADER_OR_FOLLOWER'],
  ]);
});

test('a user without ACLs: every partition is unauthorised', async () => {
  const kafka = await cluster({ ...site, users: { nobody: { password: 'p', sees: 'none' } } });
  const sasl = { mechanism: 'plain', username: 'nobody', password: 'p' } as const;
  const us = link(kafka.bootstrap, { security: { sasl } });
  ok((await readMetadata(us)).answer);
  const { topics, failures } = ok((await readListOffsets(us, 1, orders, 'log-end')).answer);
  expect(topics[0]?.failure).toEqual(Uint8Array.of(1, 1));
  expect(failures).toMatchObject([{ kind: 'unauthorised', detail: 'TOPIC_AUTHORIZATION_FAILED' }]);
});

test('ten thousand partitions are one request', async () => {
  const count = 10_000;
  const { kafka, us } = await acquainted({ brokers: 1, topics: { wide: count } });
  const wanted = [{ topic: 'wide', partitions: Int32Array.from({ length: count }, (_, i) => i) }];
  const { topics } = ok((await readListOffsets(us, 1, wanted, 'log-end')).answer);
  expect(topics[0]?.offset).toHaveLength(count);
  expect(kafka.requests.filter(r => r.name === 'ListOffsets')).toHaveLength(1);
});

test('committed offsets of classic and KIP-848 groups in one request; a share group has none', async () => {
  const { kafka, us } = await acquainted(site);
  const answers = await readOffsetFetch(us, 1, ['billing', 'audit', 'fraud']);
  expect(answers).toHaveLength(1);
  const [answer] = answers;
  expect(answer?.failures).toEqual([]);
  expect(answer?.groups).toEqual([
    {
      group: 'billing',
      answer: {
        ok: [
          {
            topic: 'orders',
            partition: Int32Array.of(0, 1),
            offset: Float64Array.of(900, 2_999_999_999_999),
            failure: Uint8Array.of(0, 0),
          },
          {
            topic: 'payments',
            partition: Int32Array.of(0),
            offset: Float64Array.of(5),
            failure: Uint8Array.of(0),
          },
        ],
      },
    },
    {
      group: 'audit',
      answer: {
        ok: [
          {
            topic: 'orders',
            partition: Int32Array.of(0),
            offset: Float64Array.of(1),
            failure: Uint8Array.of(0),
          },
        ],
      },
    },
    { group: 'fraud', answer: { ok: [] } },
  ]);
  expect(kafka.requests.filter(r => r.name === 'OffsetFetch')).toHaveLength(1);
});

test('a committed offset carries the epoch of its leader, where the client said it (OffsetFetch v5+)', async () => {
  const { kafka, us } = await acquainted(site);
  const { billing } = kafka.state.groups;
  if (billing) Object.assign(billing, { committed: { orders: { 0: -1, 1: 7 } }, committedEpoch: 3 });
  const [answer] = await readOffsetFetch(us, 1, ['billing']);
  expect(answer?.groups[0] && ok(answer.groups[0].answer)).toMatchObject([
    { offset: Float64Array.of(7), leaderEpoch: Float64Array.of(3) },
  ]);
});

test('a partition without a committed offset is left out, and a topic of only such too', async () => {
  const { kafka, us } = await acquainted(site);
  const billing = kafka.state.groups['billing'];
  if (billing) billing.committed = { orders: { 0: -1, 1: 7 }, payments: { 0: -1 } };
  const [answer] = await readOffsetFetch(us, 1, ['billing']);
  expect(answer?.groups[0] && ok(answer.groups[0].answer)).toEqual([
    { topic: 'orders', partition: Int32Array.of(1), offset: Float64Array.of(7), failure: Uint8Array.of(0) },
  ]);
});

test('a group that fails and a topic that fails leave the rest readable', async () => {
  const { kafka, us } = await acquainted(site);
  const { billing, audit } = kafka.state.groups;
  if (billing) billing.errors = { payments: 29 };
  if (audit) audit.error = 15;
  const [answer] = await readOffsetFetch(us, 1, ['billing', 'audit']);
  const [first, second] = answer?.groups ?? [];
  expect(first && ok(first.answer)).toMatchObject([
    { topic: 'orders', failure: Uint8Array.of(0, 0) },
    { topic: 'payments', offset: Float64Array.of(NaN), failure: Uint8Array.of(1) },
  ]);
  expect(answer?.failures).toMatchObject([{ kind: 'unauthorised', detail: 'TOPIC_AUTHORIZATION_FAILED' }]);
  expect(second && failed(second.answer)).toMatchObject({
    kind: 'busy',
    detail: 'COORDINATOR_NOT_AVAILABLE',
  });
});

test.each([3, 4, 5])('a broker before Kafka 3.0 is asked group by group (OffsetFetch v%i)', async version => {
  const { kafka, us } = await acquainted({ ...site, newest: { 9: version } });
  const answers = await readOffsetFetch(us, 1, ['billing', 'audit', 'fraud']);
  expect(answers.map(a => a.groups.map(g => g.group))).toEqual([['billing'], ['audit'], ['fraud']]);
  expect(answers[0]?.groups[0] && ok(answers[0].groups[0].answer)).toMatchObject([
    { topic: 'orders', offset: Float64Array.of(900, 2_999_999_999_999) },
    { topic: 'payments', offset: Float64Array.of(5) },
  ]);
  expect(kafka.requests.filter(r => r.name === 'OffsetFetch').map(r => r.version)).toEqual([
    version,
    version,
    version,
  ]);
});

test('many groups are split: 200 a request, or as many as their last answers say will fit', async () => {
  const names = Array.from({ length: 450 }, (_, i) => `group-${i}`);
  const { kafka, us } = await acquainted({
    brokers: 1,
    groups: Object.fromEntries(names.map(name => [name, { coordinator: 1 }])),
  });
  const answers = await readOffsetFetch(us, 1, names);
  expect(answers.map(a => a.groups.length)).toEqual([200, 200, 50]);
  const heavy = await readOffsetFetch(us, 1, names, undefined, { entriesOf: () => 1_000 });
  expect(heavy.map(a => a.groups.length)).toEqual([...Array<number>(9).fill(50)]);
  const light = await readOffsetFetch(us, 1, names, undefined, { entriesOf: () => 3 });
  expect(light.map(a => a.groups.length)).toEqual([450]);
  expect(kafka.requests.filter(r => r.name === 'OffsetFetch')).toHaveLength(13);
});

test('a coordinator that is down fails each of its groups, and no other', async () => {
  const { kafka, us } = await acquainted(site);
  await kafka.afflict(1, 'down');
  const [answer] = await readOffsetFetch(us, 1, ['billing', 'audit']);
  expect(answer?.groups.map(g => failed(g.answer).kind)).toEqual(['refused', 'refused']);
  ok((await readListOffsets(us, 2, [{ topic: 'payments', partitions: Int32Array.of(0) }], 'log-end')).answer);
});
