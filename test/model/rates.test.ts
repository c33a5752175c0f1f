import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CounterRate } from '../../source/model/rates.js';
import { SlidingMinimum } from '../../source/model/sliding-minimum.js';

describe('the rate of a growing number', () => {
  it('is Δ ÷ Δt between its own readings', () => {
    const rate = new CounterRate();
    rate.push(0, 1_000);
    rate.push(4_000, 1_400);
    rate.push(9_000, 1_900);
    expect(rate.perSecond(30_000)).toBeCloseTo(100);
  });

  it('is unknown, not 0, until there are two readings', () => {
    const rate = new CounterRate();
    expect(rate.perSecond(30_000)).toBeUndefined();
    rate.push(0, 7);
    expect(rate.perSecond(30_000)).toBeUndefined();
  });

  it('looks back no further than its window', () => {
    const rate = new CounterRate();
    for (const [at, value] of [
      [0, 0],
      [60_000, 60_000],
      [70_000, 60_000],
      [80_000, 60_000],
    ] as const)
      rate.push(at, value);
    expect(rate.perSecond(30_000)).toBe(0);
  });

  it('is never negative, whatever is reset or lost', () => {
    const reading = fc.oneof(fc.nat({ max: 1_000 }), fc.constant(NaN));
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 200, size: 'max' }), values => {
        const rate = new CounterRate();
        values.forEach((value, i) => {
          rate.push(i * 3_000, value);
          expect(rate.perSecond(30_000) ?? 0).toBeGreaterThanOrEqual(0);
        });
      }),
    );
  });
});

describe('a minimum that forgets', () => {
  const subWindow = 60_000;

  it('is the least value of at least the last two sub-windows, and of four at most', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 200, size: 'max' }), values => {
        const minimum = new SlidingMinimum();
        values.forEach((value, i) => {
          minimum.push(i * 5_000, value, subWindow);
          const last = (span: number): number =>
            Math.min(...values.slice(Math.max(0, i - span / 5_000 + 1), i + 1));
          expect(minimum.value).toBeLessThanOrEqual(last(2 * subWindow));
          expect(minimum.value).toBeGreaterThanOrEqual(last(4 * subWindow));
        });
      }),
    );
  });

  it('is never empty once it was fed, and empty when cleared', () => {
    const minimum = new SlidingMinimum();
    expect(minimum.value).toBe(Infinity);
    minimum.push(0, 5, subWindow);
    minimum.push(10 * subWindow, 9, subWindow);
    expect(minimum.value).toBe(9);
    minimum.clear();
    expect(minimum.value).toBe(Infinity);
  });
});
