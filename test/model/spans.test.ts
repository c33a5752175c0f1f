import { describe, expect, it } from 'vitest';
import { Series } from '../../source/model/series.js';
import { behindBy, meanOver, meansLately } from '../../source/model/spans.js';

/** 1,000 a second, and 3,000 from second 60 on, told every 5 s as means over so long. */
function stepped(over: number): { readonly series: Series; readonly over: number } {
  const series = new Series(100);
  for (let at = 0; at <= 200_000; at += 5_000) {
    const burst = Math.min(over, Math.max(0, at - 60_000)) / over;
    series.push(at, 1_000 + 2_000 * burst);
  }
  return { series, over };
}

describe('a mean over a span', () => {
  it.each([5_000, 15_000, 30_000, 90_000])('is the same, of whatever means of %i ms it is made', over => {
    for (const at of [90_000, 105_000, 150_000, 190_000]) {
      const seconds = Math.min(90, Math.max(0, at / 1000 - 60));
      expect(meanOver(stepped(over), 90_000, at)).toBeCloseTo(1_000 + (2_000 * seconds) / 90, 6);
    }
  });

  it('is of what was seen where that is less, and unknown where nothing was', () => {
    const series = new Series(10);
    series.push(50_000, 7);
    expect(meanOver({ series, over: 5_000 }, 30_000, 60_000)).toBe(7);
    expect(meanOver({ series, over: 5_000 }, 30_000, 40_000)).toBeUndefined();
  });

  it('is laid out in no time, however long a broken recording says that it is', () => {
    const rates = stepped(30_000);
    for (const over of [1e18, Infinity]) {
      expect(meanOver(rates, over, 150_000)).toBeGreaterThan(1_000);
      expect(meansLately(rates, over, behindBy(over), [150_000])?.least).toBeGreaterThanOrEqual(1_000);
    }
  });

  it('may be told late, and is then one of those that were', () => {
    const now = meansLately(stepped(30_000), 30_000, 10_000, [80_000]);
    expect(now?.most).toBeCloseTo(1_000 + (2_000 * 20) / 30);
    expect(now?.least).toBeCloseTo(1_000 + (2_000 * 10) / 30);
    expect(meansLately(stepped(30_000), 30_000, 10_000, [-5_000])).toBeUndefined();
  });

  it('bears a source that says nothing of its window', () => {
    expect(meanOver(stepped(0.001), 30_000, 30_000)).toBe(1_000);
  });
});
