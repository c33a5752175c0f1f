import { describe, expect, it } from 'vitest';
import { Moments } from '../../source/model/moments.js';

const start = 1_700_000_040_000;
const half = 30_000;

/** A moment each half minute, as whoever keeps them does. */
function hours(moments: Moments<object>, hoursLong: number, made: (n: number) => object): number {
  let at = start;
  for (let n = 0; n < hoursLong * 120; n++, at += half) moments.keep(at, made(n));
  return at - half;
}

const small = (n: number): object => ({ n, state: 'Stable' });

describe('moments', () => {
  it('are due at the end of each half minute', () => {
    const moments = new Moments<object>(1e6);
    expect(moments.due(start + 1_000, start + 29_999)).toBe(false);
    expect(moments.due(start + 29_000, start + 30_000)).toBe(true);
  });

  it('are each half minute for a quarter of an hour, and before that the last of each minute, for six hours', () => {
    const moments = new Moments<object>(1e7);
    const end = hours(moments, 8, small);
    const { times } = moments;
    const steps = times.map((at, i) => at - (times[i - 1] ?? NaN));
    expect(end - (times[0] ?? NaN)).toBeLessThanOrEqual(6 * 3_600_000);
    expect(end - (times[0] ?? NaN)).toBeGreaterThan(6 * 3_600_000 - 60_000);
    expect(times.filter(at => at > end - 900_000)).toHaveLength(30);
    expect(new Set(steps.slice(1, -32))).toEqual(new Set([60_000]));
    expect(times.slice(0, -32).every(at => at % 60_000 === half)).toBe(true);
  });

  it('are what was kept, after others were thinned out between them', () => {
    const moments = new Moments<object>(1e7);
    const end = hours(moments, 2, n => ({ n, state: n % 7 === 0 ? 'Empty' : 'Stable', rows: [n, { n }] }));
    for (const at of moments.times) {
      const n = (at - start) / half;
      const was = { n, state: n % 7 === 0 ? 'Empty' : 'Stable', rows: [n, { n }] };
      expect(moments.at(at + 1)).toEqual({ at, value: was });
    }
    expect(moments.at(start - 1)).toBeUndefined();
    expect(moments.at(end + 1e9)?.at).toBe(end);
  });

  it('stay within their budget: minutes come sooner, then the oldest leave', () => {
    const big = (n: number): object => ({ rows: Array.from({ length: 1_000 }, (_, i) => n + i) });
    const tight = new Moments<object>(400_000);
    let at = start;
    for (let n = 0; n < 240; n++, at += half) {
      tight.keep(at, big(n));
      expect(tight.usage().bytes).toBeLessThanOrEqual(400_000);
    }
    const end = at - half;
    const { times } = tight;
    expect(times.at(-1)).toBe(end);
    // The same memory in half minutes would reach half as far.
    expect(end - (times[0] ?? NaN)).toBeGreaterThan(40 * 60_000);
    expect(tight.at(times[0] ?? NaN)?.value).toEqual(big(((times[0] ?? NaN) - start) / half));
  });

  it('count what is shared with one that is gone until the last that shares it is gone', () => {
    const moments = new Moments<object>(1e7);
    const text = Array.from({ length: 500 }, (_, i) => `topic ${i}`);
    hours(moments, 7, n => ({ n, text }));
    // The first moment made the forms of the text; it left an hour ago.
    expect(moments.usage().bytes).toBeGreaterThan(500 * 64);
  });

  it('keep the newest, whatever it takes', () => {
    const moments = new Moments<object>(10);
    hours(moments, 1, small);
    expect(moments.times).toHaveLength(1);
  });
});
