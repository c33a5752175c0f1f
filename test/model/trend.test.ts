import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failure } from '../../source/core/failure.js';
import { seen, unknown } from '../../source/core/known.js';
import { Series } from '../../source/model/series.js';
import { drainTime, mannKendall, slopeOf, theilSen, trendOf, type Trend } from '../../source/model/trend.js';

describe('the slope by Theil and Sen', () => {
  it('is that of a line, per second', () => {
    expect(theilSen([0, 1_000, 2_000, 3_000], [10, 12, 14, 16])).toBeCloseTo(2);
  });

  it('is not moved by an outlier', () => {
    expect(theilSen([0, 1_000, 2_000, 3_000, 4_000, 5_000], [10, 12, 9_000, 16, 18, 20])).toBeCloseTo(2, 0);
  });

  it('is exact where the steps are equal', () => {
    const slopeOfSteps = (step: number) => theilSen([0, 1_000, 2_000, 3_000], [0, step, 2 * step, 3 * step]);
    const steps = Array.from({ length: 4_001 }, (_, i) => i - 2_000);
    expect(steps.filter(step => slopeOfSteps(step) !== step)).toEqual([]);
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

  const knownAt = (times: readonly number[]): readonly boolean[] => {
    const series = new Series(8);
    return times.map((at, i) => {
      series.push(at, i);
      return 'value' in slopeOf(series, 60_000, at, 'lag');
    });
  };

  it('is known from the fourth sample on, though three intervals of 5 s were a little shorter', () => {
    expect(knownAt([0, 5_000, 10_000, 15_000])).toEqual([false, false, false, true]);
    expect(knownAt([0, 4_300, 9_600, 14_100])).toEqual([false, false, false, true]);
    expect(knownAt([0, 5_900, 10_200, 16_300])).toEqual([false, false, false, true]);
  });

  it('is not known of samples that lie close together until they span 12 s', () => {
    expect(knownAt([0, 2_000, 4_000, 6_000, 8_000, 10_000, 12_000]).filter(Boolean)).toHaveLength(1);
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

/** Numbers of the standard normal distribution, the same ones for the same seed. */
function normals(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

const tick = 1_000;
const poll = 10_000;

type Case = { readonly capacity: number; readonly commitPeriod: number; readonly backlog?: number };

/** Twenty minutes of a group that gets 1,000 records/s in bursts of 10 % and can consume `capacity`, as it is polled. */
function lagSeries({ capacity, commitPeriod, backlog = 0 }: Case, seed: number): Series {
  const normal = normals(seed);
  const series = new Series(720);
  let [burst, end, read, committed] = [0, backlog, 0, 0];
  for (let at = tick; at <= 1_200_000; at += tick) {
    burst = 0.9 * burst + Math.sqrt(1 - 0.81) * normal();
    end += Math.max(0, 1_000 * (1 + 0.1 * burst));
    read = Math.min(end, read + capacity);
    if (at % commitPeriod === 0) committed = read;
    if (at % poll === 0) series.push(at, end - committed);
  }
  return series;
}

/** How many of a hundred such groups are called rising. */
function rising(of: Case): number {
  let count = 0;
  for (let seed = 1; seed <= 100; seed++) {
    const trend = trendOf(
      lagSeries(of, seed),
      {
        consume: Math.min(1_000, of.capacity),
        commitPeriod: Math.max(poll, of.commitPeriod),
        at: 1_200_000,
      },
      'lag',
    );
    if ('value' in trend && trend.value.rising) count++;
  }
  return count;
}

describe('a lag that is called rising', () => {
  it.each([
    ['healthy, at 70 % of what it can, commits every 5 s', { capacity: 1_430, commitPeriod: 5_000 }],
    ['healthy, at 70 % of what it can, commits every minute', { capacity: 1_430, commitPeriod: 60_000 }],
    ['healthy, at 95 % of what it can, commits every 5 s', { capacity: 1_053, commitPeriod: 5_000 }],
    ['healthy, at 95 % of what it can, commits every 30 s', { capacity: 1_053, commitPeriod: 30_000 }],
    ['draining a backlog', { capacity: 1_050, commitPeriod: 5_000, backlog: 200_000 }],
  ])('is not that of a group that is %s', (_, of) => {
    expect(rising(of)).toBeLessThanOrEqual(1);
  });

  it.each([
    ['5 %', 950, 75],
    ['10 %', 900, 97],
    ['30 %', 700, 100],
  ])('is that of a group that consumes %s too little', (_, capacity, least) => {
    expect(rising({ capacity, commitPeriod: 5_000 })).toBeGreaterThanOrEqual(least);
  });

  const told = (series: Series, commitPeriod: number, at: number): Trend | undefined => {
    const trend = trendOf(series, { consume: 100, commitPeriod, at }, 'lag');
    return 'value' in trend ? trend.value : undefined;
  };
  const line = (minutes: number, slope: (s: number) => number): Series => {
    const series = new Series(720);
    for (let s = 0; s <= minutes * 60; s += 10) series.push(s * 1_000, slope(s));
    return series;
  };

  it('is unknown before five minutes, and before ten commits', () => {
    const known = (minutes: number, period: number) =>
      told(
        line(minutes, s => s),
        period,
        minutes * 60_000,
      ) !== undefined;
    expect([known(4, 10_000), known(5, 10_000), known(8, 60_000), known(10, 60_000)]).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  it('is one that rises still', () => {
    const turned = line(15, s => 10 * Math.min(s, 600) - Math.max(0, s - 600));
    expect(told(turned, 10_000, 900_000)).toMatchObject({ rising: false });
    expect(
      told(
        line(15, s => 10 * s),
        10_000,
        900_000,
      ),
    ).toMatchObject({ rising: true, samples: 90 });
  });

  it('is not one that is the same all the time', () => {
    expect(
      told(
        line(15, () => 5),
        10_000,
        900_000,
      ),
    ).toMatchObject({ rising: false, effect: 0, z: 0 });
  });
});

describe('the test of Mann and Kendall', () => {
  it('is 0 for numbers that are all alike, and turns its sign with the order', () => {
    expect(mannKendall([4, 4, 4])).toBe(0);
    expect(mannKendall([])).toBe(0);
    const values = [1, 5, 2, 8, 8, 3, 9];
    expect(mannKendall([...values].reverse())).toBeCloseTo(-mannKendall(values));
  });

  it('is that of a worked example: ten rising numbers', () => {
    expect(mannKendall([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toBeCloseTo(44 / Math.sqrt(125));
  });
});
