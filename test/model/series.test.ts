import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Series } from '../../source/model/series.js';

function filled(capacity: number, samples: readonly (readonly [number, number])[], resolution = 0): Series {
  const series = new Series(capacity, resolution);
  for (const [at, value] of samples) series.push(at, value);
  return series;
}

describe('the history of one number', () => {
  it('keeps the newest samples, in order, whatever its capacity', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.array(fc.integer(), { maxLength: 300, size: 'max' }),
        (n, values) => {
          const series = filled(
            n,
            values.map((v, i) => [i, v] as const),
          );
          const kept = Array.from({ length: series.length }, (_, i) => series.valueAt(i));
          expect(kept).toEqual(values.slice(-n));
        },
      ),
    );
  });

  it('answers NaN outside of what it keeps', () => {
    const series = filled(4, [[10, 1]]);
    expect([series.valueAt(-1), series.valueAt(1), series.timeAt(1)]).toEqual([NaN, NaN, NaN]);
  });

  it('drops what comes too late', () => {
    const series = filled(4, [
      [10, 1],
      [5, 9],
    ]);
    expect(series.length).toBe(1);
  });

  it('says what was known at a time: not what came later, and nothing where it was not known', () => {
    const series = filled(8, [
      [10, 1],
      [20, NaN],
      [30, 3],
    ]);
    expect([5, 10, 15, 20, 29, 30, 99].map(at => series.at(at))).toEqual([NaN, 1, 1, NaN, NaN, 3, 3]);
  });

  it('takes samples closer than its resolution as one, the last', () => {
    const series = filled(
      8,
      [
        [0, 1],
        [400, 2],
        [900, 3],
        [1_000, 4],
      ],
      1_000,
    );
    expect(series.since(-1, 9_999)).toEqual({ times: [900, 1_000], values: [3, 4] });
  });

  it('gives the known samples of a span, open at its start', () => {
    const series = filled(8, [
      [10, 1],
      [20, NaN],
      [30, 3],
      [40, 4],
    ]);
    expect(series.since(10, 30)).toEqual({ times: [30], values: [3] });
  });

  describe('in buckets', () => {
    const series = filled(8, [
      [1_000, 1],
      [1_500, 3],
      [3_200, 8],
      [3_900, NaN],
      [4_100, 2],
    ]);

    it('draws a gap where nothing is known', () => {
      expect([...series.buckets(4_500, 1_000, 5)]).toEqual([NaN, 2, NaN, 8, 2]);
    });

    it.each([
      ['last', 3],
      ['max', 3],
      ['mean', 2],
    ] as const)('takes the %s of several', (how, expected) => {
      expect(series.buckets(1_999, 1_000, 1, how)[0]).toBe(expected);
    });

    it('sees nothing that came after the time it is read for', () => {
      expect([...series.buckets(3_500, 1_000, 3)]).toEqual([2, NaN, 8]);
    });

    it('keeps its edges from tick to tick', () => {
      const now = [...series.buckets(4_100, 1_000, 3)];
      const later = [...series.buckets(4_900, 1_000, 3)];
      expect(later).toEqual(now);
    });
  });

  it('keeps nothing without capacity', () => {
    expect(filled(0, [[1, 1]]).length).toBe(0);
  });
});
