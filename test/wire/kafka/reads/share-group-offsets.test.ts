import { expect, test } from 'vitest';
import { partitionOf, type KafkaSetting } from '../../../../source/simulator/kafka/state.js';
import { readShareGroupOffsets } from '../../../../source/wire/kafka/reads/share-group-offsets.js';
import { failed, ok } from '../../../support/answers.js';
import { acquainted } from '../support.js';

const site: KafkaSetting = {
  brokers: 2,
  topics: {
    orders: {
      partitions: [
        partitionOf({ logEnd: 100, leaderEpoch: 2 }, [1]),
        partitionOf({ logEnd: 70 }, [1]),
        partitionOf({ logEnd: 9 }, [1]),
      ],
    },
    secret: { error: 29, partitions: [partitionOf({ logEnd: 5 }, [1])] },
  },
  groups: {
    fraud: { type: 'share', coordinator: 1, shareStarts: { orders: { 0: 40, 1: -1, 2: 9 } } },
    idle: { type: 'share', coordinator: 1, shareStarts: { orders: { 0: -1 } } },
    billing: { coordinator: 1 },
  },
};

test.each([
  [0, undefined],
  [1, Float64Array.of(60, 0)],
])(
  'start offsets of share partitions (DescribeShareGroupOffsets v%i), and what is left',
  async (version, lag) => {
    const { kafka, us } = await acquainted({ ...site, newest: { 90: version } });
    const { groups, failures } = await readShareGroupOffsets(us, 1, ['fraud', 'idle']);
    expect(groups).toEqual([
      {
        group: 'fraud',
        answer: {
          ok: [
            {
              topic: 'orders',
              partition: Int32Array.of(0, 2),
              offset: Float64Array.of(40, 9),
              failure: Uint8Array.of(0, 0),
              leaderEpoch: Float64Array.of(2, 0),
              ...(lag && { lag }),
            },
          ],
        },
      },
      { group: 'idle', answer: { ok: [] } },
    ]);
    expect(failures).toEqual([]);
    expect(kafka.requests.filter(r => r.name === 'DescribeShareGroupOffsets')).toHaveLength(1);
  },
);

test('a topic that may not be seen fails alone; a group of another kind, or none, has come nowhere', async () => {
  const { kafka, us } = await acquainted(site);
  const { fraud } = kafka.state.groups;
  if (fraud) fraud.shareStarts = { orders: { 0: 40 }, secret: { 0: 1 } };
  const { groups, failures } = await readShareGroupOffsets(us, 1, ['fraud', 'billing', 'ghost']);
  const [first, second, third] = groups;
  expect(first && ok(first.answer)).toMatchObject([
    { topic: 'orders', offset: Float64Array.of(40), lag: Float64Array.of(60) },
    { topic: 'secret', offset: Float64Array.of(NaN), failure: Uint8Array.of(1) },
  ]);
  expect(failures).toMatchObject([{ kind: 'unauthorised', detail: 'TOPIC_AUTHORIZATION_FAILED' }]);
  expect(second).toEqual({ group: 'billing', answer: { ok: [] } });
  expect(third).toEqual({ group: 'ghost', answer: { ok: [] } });
});

test('a broker without DescribeShareGroupOffsets: every group asked for is unsupported, and says what is missing', async () => {
  const { us } = await acquainted({ ...site, newest: { 90: -1 } });
  const { groups } = await readShareGroupOffsets(us, 1, ['fraud']);
  expect(groups[0] && failed(groups[0].answer)).toMatchObject({
    kind: 'unsupported',
    subject: expect.stringContaining('DescribeShareGroupOffsets') as string,
  });
});
