import { count, percent } from '../../core/units.js';
import { glyphs } from '../glyphs.js';
import { segment, type Segment } from '../row.js';
import { heatTokens, type Token } from '../theme.js';
import { niceMax } from './sparkline.js';

/**
 * A quantity as shade. Logarithmic: step i of 8 reaches up to max^(i/8), so one outlier does not flatten the rest and a small lag is
 * never drawn as none. Shares are linear. 0 has its own mark, and so have what shrinks and "not known".
 */
export type HeatScale = {
  readonly max: number;
  /** What is drawn, as the legend calls it. */
  readonly name: string;
  readonly kind: 'log' | 'linear';
  readonly format: (value: number) => string;
  /** Values below 0 have a meaning: it shrinks. */
  readonly signed?: true;
};

const steps = heatTokens.length;
const leastMax = 1000;
const leastRate = 100;

/** A scale of lag that holds the largest of the values, rounded up to a number that is easily read; a few records are never alarming. */
export function heatScale(max: number): HeatScale {
  return { max: Math.max(leastMax, niceMax(max)), name: 'lag', kind: 'log', format: count };
}

/** Of how fast lag grows, records/s. */
export function rateScale(max: number): HeatScale {
  const top = Math.max(leastRate, niceMax(max));
  return { max: top, name: 'growth/s', kind: 'log', format: count, signed: true };
}

/** Of a share of the whole, 0…1. */
export const shareScale: HeatScale = { max: 1, name: 'share', kind: 'linear', format: percent };

/** 0 for no lag, 1…8 for a step, NaN for not known. */
export function heatStep(value: number, scale: HeatScale): number {
  if (Number.isNaN(value)) return NaN;
  if (value <= 0) return 0;
  const share =
    scale.kind === 'linear' ? value / scale.max : Math.log(Math.max(1, value)) / Math.log(scale.max);
  return Math.min(steps, Math.max(1, Math.ceil(share * steps - 1e-9)));
}

export function heatCell(value: number, scale: HeatScale): Segment {
  const step = heatStep(value, scale);
  if (Number.isNaN(step)) return segment(glyphs.heatUnknown, 'dim');
  if (value < 0 && scale.signed) return segment(glyphs.heatShrinks, 'ok');
  if (step === 0) return segment(glyphs.heatZero, 'dim');
  return segment(glyphs.heat[step - 1] ?? '█', heatToken(step));
}

function heatToken(step: number): Token {
  return heatTokens[step - 1] ?? 'heat8';
}

/** What the shades mean, in numbers, and that the scale is logarithmic. */
export function heatLegend(scale: HeatScale): readonly Segment[] {
  const out: Segment[] = [
    segment(`${scale.name} `, 'dim'),
    segment(glyphs.heatZero, 'dim'),
    segment(' 0  ', 'dim'),
  ];
  for (let step = 1; step <= steps; step++) {
    out.push(segment(glyphs.heat[step - 1] ?? '█', heatToken(step)));
    if (step % 2 === 0) out.push(segment(` ≤${scale.format(topOf(step, scale))}  `, 'dim'));
  }
  if (scale.signed) out.push(segment(glyphs.heatShrinks, 'ok'), segment(' shrinks  ', 'dim'));
  out.push(segment(`${scale.kind} scale  `, 'dim'), segment(`${glyphs.heatUnknown} unknown`, 'dim'));
  return out;
}

/** The largest value of a step. */
function topOf(step: number, { kind, max }: HeatScale): number {
  return kind === 'linear' ? (max * step) / steps : max ** (step / steps);
}
