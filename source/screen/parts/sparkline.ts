import { glyphs } from '../glyphs.js';

/**
 * A line of blocks, one column a value, against `max` (0 is the lowest block). NaN is a gap: a space.
 * Two lines that are to be compared are drawn with the same `max`.
 */
export function sparkline(values: Float64Array, max: number): string {
  const steps = glyphs.spark;
  let line = '';
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    const share = max > 0 ? Math.min(1, Math.max(0, value / max)) : 0;
    line += Number.isFinite(value) ? (steps[Math.round(share * (steps.length - 1))] ?? ' ') : ' ';
  }
  return line;
}

/** The largest finite value, or 0. */
export function peak(...lines: readonly Float64Array[]): number {
  let max = 0;
  for (const line of lines) for (const value of line) if (value > max && Number.isFinite(value)) max = value;
  return max;
}

/** Steps whose halves, which charts label too, are round as well. */
const roundSteps = [1, 1.5, 2, 3, 4, 6, 8, 10];

/**
 * The next of 1, 1.5, 2, 3, 4, 6, 8 × 10ⁿ: a scale that does not jitter while its maximum creeps, and of which the peak fills two
 * thirds at least.
 */
export function niceMax(max: number): number {
  if (!(max > 0) || !Number.isFinite(max)) return 1;
  const decade = 10 ** Math.floor(Math.log10(max));
  for (const step of roundSteps) if (max <= step * decade * (1 + 1e-9)) return step * decade;
  return 10 * decade;
}
