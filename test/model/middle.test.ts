import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { middle } from '../../source/model/middle.js';

describe('the middle of numbers', () => {
  it('is what lies in the middle once they are sorted, or the mean of the two that do', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: -9, max: 9 }), fc.double({ noNaN: false }))),
        numbers => {
          const sorted = Float64Array.from(numbers).sort();
          const half = sorted.length >> 1;
          const [lower, upper] = [sorted[half - 1], sorted[half]];
          const wanted =
            upper === undefined || lower === undefined || sorted.length % 2 === 1
              ? upper
              : (lower + upper) / 2;
          // Zero has two signs, which sorting tells apart and a lag does not.
          expect((middle(Float64Array.from(numbers)) ?? -1) + 0).toBe((wanted ?? -1) + 0);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('is that of the first so many, whatever lies behind them', () => {
    expect(middle(Float64Array.of(3, 1, 2, 99, 99), 3)).toBe(2);
    expect(middle(Float64Array.of(7), 0)).toBeUndefined();
  });
});
