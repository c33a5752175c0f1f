import { expect, test } from 'vitest';
import { memberOf, type KafkaSetting } from '../../../../source/simulator/kafka/state.js';
import { readStreamsGroups } from '../../../../source/wire/kafka/reads/streams-group-describe.js';
import { failed, ok } from '../../../support/answers.js';
import { acquainted } from '../support.js';

const site: KafkaSetting = {
  brokers: 1,
  topics: { orders: 4, payments: 4, 'ledger-repartition': 4, 'ledger-changelog': 4 },
  groups: {
    ledger: {
      type: 'streams',
      epoch: 6,
      assignmentEpoch: 6,
      subtopologies: {
        '0': { sources: ['orders', 'payments'], sinks: ['ledger-repartition'] },
        '1': { sources: [], repartitions: ['ledger-repartition'], changelogs: ['ledger-changelog'] },
      },
      members: [
        memberOf({
          id: 'l-1',
          instance: 'pod-1',
          epoch: 6,
          assignment: { '0': [0, 1], '1': [3] },
          target: { '0': [0] },
          process: {
            id: 'p-1',
            endpoint: { host: 'pod-1', port: 8080 },
            tags: { zone: 'a' },
            taskOffsets: { '1': { 2: 7, 3: 7 } },
            standby: { '1': [2] },
          },
        }),
      ],
    },
    billing: {},
  },
};

test('streams groups come with epochs, and with the partitions that their active tasks read, but no standby', async () => {
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

test('a group whose topology is not set up, or not told, owns nothing that could be named', async () => {
  const { kafka, us } = await acquainted(site);
  for (const subtopologies of [null, undefined]) {
    Object.assign(kafka.state.groups['ledger'] ?? {}, { subtopologies });
    const [seen] = (await readStreamsGroups(us, 1, ['ledger'])).groups;
    expect(seen && ok(seen.answer)).toMatchObject({ epoch: 6, members: [{ member: 'l-1', assignment: [] }] });
  }
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
