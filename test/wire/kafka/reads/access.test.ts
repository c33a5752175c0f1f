import { expect, test } from 'vitest';
import type { KafkaSetting } from '../../../../source/simulator/kafka/state.js';
import { readAcls } from '../../../../source/wire/kafka/reads/acls.js';
import { readClientQuotas } from '../../../../source/wire/kafka/reads/client-quotas.js';
import { readMetadata } from '../../../../source/wire/kafka/reads/metadata.js';
import { failed, ok } from '../../../support/answers.js';
import { acquainted, cluster, link } from '../support.js';

const acl = { host: '*', pattern: 3, permission: 3 };

const site: KafkaSetting = {
  brokers: 2,
  quotas: [
    { entity: { user: 'mm2-user' }, values: { producer_byte_rate: 300_000, request_percentage: 12.5 } },
    { entity: { user: 'mm2-user', 'client-id': 'loader' }, values: { consumer_byte_rate: 1e6 } },
    { entity: { user: null }, values: { controller_mutation_rate: 5 } },
    { entity: { 'client-id': null }, values: { producer_byte_rate: 2 ** 40 } },
    { entity: { ip: '10.0.0.7' }, values: { connection_creation_rate: 10 } },
  ],
  acls: [
    { ...acl, resourceType: 2, name: 'eu.', pattern: 4, principal: 'User:mm2-user', operation: 2 },
    { ...acl, resourceType: 2, name: 'eu.', pattern: 4, principal: 'User:reader', operation: 3 },
    { ...acl, resourceType: 3, name: '*', principal: 'User:kmon', operation: 8 },
    { ...acl, resourceType: 4, name: 'kafka-cluster', principal: 'User:kmon', operation: 99 },
    {
      ...acl,
      resourceType: 2,
      name: 'pay',
      principal: 'User:*',
      operation: 4,
      permission: 2,
      host: '10.0.0.7',
    },
    { ...acl, resourceType: 5, name: 'tx', principal: 'User:mm2-user', operation: 4 },
  ],
};

const nobody = { nobody: { password: 'p', sees: 'none' } } as const;
const sasl = { mechanism: 'plain', username: 'nobody', password: 'p' } as const;

test.each([0, 1])('quotas by user, client id and default (DescribeClientQuotas v%i)', async version => {
  const { us } = await acquainted({ ...site, newest: { 48: version } });
  expect(ok((await readClientQuotas(us, 2)).answer)).toEqual([
    { entity: { user: 'mm2-user' }, limits: { producer_byte_rate: 300_000, request_percentage: 12.5 } },
    { entity: { user: 'mm2-user', clientId: 'loader' }, limits: { consumer_byte_rate: 1e6 } },
    { entity: { user: null }, limits: { controller_mutation_rate: 5 } },
    { entity: { clientId: null }, limits: { producer_byte_rate: 2 ** 40 } },
  ]);
});

test.each([1, 2, 3])('ACLs of topics, groups and the cluster (DescribeAcls v%i)', async version => {
  const { us } = await acquainted({ ...site, newest: { 29: version } });
  const { acls, left } = ok((await readAcls(us, 1)).answer);
  expect(left).toBe(0);
  expect(acls.map(a => [a.on, a.name, a.pattern, a.principal, a.host, a.operation, a.permission])).toEqual([
    ['topic', 'eu.', 'prefixed', 'User:mm2-user', '*', 'All', 'allow'],
    ['topic', 'eu.', 'prefixed', 'User:reader', '*', 'Read', 'allow'],
    ['group', '*', 'literal', 'User:kmon', '*', 'Describe', 'allow'],
    ['cluster', 'kafka-cluster', 'literal', 'User:kmon', '*', 'Other', 'allow'],
    ['topic', 'pay', 'literal', 'User:*', '10.0.0.7', 'Write', 'deny'],
  ]);
});

test('of more ACLs than are kept it is said how many are missing', async () => {
  const { us } = await acquainted(site);
  const { acls, left } = ok((await readAcls(us, 1, undefined, 2)).answer);
  expect([acls.length, left]).toEqual([2, 3]);
});

test('a cluster without an authorizer has no ACLs, which is another thing than none that fit', async () => {
  const { us } = await acquainted({ brokers: 1 });
  expect(failed((await readAcls(us, 1)).answer)).toMatchObject({
    kind: 'unsupported',
    detail: 'SECURITY_DISABLED: No Authorizer is configured.',
  });
});

test('a user who may not ask is told so', async () => {
  const kafka = await cluster({ ...site, users: nobody });
  const us = link(kafka.bootstrap, { security: { sasl } });
  ok((await readMetadata(us)).answer);
  for (const { answer } of [await readClientQuotas(us, 1), await readAcls(us, 1)])
    expect(failed(answer)).toMatchObject({
      kind: 'unauthorised',
      detail: 'CLUSTER_AUTHORIZATION_FAILED: Cluster authorization failed.',
    });
});

test('a broker from before them says so', async () => {
  const { us } = await acquainted({ ...site, newest: { 48: -1 } });
  expect(failed((await readClientQuotas(us, 1)).answer).kind).toBe('unsupported');
});
