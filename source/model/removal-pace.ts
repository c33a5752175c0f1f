import type { Millis } from '../core/clock.js';

const kept = 8;
/** So many steps make a pace; fewer, where they lie so far apart. */
const enoughSteps = 3;
const longEnough: Millis = 3_600_000;

/**
 * How fast retention removes records. A log begins at a segment, so that its start stands still and then leaps: the pace is told from
 * several leaps. The first reading is none, for when the start came to be there is not known.
 */
export class RemovalPace {
  private readonly steps = new Map<number, { readonly at: Millis; readonly start: number }[]>();

  /** Takes a log start; returns records/s, NaN until enough of it was seen. */
  push(partition: number, at: Millis, start: number, before: number): number {
    if (start < before) this.steps.delete(partition);
    let steps = this.steps.get(partition);
    if (start > before) {
      if (steps === undefined) this.steps.set(partition, (steps = []));
      steps.push({ at, start });
      if (steps.length > kept) steps.shift();
    }
    return steps === undefined ? NaN : pace(steps, at);
  }
}

function pace(steps: readonly { readonly at: Millis; readonly start: number }[], now: Millis): number {
  const [first, last] = [steps[0], steps[steps.length - 1]];
  if (first === undefined || last === undefined || steps.length < 2) return NaN;
  const span = last.at - first.at;
  if (!(span > 0) || (steps.length < enoughSteps && span < longEnough)) return NaN;
  // Where it has not leapt for much longer than it used to, it has become slower.
  const usual = span / (steps.length - 1);
  const over = now - last.at > 2 * usual ? now - first.at : span;
  return ((last.start - first.start) / over) * 1000;
}
