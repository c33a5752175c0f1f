import type { Millis } from '../../core/clock.js';

/** About what a metric's window of 30 s remembers. */
const memory: Millis = 12_000;

/** An average that forgets: `before`, and then `value` for `ms`. */
export function smoothed(before: number, value: number, ms: Millis): number {
  return before + (value - before) * (1 - Math.exp(-ms / memory));
}
