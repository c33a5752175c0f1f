import type { Millis } from '../../core/clock.js';
import { maxPollRecords } from '../../model/batches.js';
import type { ReadonlySeries } from '../../model/series.js';
import type { Judgement } from '../rule.js';
import { window, type Facts } from './flow-facts.js';

/** Longer than the 5 s between two looks, which lie a little closer or wider: each stretch holds one that is new. */
const stretch: Millis = 6_000;
/** Five looks, so that a burst must last for 20 s of them to be taken for a load that stays. */
const stretches = 3;

/** What tasks held in flight at a moment that speaks against a verdict; what is not known speaks against none. */
const contradicted: ReadonlyMap<string, (f: Facts, inFlight: number) => boolean> = new Map([
  // As many tasks work as hold a full batch now.
  ['capacity-exceeded', (f, inFlight) => inFlight < working(f) * Math.max(1, f.busy ?? 1)],
  ['source-limited', (f, inFlight) => inFlight >= working(f) * f.tasks],
]);

/**
 * Since when a limit of the tasks or of the source has held, where kmon was started in the middle of it: in all that it saw the lag grew
 * from each look to the next, by what is called rising, and what tasks held agrees. Undefined once kmon has watched for a minute, and
 * saw how it began; and where the lag did not grow all the time, or the looks are too few.
 */
export function grownSince(f: Facts, verdict: string): Judgement['heldSince'] {
  const { flow, at, limits, arrival } = f;
  const isAgainst = contradicted.get(verdict);
  const lag = flow.lagSeries;
  const first = firstKnown(lag);
  // Of both, for a broken recording may hold a lag of any time: what is walked through below has an end.
  const hasJustBegun = at - flow.arrival.series.timeAt(0) <= window && at - first <= window;
  if (isAgainst === undefined || !hasJustBegun) return undefined;
  const rising = (limits.value('rising') * arrival * stretch) / 1000;
  let since = at;
  for (; since - stretch >= first; since -= stretch) {
    if (!(lag.at(since) - lag.at(since - stretch) >= rising)) return undefined;
    if (isAgainst(f, flow.inFlightSeries.at(since))) return undefined;
  }
  return at - since < stretches * stretch ? undefined : { at: lag.timeBefore(since), bound: true };
}

/** When it was first known; NaN where it never was. */
function firstKnown(series: ReadonlySeries): Millis {
  let i = 0;
  while (i < series.length && Number.isNaN(series.valueAt(i))) i++;
  return series.timeAt(i);
}

/** Records in flight of a task that works, and does not wait for them. */
function working({ flow, limits }: Facts): number {
  return limits.value('batches-in-work') * maxPollRecords(flow);
}
