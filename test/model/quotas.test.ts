import { expect, test } from 'vitest';
import type { QuotaEntity, QuotaSeen } from '../../source/core/observation.js';
import { quotasFor } from '../../source/model/quotas.js';

/** Every combination, weakest first; the limit is its place in Kafka's order of precedence. */
const entities: readonly QuotaEntity[] = [
  { clientId: null },
  { clientId: 'mirror' },
  { user: null },
  { user: null, clientId: null },
  { user: null, clientId: 'mirror' },
  { user: 'mm2-user' },
  { user: 'mm2-user', clientId: null },
  { user: 'mm2-user', clientId: 'mirror' },
];
const all: readonly QuotaSeen[] = entities.map((entity, i) => ({
  entity,
  limits: { producer_byte_rate: entities.length - i },
}));
const limits = (user: string, clientId: string): readonly number[] =>
  quotasFor(all, { user, clientId }, 'producer_byte_rate').map(q => q.limit);

test('user with client id, user, default user, client id: in Kafka’s order', () => {
  expect(limits('mm2-user', 'mirror')).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test('those of others do not count', () => {
  expect(limits('mm2-user', 'other')).toEqual([2, 3, 5, 6, 8]);
  expect(limits('other', 'mirror')).toEqual([4, 5, 6, 7, 8]);
  expect(limits('ANONYMOUS', 'other')).toEqual([5, 6, 8]);
});

test('a quota that does not speak of the key leaves the next in force', () => {
  const quotas: readonly QuotaSeen[] = [
    { entity: { user: 'mm2-user', clientId: 'mirror' }, limits: { consumer_byte_rate: 9 } },
    { entity: { user: 'mm2-user' }, limits: { producer_byte_rate: 300_000 } },
  ];
  expect(quotasFor(quotas, { user: 'mm2-user', clientId: 'mirror' }, 'producer_byte_rate')).toEqual([
    { entity: { user: 'mm2-user' }, limit: 300_000, shared: true },
  ]);
  expect(quotasFor(quotas, { user: 'mm2-user', clientId: 'mirror' }, 'request_percentage')).toEqual([]);
});
