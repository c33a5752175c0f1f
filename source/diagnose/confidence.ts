import type { Confidence, Evidence } from './finding.js';

/** Something that was looked at and counts: for the verdict where `by` is positive, against it where it is negative. */
export type Weight = {
  readonly what: string;
  readonly holds: boolean | 'unknown';
  /** How much it moves the certainty, −1…1. */
  readonly by: number;
};

export type Weighed = {
  readonly confidence: Confidence;
  readonly certainty: number;
  readonly raise: readonly string[];
};

/** What is at least so certain is called high, and medium. */
const high = 0.8;
const medium = 0.5;

/**
 * certainty = base + Σ support that holds + Σ contradiction that holds, within 0…1.
 *
 * What is not known adds no support, and half of the contradiction that it might be: less knowledge is never more certain.
 * It is named as what would raise the confidence.
 */
export function weigh(base: number, weights: readonly Weight[]): Weighed {
  const sum = weights.reduce((total, { holds, by }) => {
    if (holds === 'unknown') return total + Math.min(0, by) / 2;
    return holds ? total + by : total;
  }, base);
  const certainty = Math.round(Math.min(1, Math.max(0, sum)) * 100) / 100;
  return {
    confidence: certainty >= high ? 'high' : certainty >= medium ? 'medium' : 'low',
    certainty,
    raise: [...new Set(weights.filter(w => w.holds === 'unknown' && w.by !== 0).map(w => w.what))],
  };
}

/** A comparison as a weight. */
export function weight({ what, holds }: Pick<Evidence, 'what' | 'holds'>, by: number): Weight {
  return { what, holds, by };
}
