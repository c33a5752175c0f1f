import type { Millis } from '../../core/clock.js';
import { latency } from '../../core/units.js';
import { ok, type Check } from './examination.js';

/** Times that are seen on both sides are read by people: beyond this they mislead, ms. */
const tolerated = 2_000;

/** What another clock showed at some moment between two of this host's. */
export type ClockReading = {
  readonly asked: Millis;
  readonly answered: Millis;
  readonly there: Millis;
  /** It showed `there` for so long: 1,000 where it tells whole seconds. */
  readonly grain: Millis;
};

/** How far a clock is ahead of another, and how well that is known. */
export type Offset = { readonly ahead: Millis; readonly within: Millis };

export function offsetOf({ asked, answered, there, grain }: ClockReading): Offset {
  return { ahead: there + grain / 2 - (asked + answered) / 2, within: (answered - asked + grain) / 2 };
}

/** A clock that may be right is not blamed. */
export function isRight({ ahead, within }: Offset): boolean {
  return Math.abs(ahead) - within <= tolerated;
}

/** `lost` is what a wrong clock spoils. */
export function clockCheck(whose: string, offset: Offset, other: string, lost: string): Check {
  const { ahead, within } = offset;
  const far = `${latency(Math.abs(ahead))} ${ahead < 0 ? 'behind' : 'ahead of'} ${other}`;
  const says = `${whose} is ${far} (±${latency(within)})`;
  if (isRight(offset)) return ok('clock', says);
  const repair = 'set both by NTP: chronyc tracking, or timedatectl, on each host';
  return { is: 'missing', check: 'clock', says, lost, repair };
}

/** Those that are right are one check; each of the others is one. */
export function clockChecks(
  kind: string,
  offsets: ReadonlyMap<string, Offset>,
  other: string,
  lost: string,
): readonly Check[] {
  const right = [...offsets.values()].filter(isRight);
  const worst = Math.max(...right.map(({ ahead, within }) => Math.abs(ahead) + within));
  const many =
    right.length === 1 ? `the clock of 1 ${kind} is` : `the clocks of ${right.length} ${kind}s are`;
  return [
    ...(right.length > 0 ? [ok('clock', `${many} within ${latency(worst)} of ${other}`)] : []),
    ...[...offsets]
      .filter(([, offset]) => !isRight(offset))
      .map(([name, offset]) => clockCheck(`the clock of ${name}`, offset, other, lost)),
  ];
}
