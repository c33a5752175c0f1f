import { describe, expect, it } from 'vitest';
import { Series } from '../../../source/model/series.js';
import { heatEnd } from '../../../source/screen/parts/time-axis.js';

/** Samples 2 s apart, the last of them at `last` ms. */
function seen(last: number, newest = 5): Series {
  const series = new Series(10);
  for (const at of [last - 4_000, last - 2_000]) series.push(at, 5);
  series.push(last, newest);
  return series;
}

describe('where a heatmap of columns of 10 s ends', () => {
  it('is now, in the column of the newest sample', () => {
    expect(heatEnd(109_000, 10_000, [seen(108_000)])).toBe(109_000);
  });

  it('is the newest sample, while the column of now has none', () => {
    expect(heatEnd(110_500, 10_000, [seen(108_500)])).toBe(108_500);
  });

  it('is the sample before, while the sweep of the newest has not come to these lines', () => {
    expect(heatEnd(110_500, 10_000, [seen(110_200, NaN)])).toBe(108_200);
    expect(heatEnd(110_500, 10_000, [seen(110_200, NaN), seen(110_200)])).toBe(110_500);
  });

  it('is now, where nothing was seen for longer: that is a gap', () => {
    expect(heatEnd(135_000, 10_000, [seen(108_000)])).toBe(135_000);
    expect(heatEnd(135_000, 10_000, [])).toBe(135_000);
  });
});
