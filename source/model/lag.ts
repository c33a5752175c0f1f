import type { Millis } from '../core/clock.js';
import { failure } from '../core/failure.js';
import { isKnown, lost, seen, type Known } from '../core/known.js';
import type { LagBounds } from './snapshot.js';

/** Lag of a consumer group in one partition. The end is read after the commit, so a negative is a race: 0. */
export function groupLag(end: number, committed: number): number {
  return Math.max(0, end - committed);
}

/**
 * The number to draw over time. The lower end moves exactly as the lag does (both are S − T plus a constant) and is the
 * lag itself once the flow was seen at rest; the upper end climbs with every record until the next flush, so that a
 * line of it would rise in perfect health.
 */
export function drawn(lag: LagBounds): number {
  return lag.method === 'bounded' ? lag.low : lag.high;
}

/**
 * Lag of a flow: the sum over its partitions. One partition without a known lag makes the sum unknown (`partial`),
 * for it would be too small by an unknown amount; `before` is kept as what was last known.
 */
export function totalLag(
  subject: string,
  partitions: readonly Known<LagBounds>[],
  before: Known<LagBounds> | undefined,
  at: Millis,
): Known<LagBounds> {
  if (partitions.length === 0)
    return lost(before, failure('early', subject, 'no replicated partition is known yet'), at);
  let [low, high, oldest, missing] = [0, 0, Infinity, 0];
  let rested = true;
  let method: LagBounds['method'] = 'bounded';
  let reason;
  for (const lag of partitions) {
    if (!isKnown(lag)) {
      missing++;
      reason ??= lag.unknown;
      continue;
    }
    low += lag.value.low;
    high += lag.value.high;
    oldest = Math.min(oldest, lag.at);
    rested &&= lag.value.rested;
    if (lag.value.method === 'flushed') method = 'flushed';
  }
  if (reason === undefined) return seen({ low, high, method, rested }, oldest);
  if (missing === partitions.length) return lost(before, reason, at);
  const detail = `${missing} of ${partitions.length} partitions: ${reason.subject} ${reason.detail}`;
  return lost(before, failure('partial', subject, detail), at);
}
