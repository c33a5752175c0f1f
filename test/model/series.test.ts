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

  describe('beyond its samples, by the minute', () => {
    /** A sample every 10 s from 0 on, worth its number; three are kept, and two minutes before them. */
    const aged = (count: number): Series => {
      const series = new Series(3, 0, 2);
      for (let i = 0; i < count; i++) series.push(i * 10_000, i);
      return series;
    };

    it('has one entry for each minute, with its last sample, and every sample of late', () => {
      const series = aged(12);
      const entries = Array.from({ length: series.length }, (_, i) => [
        series.startAt(i),
        series.timeAt(i),
        series.valueAt(i),
      ]);
      expect(entries).toEqual([
        [0, 50_000, 5],
        [60_000, 80_000, 8],
        [90_000, 90_000, 9],
        [100_000, 100_000, 10],
        [110_000, 110_000, 11],
      ]);
    });

    it('is read as one: what was known at a time, and the samples of a span', () => {
      const series = aged(12);
      expect([55_000, 59_999, 85_000, 95_000].map(at => series.at(at))).toEqual([5, 5, 8, 9]);
      expect(series.since(50_000, 100_000)).toEqual({
        times: [80_000, 90_000, 100_000],
        values: [8, 9, 10],
      });
    });

    it('draws a minute over its whole length, as its mean, its last or its largest', () => {
      const series = aged(12);
      expect([...series.buckets(110_000, 20_000, 6, 'last')]).toEqual([5, 5, 5, 8, 9, 11]);
      expect([...series.buckets(119_000, 60_000, 2, 'max')]).toEqual([5, 11]);
      expect([...series.buckets(59_000, 60_000, 1, 'mean')]).toEqual([2.5]);
    });

    it('draws a gap where a minute has no sample, or none that is known', () => {
      const series = new Series(1, 0, 5);
      for (const [at, value] of [
        [0, 1],
        [120_000, NaN],
        [180_000, 3],
        [240_000, 4],
      ] as const)
        series.push(at, value);
      expect([...series.buckets(240_000, 60_000, 5)]).toEqual([1, NaN, NaN, 3, 4]);
    });

    it('forgets the oldest minutes, and everything when it is told to', () => {
      const series = aged(40);
      expect([series.length, series.timeAt(0), series.capacity]).toEqual([5, 350_000, 5]);
      series.clear();
      expect(series.length).toBe(0);
    });

    it('shows nothing that is later than the time that is asked for, at whatever detail', () => {
      const stream = fc.array(
        fc.tuple(fc.integer({ min: 0, max: 90_000 }), fc.option(fc.nat(), { nil: NaN })),
        {
          maxLength: 60,
        },
      );
      fc.assert(
        fc.property(stream, fc.nat(2_000_000), (steps, until) => {
          const [all, early] = [new Series(4, 1_000, 6), new Series(1_000)];
          let at = 0;
          for (const [after, value] of steps) {
            at += after;
            all.push(at, value);
            if (at <= until) early.push(at, value);
          }
          const known = early.since(-Infinity, until);
          for (const value of all.since(-Infinity, until).values) expect(known.values).toContain(value);
          const largest = Math.max(-Infinity, ...known.values);
          for (const how of ['mean', 'last', 'max'] as const)
            for (const value of all.buckets(until, 30_000, 80, how))
              if (!Number.isNaN(value)) expect(value).toBeLessThanOrEqual(largest);
        }),
      );
    });
  });
});
