import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failure } from '../../source/core/failure.js';
import { seen, unknown } from '../../source/core/known.js';
import { Series } from '../../source/model/series.js';
import { drainTime, slopeOf, theilSen } from '../../source/model/trend.js';

describe('the slope by Theil and Sen', () => {
  it('is that of a line, per second', () => {
    expect(theilSen([0, 1_000, 2_000, 3_000], [10, 12, 14, 16])).toBeCloseTo(2);
  });

  it('is not moved by an outlier', () => {
    expect(theilSen([0, 1_000, 2_000, 3_000, 4_000, 5_000], [10, 12, 9_000, 16, 18, 20])).toBeCloseTo(2, 0);
  });

  it('lies between the least and the greatest step', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 2, maxLength: 200, size: 'max' }),
        values => {
          const slope = theilSen(
            values.map((_, i) => i * 1_000),
            values,
          );
          const steps = values.slice(1).map((v, i) => v - (values[i] ?? 0));
          expect(slope).toBeGreaterThanOrEqual(Math.min(...steps));
          expect(slope).toBeLessThanOrEqual(Math.max(...steps));
        },
      ),
    );
  });

  it('is unknown until there are four samples over 15 s', () => {
    const series = new Series(8);
    const known: boolean[] = [];
    for (let i = 0; i < 5; i++) {
      series.push(i * 5_000, i);
      known.push('value' in slopeOf(series, 60_000, i * 5_000, 'lag'));
    }
    expect(known).toEqual([false, false, false, true, true]);
  });
});

describe('the time to drain', () => {
  const at = 0;
  const drain = (lag: number, slope: number, consume: number) =>
    drainTime('billing', seen(lag, at), seen(slope, at), seen(consume, at), at);

  it('is lag ÷ (consume − arrival)', () => {
    expect(drain(6_000, -100, 1_000)).toMatchObject({ value: 60_000 });
  });

  it('is 0 where nothing is behind', () => {
    expect(drain(0, 0, 10)).toMatchObject({ value: 0 });
  });

  it.each([
    ['growing', 100],
    ['standing', 0],
    ['draining by less than 2 % of arrival', -10],
  ])('is not said while lag is %s', (_, slope) => {
    expect(drain(6_000, slope, 1_000)).toMatchObject({ unknown: { kind: 'unsupported' } });
  });

  it('is unknown with the reason for which lag is', () => {
    const reason = failure('timeout', 'broker 2');
    const answer = drainTime('billing', unknown(reason, 7), seen(-100, 0), seen(10, 0), at);
    expect(answer).toEqual({ unknown: reason, since: 7 });
  });
});
