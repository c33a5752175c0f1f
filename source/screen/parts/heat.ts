import { count } from '../../core/units.js';
import { glyphs } from '../glyphs.js';
import { segment, type Segment } from '../row.js';
import { heatTokens, type Token } from '../theme.js';
import { niceMax } from './sparkline.js';

/**
 * Lag as shade, logarithmic: step i of 8 reaches up to max^(i/8), so one outlier does not flatten the rest and a
 * small lag is never drawn as none. 0 has its own mark, and so has "not known".
 */
export type HeatScale = { readonly max: number };

const steps = heatTokens.length;
const leastMax = 1000;

/** A scale that holds the largest of the values, rounded up to 1, 2 or 5 × 10ⁿ; a few records are never alarming. */
export function heatScale(max: number): HeatScale {
  return { max: Math.max(leastMax, niceMax(max)) };
}

/** 0 for no lag, 1…8 for a step, NaN for not known. */
export function heatStep(value: number, scale: HeatScale): number {
  if (Number.isNaN(value)) return NaN;
  if (value <= 0) return 0;
  const share = Math.log(Math.max(1, value)) / Math.log(scale.max);
  return Math.min(steps, Math.max(1, Math.ceil(share * steps - 1e-9)));
}

export function heatCell(value: number, scale: HeatScale): Segment {
  const step = heatStep(value, scale);
  if (Number.isNaN(step)) return segment(glyphs.heatUnknown, 'dim');
  if (step === 0) return segment(glyphs.heatZero, 'dim');
  return segment(glyphs.heat[step - 1] ?? '█', heatToken(step));
}

function heatToken(step: number): Token {
  return heatTokens[step - 1] ?? 'heat8';
}

/** What the shades mean, in numbers, and that the scale is logarithmic. */
export function heatLegend(scale: HeatScale): readonly Segment[] {
  const out: Segment[] = [segment('lag ', 'dim'), segment(glyphs.heatZero, 'dim'), segment(' 0  ', 'dim')];
  for (let step = 1; step <= steps; step++) {
    out.push(segment(glyphs.heat[step - 1] ?? '█', heatToken(step)));
    if (step % 2 === 0) out.push(segment(` ≤${count(scale.max ** (step / steps))}  `, 'dim'));
  }
  out.push(segment('log scale  ', 'dim'), segment(`${glyphs.heatUnknown} unknown`, 'dim'));
  return out;
}
