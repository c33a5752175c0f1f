import { expect, test } from 'vitest';
import { clockCheck, clockChecks, offsetOf } from '../../../source/commands/doctor/clock.js';

/** Asked for 40 ms around 12:00:00; what it said stood for one moment, or for a whole second. */
const noon = Date.UTC(2026, 0, 31, 12);
const offset = (there: number, grain: number) =>
  offsetOf({ asked: noon - 20, answered: noon + 20, there, grain });

test.each([
  ['the same to the millisecond', offset(noon, 0), 'ok', '0.0ms ahead of the one here (±20ms)'],
  ['a second that holds it', offset(noon - 500, 1_000), 'ok', '0.0ms ahead of the one here (±520ms)'],
  ['far behind', offset(noon - 90_000, 1_000), 'missing', '90s behind the one here (±520ms)'],
  ['far ahead', offset(noon + 90_000, 0), 'missing', '90s ahead of the one here (±20ms)'],
  ['perhaps too far, perhaps not', offset(noon - 2_700, 1_000), 'ok', '2.20s behind the one here (±520ms)'],
] as const)('a clock that is %s', (_, read, is, says) => {
  const check = clockCheck('its clock', read, 'the one here', 'times');
  expect(check).toMatchObject({ is, says: `its clock is ${says}` });
});

test('clocks that are right are one line, each of the others one of its own', () => {
  const clocks = new Map([
    ['a', offset(noon + 30, 0)],
    ['b', offset(noon - 60_000, 0)],
    ['c', offset(noon - 10, 0)],
  ]);
  expect(clockChecks('worker', clocks, 'the one here', 'times').map(c => `${c.is}: ${c.says}`)).toEqual([
    'ok: the clocks of 2 workers are within 50ms of the one here',
    'missing: the clock of b is 60s behind the one here (±20ms)',
  ]);
});
