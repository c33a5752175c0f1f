import { expect, test } from 'vitest';
import { memberOf, type KafkaSetting } from '../../../../source/simulator/kafka/state.js';
import { readConsumerGroups } from '../../../../source/wire/kafka/reads/consumer-group-describe.js';
import { readClassicGroups } from '../../../../source/wire/kafka/reads/describe-groups.js';
import { readListGroups } from '../../../../source/wire/kafka/reads/list-groups.js';
import { readMetadata } from '../../../../source/wire/kafka/reads/metadata.js';
import { readShareGroups } from '../../../../source/wire/kafka/reads/share-group-describe.js';
import { failed, ok } from '../../../support/answers.js';
import { acquainted, cluster, link } from '../support.js';

const site: KafkaSetting = {
  topics: { orders: 4 },
  groups: {
    billing: {
      coordinator: 1,
      members: [
        memberOf({ id: 'b-1', host: '10.0.0.7', assignment: { orders: [0, 1] } }),
        memberOf({ id: 'b-2' }),
      ],
    },
    audit: {
      coordinator: 2,
      type: 'consumer',
      assignor: 'uniform',
      epoch: 5,
      assignmentEpoch: 4,
      members: [
        memberOf({
          id: 'a-1',
          instance: 'rack-7',
          epoch: 4,
          assignment: { orders: [2, 3] },
          target: { orders: [2] },
        }),
      ],
    },
    fraud: {
      coordinator: 2,
      type: 'share',
      assignor: 'simple',
      members: [memberOf({ id: 's-1', assignment: { orders: [0] } })],
    },
    'connect-mm2': {
      coordinator: 1,
      protocolType: 'connect',
      assignor: 'sessioned',
      members: [memberOf({ id: 'w-1', url: 'http://10.0.0.9:8083/' })],
    },
  },
};

test('a broker lists the groups that it coordinates, with type and state', async () => {
  const { us } = await acquainted(site);
  expect(ok((await readListGroups(us, 1)).answer)).toEqual([
    { group: 'billing', type: 'classic', protocolType: 'consumer', state: 'Stable' },
    { group: 'connect-mm2', type: 'classic', protocolType: 'connect', state: 'Stable' },
  ]);
  expect(ok((await readListGroups(us, 2)).answer)).toEqual([
    { group: 'audit', type: 'consumer', protocolType: 'consumer', state: 'Stable' },
    { group: 'fraud', type: 'share', protocolType: 'share', state: 'Stable' },
  ]);
  expect(ok((await readListGroups(us, 3)).answer)).toEqual([]);
});

test.each([
  [1, ''],
  [2, ''],
  [3, ''],
  [4, 'Stable'],
])('ListGroups v%i of an older broker: the type is guessed, the state is “%s”', async (version, state) => {
  const { us } = await acquainted({ ...site, newest: { 16: version } });
  expect(ok((await readListGroups(us, 2)).answer)).toEqual([
    { group: 'audit', type: 'classic', protocolType: 'consumer', state },
    { group: 'fraud', type: 'share', protocolType: 'share', state },
  ]);
});

test('a user without ACLs gets an empty list, not an error', async () => {
  const kafka = await cluster({ ...site, users: { nobody: { password: 'p', sees: 'none' } } });
  const sasl = { mechanism: 'scram-sha-512', username: 'nobody', password: 'p' } as const;
  const us = link(kafka.bootstrap, { security: { sasl } });
  ok((await readMetadata(us)).answer);
  expect(ok((await readListGroups(us, 1)).answer)).toEqual([]);
  const [billing] = (await readClassicGroups(us, 1, ['billing'])).groups;
  expect(billing && failed(billing.answer).kind).toBe('unauthorised');
});

test.each([1, 2, 3, 4, 5])(
  'classic groups come with members and assignments (DescribeGroups v%i)',
  async version => {
    const { us } = await acquainted({ ...site, newest: { 15: version } });
    const { groups } = await readClassicGroups(us, 1, ['billing']);
    expect(groups).toEqual([
      {
        group: 'billing',
        answer: {
          ok: {
            group: 'billing',
            state: 'Stable',
            protocolType: 'consumer',
            assignor: 'range',
            members: [
              {
                member: 'b-1',
                clientId: 'b-1',
                host: '10.0.0.7',
                assignment: [{ topic: 'orders', partitions: Int32Array.of(0, 1) }],
              },
              { member: 'b-2', clientId: 'b-2', host: '127.0.0.1', assignment: [] },
            ],
          },
        },
      },
    ]);
  },
);

test('a static member is named', async () => {
  const { kafka, us } = await acquainted(site);
  const member = kafka.state.groups['billing']?.members[0];
  if (member) member.instance = 'till-3';
  const [billing] = (await readClassicGroups(us, 1, ['billing'])).groups;
  expect(billing && ok(billing.answer).members[0]?.instance).toBe('till-3');
});

test('what a member owns is not known while its group rebalances', async () => {
  const { kafka, us } = await acquainted(site);
  const billing = kafka.state.groups['billing'];
  if (billing) billing.state = 'PreparingRebalance';
  const [seen] = (await readClassicGroups(us, 1, ['billing'])).groups;
  expect(seen && ok(seen.answer)).toMatchObject({ state: 'PreparingRebalance' });
  expect(seen && ok(seen.answer).members[0]?.assignment).toBeUndefined();
});

test('a Connect worker carries the URL that it advertises', async () => {
  const { us } = await acquainted(site);
  const [mm2] = (await readClassicGroups(us, 1, ['connect-mm2'])).groups;
  expect(mm2 && ok(mm2.answer)).toMatchObject({
    protocolType: 'connect',
    members: [{ member: 'w-1', url: 'http://10.0.0.9:8083/' }],
  });
});

test.each([0, 1])('KIP-848 groups come with epochs (ConsumerGroupDescribe v%i)', async version => {
  const { us } = await acquainted({ ...site, newest: { 69: version } });
  const [audit] = (await readConsumerGroups(us, 2, ['audit'])).groups;
  expect(audit && ok(audit.answer)).toEqual({
    group: 'audit',
    state: 'Stable',
    protocolType: 'consumer',
    assignor: 'uniform',
    epoch: 5,
    assignmentEpoch: 4,
    members: [
      {
        member: 'a-1',
        instance: 'rack-7',
        clientId: 'a-1',
        host: '127.0.0.1',
        epoch: 4,
        assignment: [{ topic: 'orders', partitions: Int32Array.of(2, 3) }],
        target: [{ topic: 'orders', partitions: Int32Array.of(2) }],
      },
    ],
  });
});

test('share groups come with epochs and members', async () => {
  const { us } = await acquainted(site);
  const [fraud] = (await readShareGroups(us, 2, ['fraud'])).groups;
  expect(fraud && ok(fraud.answer)).toMatchObject({
    protocolType: 'share',
    assignor: 'simple',
    members: [{ member: 's-1', assignment: [{ topic: 'orders', partitions: Int32Array.of(0) }] }],
  });
});

test('each group has its own outcome: one loads, one is not there, one is of another kind', async () => {
  const { kafka, us } = await acquainted(site);
  const billing = kafka.state.groups['billing'];
  if (billing) billing.error = 14;
  const classic = (await readClassicGroups(us, 1, ['billing', 'ghost', 'connect-mm2'])).groups;
  expect(classic.map(g => g.group)).toEqual(['billing', 'ghost', 'connect-mm2']);
  expect(classic.map(g => ('failed' in g.answer ? g.answer.failed.kind : 'ok'))).toEqual([
    'busy',
    'absent',
    'ok',
  ]);
  expect(classic[0] && failed(classic[0].answer).detail).toBe('COORDINATOR_LOAD_IN_PROGRESS');

  const consumer = (await readConsumerGroups(us, 2, ['fraud', 'audit'])).groups;
  expect(consumer[0] && failed(consumer[0].answer)).toMatchObject({
    kind: 'absent',
    detail: 'GROUP_ID_NOT_FOUND: Group fraud is not a consumer group.',
  });
  expect(consumer[1] && ok(consumer[1].answer).state).toBe('Stable');
});

test('a coordinator that moved is busy: it is listed elsewhere next time', async () => {
  const { kafka, us } = await acquainted(site);
  const billing = kafka.state.groups['billing'];
  if (billing) billing.coordinator = 3;
  const [seen] = (await readClassicGroups(us, 1, ['billing'])).groups;
  expect(seen && failed(seen.answer)).toMatchObject({ kind: 'busy', detail: 'NOT_COORDINATOR' });
});

test('a broker without ConsumerGroupDescribe: every group asked for is unsupported', async () => {
  const { us } = await acquainted({ ...site, newest: { 69: -1 } });
  const { groups } = await readConsumerGroups(us, 2, ['audit', 'other']);
  expect(groups.map(g => failed(g.answer).kind)).toEqual(['unsupported', 'unsupported']);
});

test('describing a thousand groups is one request', async () => {
  const names = Array.from({ length: 1_000 }, (_, i) => `group-${i}`);
  const { kafka, us } = await acquainted({
    brokers: 1,
    groups: Object.fromEntries(names.map(name => [name, { coordinator: 1 }])),
  });
  const { groups } = await readClassicGroups(us, 1, names);
  expect(groups.every(g => ok(g.answer).state === 'Empty')).toBe(true);
  expect(kafka.requests.filter(r => r.name === 'DescribeGroups')).toHaveLength(1);
});
