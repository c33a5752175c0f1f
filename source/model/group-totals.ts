import type { Millis } from '../core/clock.js';
import { failure, type Failure } from '../core/failure.js';
import { isKnown, seen, unknown, type Known } from '../core/known.js';
import type { TimeLag } from './snapshot.js';

/** Totals over the partitions of one topic that a group has committed in. */
export type Totals = {
  count: number;
  known: number;
  lag: number;
  /** The largest lag of one partition. */
  most: number;
  /** Partitions that had a lag and now have none that is known. */
  faded: number;
  oldest: Millis;
  reason: Failure | undefined;
  /** Age of the first unread record of the partition where it is oldest, ms; `ageBound`: it is at least that. */
  age: Millis;
  ageBound: boolean;
  /** Partitions with a lag whose age is not known. */
  ageless: number;
  /** Records that retention removed before they were read; NaN where a log start is not known. */
  lost: number;
};

export function noTotals(): Totals {
  return {
    count: 0,
    known: 0,
    lag: 0,
    most: 0,
    faded: 0,
    oldest: Infinity,
    reason: undefined,
    age: NaN,
    ageBound: false,
    ageless: 0,
    lost: 0,
  };
}

/** That of the partition that is furthest behind; a bound, too, where another one's is not known. */
export function timeLagOf(group: string, lag: Known<number>, totals: Totals): Known<TimeLag> {
  if (!isKnown(lag)) return unknown(lag.unknown, lag.since);
  const { age, ageBound, ageless, count, known } = totals;
  if (!Number.isNaN(age) && (age > 0 || ageless === 0))
    return seen({ ms: age, bound: ageBound || ageless > 0 || known < count }, lag.at);
  return unknown(failure('early', `time lag of ${group}`, 'needs two readings of the log ends'), lag.at);
}

export function lostOf(group: string, lag: Known<number>, { lost: records }: Totals): Known<number> {
  const at = isKnown(lag) ? lag.at : lag.since;
  if (!Number.isNaN(records)) return seen(records, at);
  return unknown(failure('absent', `records that ${group} lost`, 'not all log starts are known'), at);
}
