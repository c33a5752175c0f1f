import { expect, test } from 'vitest';
import { memberOf, type KafkaSetting } from '../../../../source/simulator/kafka/state.js';
import { readStreamsGroups } from '../../../../source/wire/kafka/reads/streams-group-describe.js';
import { failed, ok } from '../../../support/answers.js';
import { acquainted } from '../support.js';

const site: KafkaSetting = {
  brokers: 1,
  topics: { orders: 4, payments: 4 },
  groups: {
    ledger: {
      type: 'streams',
      epoch: 6,
      assignmentEpoch: 6,
      subtopologies: { '0': ['orders', 'payments'], '1': ['ledger-repartition'] },
      members: [
        memberOf({
          id: 'l-1',
          instance: 'pod-1',
          epoch: 6,
          assignment: { '0': [0, 1], '1': [3] },
          target: { '0': [0] },
        }),
      ],
    },
    billing: {},
  },
};

test('streams groups come with epochs, and with the partitions that their active tasks read', async () => {
  const { us } = await acquainted(site);
  const [ledger] = (await readStreamsGroups(us, 1, ['ledger'])).groups;
  expect(ledger && ok(ledger.answer)).toEqual({
    group: 'ledger',
    state: 'Stable',
    protocolType: 'streams',
    epoch: 6,
    assignmentEpoch: 6,
    members: [
      {
        member: 'l-1',
        instance: 'pod-1',
        clientId: 'l-1',
        host: '127.0.0.1',
        epoch: 6,
        assignment: [
          { topic: 'orders', partitions: Int32Array.of(0, 1) },
          { topic: 'payments', partitions: Int32Array.of(0, 1) },
          { topic: 'ledger-repartition', partitions: Int32Array.of(3) },
        ],
        target: [
          { topic: 'orders', partitions: Int32Array.of(0) },
          { topic: 'payments', partitions: Int32Array.of(0) },
        ],
      },
    ],
  });
});

test('a group without a topology owns nothing that could be named', async () => {
  const { kafka, us } = await acquainted(site);
  const { ledger } = kafka.state.groups;
  if (ledger) delete ledger.subtopologies;
  const [seen] = (await readStreamsGroups(us, 1, ['ledger'])).groups;
  expect(seen && ok(seen.answer).members[0]?.assignment).toEqual([]);
});

test('a group of another kind is absent; without the API every group is unsupported', async () => {
  const { kafka, us } = await acquainted(site);
  const [billing] = (await readStreamsGroups(us, 1, ['billing'])).groups;
  expect(billing && failed(billing.answer)).toMatchObject({
    kind: 'absent',
    detail: 'GROUP_ID_NOT_FOUND: Group billing is not a streams group.',
  });
  const older = await acquainted({ ...site, newest: { 89: -1 } });
  const [ledger] = (await readStreamsGroups(older.us, 1, ['ledger'])).groups;
  expect(ledger && failed(ledger.answer).kind).toBe('unsupported');
  expect(kafka.requests.at(-1)?.name).toBe('StreamsGroupDescribe');
});
