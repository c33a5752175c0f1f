import type { Millis } from '../core/clock.js';

/** A broker that stood still may answer as the leader that it was, for so long after the new one was heard, ms. */
const deposed: Millis = 30_000;

/**
 * Whether an end offset is that of a leader which does not know yet that it leads no more: what it tells is not believed. Epochs only
 * grow, but where a topic was made anew; that is believed once the last leader was not heard for a while. NaN: no epoch is known.
 */
export function isOfDeposed(epoch: number, newest: number, asked: Millis, heard: Millis): boolean {
  return epoch < newest && asked - heard <= deposed;
}
