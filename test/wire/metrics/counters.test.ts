import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Counters } from '../../../source/wire/metrics/counters.js';

const series = (value: number, id = 'polled') => ({ name: id, labels: {}, value, id });

/** The rate of one counter after each of its readings, `[seconds, value]`. */
function ratesOf(readings: readonly (readonly [number, number])[]): number[] {
  const counters = new Counters();
  return readings.map(([at, value]) => counters.next([series(value)], at * 1000)(series(value)));
}

describe('the rate of a counter from page to page', () => {
  it('needs two readings', () => {
    expect(ratesOf([[0, 500]])).toEqual([NaN]);
  });

  it('is what was counted in between', () => {
    expect(
      ratesOf([
        [0, 500],
        [5, 600],
        [15, 600],
      ]),
    ).toEqual([NaN, 20, 0]);
  });

  it('after a reset is what was counted since, and not negative', () => {
    expect(
      ratesOf([
        [0, 500],
        [5, 100],
      ]),
    ).toEqual([NaN, 20]);
  });

  it('is unknown where either reading was', () => {
    expect(
      ratesOf([
        [0, 500],
        [5, NaN],
        [10, 700],
        [15, 750],
      ]),
    ).toEqual([NaN, NaN, NaN, 10]);
  });

  it('stands where the next page comes at once', () => {
    expect(
      ratesOf([
        [0, 500],
        [5, 600],
        [5.1, 700],
        [10, 800],
      ]),
    ).toEqual([NaN, 20, 20, 40]);
  });

  it('begins anew after a long silence, and for a series that was not there', () => {
    expect(
      ratesOf([
        [0, 500],
        [400, 600],
      ]),
    ).toEqual([NaN, NaN]);
    const counters = new Counters();
    counters.next([series(1, 'a')], 0);
    expect(counters.next([series(2, 'b')], 5000)(series(2, 'b'))).toBeNaN();
  });

  it('is never negative nor infinite', () => {
    const reading = fc.tuple(fc.integer({ min: 0, max: 600 }), fc.double({ min: 0, max: 1e15, noNaN: true }));
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 20 }), steps => {
        let at = 0;
        for (const rate of ratesOf(steps.map(([wait, value]) => [(at += wait), value] as const))) {
          expect(rate < 0 || rate === Infinity).toBe(false);
        }
      }),
    );
  });
});
