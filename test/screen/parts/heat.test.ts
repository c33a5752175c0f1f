import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  heatCell,
  heatLegend,
  heatScale,
  heatStep,
  rateScale,
  shareScale,
} from '../../../source/screen/parts/heat.js';
import { heatStrip } from '../../../source/screen/parts/heat-strip.js';
import { row, plainText } from '../../../source/screen/row.js';

const text = (segments: ReturnType<typeof heatStrip>): string => plainText(row(...segments));

describe('the shade of a lag', () => {
  const scale = heatScale(80_000);

  it('tells none, little, much and unknown apart', () => {
    expect([0, 3, 900, 80_000, NaN].map(lag => heatCell(lag, scale).text)).toEqual(['·', '░', '▓', '█', '?']);
  });

  it('never draws a lag as none, and never more lag as less', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 1e9 }), (a, b) => {
        expect(heatStep(a, scale)).toBeGreaterThanOrEqual(1);
        if (a <= b) expect(heatStep(a, scale)).toBeLessThanOrEqual(heatStep(b, scale));
      }),
    );
  });

  it('has a legend with numbers that says its scale', () => {
    expect(text(heatLegend(scale))).toBe(
      'lag · 0  ░░ ≤17  ▒▒ ≤283  ▓▓ ≤4.76k  ██ ≤80.0k  log scale  ? unknown',
    );
  });

  it('does not paint a few records in the colours of many', () => {
    expect(heatCell(20, heatScale(20)).text).toBe('▒');
  });
});

describe('the shade of a growth', () => {
  it('tells what shrinks from what stands still', () => {
    const scale = rateScale(800);
    expect([-20, 0, 3, 800, NaN].map(rate => heatCell(rate, scale).text)).toEqual(['−', '·', '░', '█', '?']);
    expect(text(heatLegend(scale))).toContain('− shrinks');
  });

  it('does not paint the breath of a sweep in the colours of a flood', () => {
    expect(heatCell(4, rateScale(4)).text).toBe('▒');
  });
});

describe('the shade of a share', () => {
  it('is linear, for shares are compared with each other', () => {
    expect([0, 0.1, 0.45, 0.7, 1].map(share => heatCell(share, shareScale).text)).toEqual([
      '·',
      '░',
      '▒',
      '▓',
      '█',
    ]);
    expect(text(heatLegend(shareScale))).toContain('≤25%  ▒▒ ≤50%');
  });
});

describe('a strip of partitions', () => {
  it('has a cell for each', () => {
    expect(text(heatStrip([0, NaN, 5, 1000], heatScale(1000), 10))).toBe('·?░█');
  });

  it('folds what does not fit, and keeps the outlier', () => {
    const lags = new Array<number>(96).fill(0);
    lags[57] = 1000;
    const strip = text(heatStrip(lags, heatScale(1000), 12));
    expect(strip).toHaveLength(12);
    expect(strip.replaceAll('·', '')).toBe('█');
  });
});
