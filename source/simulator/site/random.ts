/** The next number in [0, 1) of a sequence that its seed fixes (mulberry32); the state lives in `holder.seed`. */
export function random(holder: { seed: number }): number {
  holder.seed = (holder.seed + 0x6d2b79f5) | 0;
  let t = Math.imul(holder.seed ^ (holder.seed >>> 15), 1 | holder.seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
}

/** About `value`: at most `share` of it more or less. */
export function about(value: number, share: number, holder: { seed: number }): number {
  return value * (1 + share * (2 * random(holder) - 1));
}
