import { expect, test } from 'vitest';
import { offer } from '../../../source/simulator/kafka/answers/api-versions.js';
import { apis } from '../../../source/simulator/kafka/answers/index.js';
import { Scanner } from '../../../source/simulator/kafka/bytes.js';
import { reply } from '../../../source/simulator/kafka/conversation.js';
import { Login } from '../../../source/simulator/kafka/login.js';
import {
  memberOf,
  partitionOf,
  stateOf,
  type KafkaState,
  type SimulatedMember,
} from '../../../source/simulator/kafka/state.js';
import { exchange, recorded, type Recorded } from '../../wire/kafka/fixtures/recorded.js';

/** What the simulated broker 3 answers to a recorded request, in hex; undefined when it hangs up. */
function answerTo({ apiKey, version, request }: Recorded, state: KafkaState): string | undefined {
  const head = new Scanner(Buffer.from(request, 'hex'));
  head.int16();
  head.int16();
  const correlation = head.int32();
  head.text();
  const api = apis.find(a => a.key === apiKey);
  const broker = state.brokers[2];
  if (api === undefined || broker === undefined) return undefined;
  expect(offer(api, { broker }).max).toBeGreaterThanOrEqual(version);
  const question = { state, broker, login: new Login(state, () => 0), version };
  return reply(api, head.rest(), correlation, question)?.toString('hex');
}

const ids = [1, 2, 3];

test.each(recorded.map(r => [r.title, r] as const))(
  'understands kmon’s request as Kafka did: %s',
  (_, of) => {
    expect(answerTo(of, stateOf({}))).toBeDefined();
  },
);

const groups = {
  'search-indexer': { coordinator: 3, state: 'Stable' },
  audit: { coordinator: 3, state: 'Stable', type: 'consumer' },
  'fraud-share': { coordinator: 3, state: 'Stable', type: 'share' },
  'connect-mm2': { coordinator: 3, state: 'Stable', protocolType: 'connect' },
} as const;

test.each([2, 4, 5])('ListGroups v%i: the same bytes as Kafka’s', version => {
  const of = exchange(`ListGroups v${version}`);
  expect(answerTo(of, stateOf({ groups: inOrderOf(of, groups) }))).toBe(of.response);
});

test.each([2, 3])('ListOffsets v%i: the same bytes as Kafka’s', version => {
  const of = exchange(`ListOffsets v${version}`);
  const answer = new Scanner(Buffer.from(of.response, 'hex'));
  answer.int32();
  answer.int32();
  const topics = answer.list(() => ({
    topic: answer.name(),
    offsets: answer.list(() => {
      answer.int32();
      answer.int16();
      answer.int64();
      return answer.int64();
    }),
  }));
  const orders = topics?.find(t => t.topic === 'eu.orders')?.offsets ?? [];
  const partitions = orders.map(logEnd => partitionOf({ leader: 3, logEnd }, ids));
  const state = stateOf({ topics: { 'eu.orders': { partitions } } });
  expect(answerTo(of, state)).toBe(of.response);
});

test('ConsumerGroupDescribe v1: the same bytes as Kafka’s, but for the topic’s id', () => {
  const of = exchange('ConsumerGroupDescribe v1');
  const audit = {
    ...groups.audit,
    assignor: 'uniform',
    epoch: 4,
    assignmentEpoch: 4,
    members: [
      memberOf({
        id: 'eGX0sIM3QPK21hHl6tza4g',
        clientId: 'console-consumer',
        epoch: 4,
        assignment: { 'eu.payments': [0, 1, 2, 3, 4, 5] },
      }),
    ],
  };
  const state = stateOf({ groups: { 'search-indexer': groups['search-indexer'], audit } });
  expect(withoutTopicIds(answerTo(of, state))).toBe(withoutTopicIds(of.response));
});

test('ShareGroupDescribe v1: the same bytes as Kafka’s, but for the topic’s id', () => {
  const of = exchange('ShareGroupDescribe v1');
  const { epoch, member } = shareGroupIn(of);
  const fraud = {
    ...groups['fraud-share'],
    assignor: 'simple',
    epoch,
    assignmentEpoch: epoch,
    members: [
      memberOf({
        id: member,
        clientId: 'console-share-consumer',
        epoch,
        assignment: { 'eu.payments': [0, 1, 2, 3, 4, 5] },
      }),
    ],
  };
  expect(withoutTopicIds(answerTo(of, stateOf({ groups: { 'fraud-share': fraud } })))).toBe(
    withoutTopicIds(of.response),
  );
});

test.each([0, 1])('DescribeShareGroupOffsets v%i: the same bytes as Kafka’s', version => {
  const of = exchange(`DescribeShareGroupOffsets v${version}`);
  const starts = [118_229, 118_122, 118_240, 118_251, 118_251, 118_218];
  const state = stateOf({
    topics: {
      'eu.payments': {
        id: Buffer.from('6caba7f0251e4681819ace1a3ca1a391', 'hex').toString('base64url'),
        partitions: starts.map(logEnd => partitionOf({ logEnd }, ids)),
      },
    },
    groups: {
      'fraud-share': {
        ...groups['fraud-share'],
        shareStarts: {
          'eu.payments': Object.fromEntries(starts.map((start, partition) => [partition, start])),
        },
      },
      audit: { ...groups.audit, coordinator: 1 },
    },
  });
  expect(answerTo(of, state)).toBe(of.response);
});

test('StreamsGroupDescribe v0: the same bytes as Kafka’s for a group that is none', () => {
  const of = exchange('StreamsGroupDescribe v0 (fraud-share)');
  expect(answerTo(of, stateOf({ groups }))).toBe(of.response);
});

test('StreamsGroupDescribe v0: the same bytes as Kafka’s for one that is, and one that is coordinated elsewhere', () => {
  const of = exchange('StreamsGroupDescribe v0 (search-indexer, sales-totals)');
  const process = { id: '3975d300-5e6b-4752-9e4f-f83592f12eb2' };
  const thread = (number: number, id: string, partitions: number[]): SimulatedMember =>
    memberOf({
      id,
      clientId: `sales-totals-${process.id}-StreamThread-${number}-consumer`,
      epoch: 4,
      assignment: { '0': partitions, '1': partitions },
      process,
    });
  const [repartition, changelog] = ['sales-totals-by-digit-repartition', 'sales-totals-totals-changelog'];
  const state = stateOf({
    topics: { sales: 4, [repartition]: 4, [changelog]: 4 },
    groups: {
      'sales-totals': {
        type: 'streams',
        coordinator: 3,
        epoch: 4,
        assignmentEpoch: 4,
        subtopologies: {
          '0': { sources: ['sales'], sinks: [repartition] },
          '1': { sources: [], repartitions: [repartition], changelogs: [changelog] },
        },
        members: [thread(2, 'R7f9BMo3R-Ormoy38m9QZw', [0, 2]), thread(1, '8R2EhFHeTFyDHGoxKxHwrQ', [1, 3])],
      },
      'search-indexer': { ...groups['search-indexer'], coordinator: 1 },
    },
  });
  expect(answerTo(of, state)).toBe(of.response);
});

test.each([3])('OffsetFetch v%i: the same bytes as Kafka’s', version => {
  const of = exchange(`OffsetFetch v${version}`);
  const answer = new Scanner(Buffer.from(of.response, 'hex'));
  answer.int32();
  answer.int32();
  const topics = answer.list(() => ({
    topic: answer.name(),
    offsets: answer.list(() => {
      const pair = [answer.int32(), answer.int64()] as const;
      answer.text();
      answer.int16();
      return pair;
    }),
  }));
  const offsets = topics?.[0]?.offsets ?? [];
  const committed = { 'eu.orders': Object.fromEntries(offsets) };
  const state = stateOf({ groups: { 'search-indexer': { coordinator: 3, committed } } });
  expect(inOrder(answerTo(of, state))).toEqual(inOrder(of.response));

  /** Kafka answers in the order of a hash map; 24 bytes a partition follow a head of 27. */
  function inOrder(hex: string | undefined): string[] {
    const [head, size] = [2 * (4 + 4 + 4 + 2 + 9 + 4), 2 * (4 + 8 + 2 + 2)];
    const entries = offsets.map((_, i) => hex?.slice(head + i * size, head + (i + 1) * size) ?? '');
    return [hex?.slice(0, head) ?? '', ...entries.sort(), hex?.slice(head + offsets.length * size) ?? ''];
  }
});

/** The same groups, in the order in which a recorded answer names them. */
function inOrderOf<T extends object>({ response }: Recorded, all: T): T {
  const at = (name: string): number => response.indexOf(Buffer.from(name).toString('hex'));
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => at(a) - at(b))) as T;
}

/** A topic’s id is the 16 bytes before its name’s length. */
function withoutTopicIds(hex: string | undefined): string | undefined {
  return hex?.replace(/[0-9a-f]{32}(0c65752e7061796d656e747307)/g, '·$1');
}

function shareGroupIn({ response }: Recorded): { epoch: number; member: string } {
  const answer = new Scanner(Buffer.from(response, 'hex'), true);
  answer.int32();
  answer.tags();
  answer.int32();
  answer.uvarint();
  answer.int16();
  for (let i = 0; i < 3; i++) answer.text();
  const epoch = answer.int32();
  answer.int32();
  answer.text();
  answer.uvarint();
  return { epoch, member: answer.name() };
}
