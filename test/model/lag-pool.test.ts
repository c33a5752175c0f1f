import { describe, expect, it } from 'vitest';
import { LagHistory } from '../../source/model/lag-history.js';
import { LagPool } from '../../source/model/lag-pool.js';

describe('history of more partitions than memory does for', () => {
  it('goes to the partitions with the most lag, and says how many are left out', () => {
    const pool = new LagPool(10, 2);
    const history = new LagHistory(pool, 1_000);
    const lines = [history.line(), history.line(), history.line()];
    for (const [i, line] of lines.entries()) line.push(1_000, 100 * 10 ** i);
    expect(pool.usage()).toEqual({ kept: 2, left: 1, bytes: 80, limit: 80 });
    expect(lines.map(l => l.length)).toEqual([1, 1, 0]);
    pool.rank(60_000);
    for (const line of lines) line.push(61_000, 10_000);
    expect(lines.map(l => l.at(61_000))).toEqual([NaN, 10_000, 10_000]);
  });

  it('takes memory as time passes: no minute does before there is one', () => {
    const pool = new LagPool(32, 256, 320);
    const history = new LagHistory(pool, 0);
    const one = history.line();
    expect(pool.usage()).toMatchObject({ bytes: 0, limit: 256 * 352 * 4 });
    one.push(0, 5);
    expect(pool.usage().bytes).toBe(256 * 32 * 4);
    for (let i = 1; i < 360; i++) one.push(i * 10_000, i);
    // The last 32 samples, and 55 minutes before them.
    expect(pool.usage().bytes).toBe(256 * (32 + 64) * 4);
    expect([one.at(0), one.at(59_000), one.at(3_590_000)]).toEqual([NaN, 5, 359]);
  });

  it('is nothing, not the past of another, for a partition that is gone', () => {
    const history = new LagHistory(new LagPool(10, 2), 0);
    const gone = history.line();
    gone.push(1_000, 5);
    gone.drop();
    const next = history.line();
    next.push(2_000, 7);
    expect([gone.length, next.at(2_000), next.at(1_000)]).toEqual([0, 7, NaN]);
  });

  it('wraps, oldest first, and keeps "not known" apart from "not sampled"', () => {
    const history = new LagHistory(new LagPool(3, 4), 0);
    const [one, other] = [history.line(), history.line()];
    for (let i = 0; i < 5; i++) one.push(i, i);
    other.push(5, 9);
    one.push(6, NaN);
    expect([one.at(5), one.at(6), other.at(6)]).toEqual([4, NaN, 9]);
    expect(one.length).toBe(3);
  });

  it('keeps one number a minute of what is older, the last that is known', () => {
    const pool = new LagPool(2, 4, 3);
    const history = new LagHistory(pool, 0);
    const [one, rare] = [history.line(), history.line()];
    for (let i = 0; i < 12; i++) one.push(i * 10_000, i === 4 || i === 5 ? NaN : i);
    rare.push(120_000, 7);
    expect([one.length, pool.usage().limit]).toEqual([4, 4 * 5 * 4]);
    expect([59_000, 95_000, 100_000, 110_000].map(at => one.at(at))).toEqual([3, 3, 10, 11]);
    expect([...one.buckets(110_000, 60_000, 2, 'last')]).toEqual([3, 11]);
    expect([rare.at(119_000), rare.at(120_000)]).toEqual([NaN, 7]);
  });
});
