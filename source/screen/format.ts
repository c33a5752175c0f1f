import type { Millis } from '../core/clock.js';
import { isKnown, latest, valueOf, type Known } from '../core/known.js';
import { count, duration, unknownMark } from '../core/units.js';
import type { GroupView, LagBounds } from '../model/snapshot.js';
import { glyphs } from './glyphs.js';
import { segment, type Segment } from './row.js';
import type { Token } from './theme.js';

/** Time of day where the user is: `14:32:08`, or `14:32`. */
export function timeOfDay(at: Millis, precision: 'seconds' | 'minutes' = 'seconds'): string {
  if (!Number.isFinite(at)) return unknownMark;
  const d = new Date(at);
  const two = (n: number): string => String(n).padStart(2, '0');
  const minutes = `${two(d.getHours())}:${two(d.getMinutes())}`;
  return precision === 'minutes' ? minutes : `${minutes}:${two(d.getSeconds())}`;
}

/** A fact as text in its meaning: unknown is dim, a value from before the trouble is stale. */
export function fact<T>(known: Known<T>, format: (value: T) => string, as: Token = 'text'): Segment {
  if (isKnown(known)) return segment(format(known.value), as);
  const last = latest(known);
  return last ? segment(format(last.value), 'stale') : segment(unknownMark, 'dim');
}

/** The same with the age of a value from before the trouble, where there is room to say it. */
export function agedFact<T>(
  known: Known<T>,
  at: Millis,
  format: (value: T) => string,
  as: Token = 'text',
): Segment {
  if (isKnown(known)) return segment(format(known.value), as);
  const last = latest(known);
  if (!last) return segment(unknownMark, 'dim');
  return segment(`${format(last.value)} ${duration(at - last.at)} ago`, 'stale');
}

/** The number to show for lag: exact once the flow was seen at rest, else an upper bound. */
export function lagText(lag: LagBounds): string {
  if (lag.rested || lag.low === lag.high) return count(lag.low);
  return `${glyphs.atMost} ${count(lag.high)}`;
}

export function lagNumber(lag: LagBounds): number {
  return lag.rested ? lag.low : lag.high;
}

/**
 * Whether a group's lag will not drain as things are: it must be known to rise. The sawtooth of commits rises between
 * two of them in every healthy group.
 */
export function neverDrains(group: GroupView): boolean {
  return valueOf(group.lagTrend)?.rising === true;
}

/** Growth per second with its sign: `+3.30k/s`. */
export function slope(perSecond: number): string {
  if (!Number.isFinite(perSecond)) return unknownMark;
  const rounded = Math.abs(perSecond) < 0.05 ? 0 : perSecond;
  return `${rounded > 0 ? '+' : ''}${count(rounded)}/s`;
}

/** Age of a finding; `≥` where its start was not seen. */
export function age(since: Millis, at: Millis, isBound: boolean): string {
  return `${isBound ? `${glyphs.atLeast} ` : ''}${duration(at - since)}`;
}
