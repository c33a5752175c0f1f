import { expect, it } from 'vitest';
import { whereTo } from '../../source/remedy/where-to.js';

const now = Date.UTC(2026, 10, 22, 14);

it.each([
  ['earliest', { to: { is: 'earliest' } }],
  ['orders latest', { topic: 'orders', to: { is: 'latest' } }],
  ['orders/3 offset 1200', { topic: 'orders', partition: 3, to: { is: 'offset', offset: 1200 } }],
  ['offset 0', { to: { is: 'offset', offset: 0 } }],
  ['2h', { to: { is: 'time', at: now - 7_200_000 } }],
  [' eu.orders  90m ', { topic: 'eu.orders', to: { is: 'time', at: now - 5_400_000 } }],
  ['2026-11-22T13:00:00Z', { to: { is: 'time', at: now - 3_600_000 } }],
  ['2026-11-22T14:00+01:00', { to: { is: 'time', at: now - 3_600_000 } }],
])('"%s" is understood', (answer, where) => {
  expect(whereTo(answer, now)).toEqual(where);
});

it.each([
  '',
  'orders',
  'soon',
  '-2h',
  '2',
  'offset',
  'offset -1',
  'a b latest',
  '2026-11-22',
  '2026-13-01T00:00Z',
])('"%s" is not: nothing is guessed', answer => {
  expect(whereTo(answer, now)).toBeUndefined();
});
