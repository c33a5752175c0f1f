import { describe, expect, it } from 'vitest';
import { Series } from '../../../source/model/series.js';
import { niceMax, peak, sparkline } from '../../../source/screen/parts/sparkline.js';
import {
  axisLabels,
  columnOf,
  columnStart,
  finestBucket,
  timeAxis,
} from '../../../source/screen/parts/time-axis.js';

describe('a sparkline', () => {
  it('goes from 0 to its maximum', () => {
    expect(sparkline(Float64Array.of(0, 25, 50, 75, 100), 100)).toBe('▁▃▅▆█');
  });

  it('has a gap where nothing is known, which is not 0', () => {
    expect(sparkline(Float64Array.of(0, NaN, 100), 100)).toBe('▁ █');
  });

  it('can be compared with another on one scale', () => {
    const poll = Float64Array.of(5000, 5000, 5000);
    const write = Float64Array.of(5000, 2500, 700);
    const max = peak(poll, write);
    expect([sparkline(poll, max), sparkline(write, max)]).toEqual(['███', '█▅▂']);
  });

  it('has a scale that does not move with every record', () => {
    expect([0, 3, 3912, 4000, 4001, 1_214_000].map(niceMax)).toEqual([1, 3, 4000, 4000, 6000, 1_500_000]);
  });
});

describe('a time axis', () => {
  const to = Date.UTC(2026, 10, 22, 14, 32, 8);
  const axis = timeAxis(to, 10 * 60_000, 60);

  it('has columns that people can count with', () => {
    expect(axis.bucket).toBe(10_000);
    expect(new Date(columnStart(axis, 59)).toISOString()).toBe('2026-11-22T14:32:00.000Z');
    expect(columnOf(axis, to)).toBe(59);
    expect(columnOf(axis, to - 11 * 60_000)).toBeUndefined();
  });

  it('is as fine as what is known: an endpoint that is asked ever more seldom, and never answers, widens nothing', () => {
    const write = new Series(100);
    for (let at = 0; at <= 60_000; at += 2000) write.push(at, 900);
    const poll = new Series(100);
    for (const at of [0, 10_000, 30_000, 60_000]) poll.push(at, NaN);
    expect(finestBucket(poll, write)).toBe(3000);
  });

  it('writes whole minutes, which move with the data', () => {
    process.env['TZ'] = 'UTC';
    expect(axisLabels(axis)).toBe('           └14:24      └14:26      └14:28      └14:30');
  });
});
