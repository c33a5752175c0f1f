import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { examples, inUnit, quantityOf, type Unit } from '../../source/core/quantity.js';
import { thresholds } from '../../source/diagnose/thresholds.js';

const units = Object.keys(examples) as Unit[];

describe('a quantity as people write it', () => {
  it.each<[string, Unit, number]>([
    ['85%', 'share', 0.85],
    ['0.85', 'share', 0.85],
    ['100ms', 'ms', 100],
    ['1.5 s', 'ms', 1_500],
    ['500ms', 's', 0.5],
    ['30m', 's', 1_800],
    ['1h30m', 's', 5_400],
    ['2h04', 's', 7_440],
    ['2d', 's', 172_800],
    ['1.5k', 'records', 1_500],
    ['2M', 'records', 2e6],
    ['10/s', 'records/s', 10],
    ['10', 'records/s', 10],
    ['4/h', 'per hour', 4],
    ['2x', 'times', 2],
    ['1.5 ×', 'times', 1.5],
    ['64MiB', 'bytes', 64 * 1024 ** 2],
    ['1.5 GiB/s', 'bytes/s', 1.5 * 1024 ** 3],
    ['512', 'bytes', 512],
  ])('%s of %s is %d', (text, unit, value) => {
    expect(quantityOf(text, unit)).toBeCloseTo(value, 9);
  });

  it.each<[string, Unit]>([
    ['', 'count'],
    ['-1', 'count'],
    ['1e3', 'count'],
    ['100', 'ms'],
    ['30', 's'],
    ['5 parsecs', 's'],
    ['04', 's'],
    ['2m04', 's'],
    ['120%', 'share'],
    ['85', 'share'],
    ['1.5k/h', 'records/s'],
    ['10ms', 'bytes'],
    ['Infinity', 'records'],
    ['NaN', 'share'],
  ])('%j is none of %s', (text, unit) => {
    expect(quantityOf(text, unit)).toBeUndefined();
  });

  test('has an example of every unit that is one', () => {
    for (const unit of units) expect(quantityOf(examples[unit], unit), unit).toBeGreaterThan(0);
  });

  test('is understood however it is shown', () => {
    fc.assert(
      fc.property(fc.constantFrom(...units), fc.double({ min: 0, max: 1e6, noNaN: true }), (unit, value) => {
        const given = unit === 'share' ? value / 1e6 : value;
        const shown = inUnit(given, unit);
        const read = quantityOf(shown, unit);
        expect(read, shown).toBeDefined();
        // Shown again it is the same, give or take the last digit of what was cut off: a time of days has no minutes, one of
        // minutes no seconds.
        const coarse =
          unit === 's' ? 3_600 : unit === 'share' ? 0.006 : unit === 'ms' && given > 9_000 ? 60_000 : 0.51;
        expect(Math.abs((read ?? NaN) - given), shown).toBeLessThanOrEqual(Math.max(coarse, given * 0.01));
      }),
    );
  });

  test('holds every default that docs/diagnosis.md shows, to three digits', () => {
    for (const [name, { value, unit }] of Object.entries(thresholds)) {
      const read = quantityOf(inUnit(value, unit), unit) ?? NaN;
      expect(Math.abs(read - value), name).toBeLessThanOrEqual(value * 0.005);
    }
  });
});
