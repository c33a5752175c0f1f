import type { Millis } from '../../core/clock.js';
import { valueOf } from '../../core/known.js';
import { batchesHeld, maxPollRecords } from '../../model/batches.js';
import { once } from '../../model/once.js';
import { behindBy, meanOver, meansLately } from '../../model/spans.js';
import type { FlowView, Snapshot } from '../../model/snapshot.js';
import { spanOf, type Window } from '../evidence.js';
import type { Evidence } from '../finding.js';
import type { Limits } from '../limits.js';
import { usualFetchOf, type UsualFetch } from './flow-past.js';

/** What can be asked about a flow of which no rate is known. */
export type Base = { readonly limits: Limits; readonly flow: FlowView; readonly snapshot: Snapshot };

/** The numbers that are compared; undefined is unknown. Arrival and growth of lag must be known, or no rate is judged. */
export type Facts = Base & {
  readonly at: Millis;
  readonly arrival: number;
  readonly slope: number;
  readonly window: Window | undefined;
  /** Lag for certain: the lower bound, or the upper one less what a flush interval writes. Exact once rested. */
  readonly lag: number;
  readonly poll: number | undefined;
  /** Poll ÷ arrival, both over one span. In the first seconds of a burst a mean of metrics holds less of it than one of end offsets. */
  readonly taken: number | undefined;
  /** Whether its tasks ran all of that time, as far as was seen: what they polled holds no time in which they were started. */
  readonly steady: boolean;
  readonly write: number | undefined;
  readonly inFlight: number | undefined;
  /** Records that the tasks hold when each has one full batch in work. */
  readonly batches: number;
  /** The fullest task's records in flight over one full batch, and how many tasks hold about one; unknown without metrics. */
  readonly fullest: number | undefined;
  readonly busy: number | undefined;
  readonly tasks: number;
  readonly partitions: number;
  /** Looks through hours, and so only when it is asked for. */
  readonly usualFetch: () => UsualFetch | undefined;
};

export const window: Millis = 60_000;

export function factsOf({ flow, snapshot, limits }: Base): Facts | undefined {
  const { at } = snapshot;
  const arrival = valueOf(flow.arrival.now);
  const slope = valueOf(flow.lagSlope);
  if (arrival === undefined || slope === undefined) return undefined;
  const write = valueOf(flow.write.now);
  const held = batchesHeld(flow);
  return {
    limits,
    flow,
    snapshot,
    at,
    arrival,
    slope,
    window: spanOf(flow.arrival.series.since(at - window, at).times),
    lag: certainLag(flow, write, at),
    poll: valueOf(flow.poll.now),
    ...takenOf(flow, at),
    write,
    inFlight: valueOf(flow.inFlight),
    batches: flow.tasks.length * maxPollRecords(flow),
    fullest: held.length === 0 ? undefined : Math.max(...held),
    busy: held.length === 0 ? undefined : held.filter(h => h >= fullBatch).length,
    tasks: flow.tasks.length,
    partitions: flow.partitions.length,
    usualFetch: once(() => usualFetchOf(flow, limits, at)),
  };
}

/** A task that works without a pause holds one batch, of which some records are already acknowledged. */
const fullBatch = 0.7;

/** Seconds that may pass between a flush and kmon's reading of it. */
const readingDelay = 30;

/** A flush that fails, or that a restart puts off, is made up for by the next: until then what was written since the last lies behind none. */
function certainLag(flow: FlowView, write: number | undefined, at: Millis): number {
  const lag = valueOf(flow.lag);
  if (lag === undefined) return 0;
  if (lag.rested) return lag.low;
  const { lastFlush, flushInterval } = flow;
  const sinceFlush = lastFlush === undefined ? 0 : (at - lastFlush) / 1000;
  const seconds = Math.max(flushInterval.seconds, sinceFlush) + readingDelay;
  return Math.max(lag.low, lag.high - (write ?? Infinity) * seconds);
}

function takenOf(flow: FlowView, at: Millis): Pick<Facts, 'taken' | 'steady'> {
  const poll = { series: flow.poll.series, over: flow.poll.over ?? window };
  const arrival = { series: flow.arrival.series, over: flow.arrival.over ?? window };
  const span = Math.max(poll.over, arrival.over);
  const late = behindBy(poll.over);
  const now = valueOf(flow.poll.now);
  const polled = now === undefined || span === poll.over ? now : meanOver(poll, span, at);
  const arrived = meansLately(arrival, span, late, [poll.series.timeBefore(at)]);
  return {
    taken: polled === undefined || arrived === undefined ? undefined : share(polled, arrived.least),
    steady: at - (flow.restarts.last ?? -Infinity) > span + late,
  };
}

export function gateOf(f: Facts): { readonly open: boolean; readonly evidence: readonly Evidence[] } {
  const { limits } = f;
  const grown = f.slope * (f.window?.window ?? 0);
  const volume = limits.compare('arrival at the source', f.arrival, '≥', 'volume-rate', f.window);
  const rising = limits.compare(
    'growth of lag ÷ arrival',
    share(f.slope, f.arrival),
    '≥',
    'rising',
    f.window,
  );
  const timeLag = limits.compare('lag ÷ arrival', share(f.lag, f.arrival), '≥', 'time-lag');
  const isRising = rising.holds === true && grown >= Math.max(50, f.arrival);
  const drains =
    -f.slope >= limits.value('draining') * f.arrival && f.lag < -f.slope * limits.value('drain-time');
  const stands = f.lag >= limits.value('volume-lag') && timeLag.holds !== false && !drains;
  const enough = volume.holds === true || f.lag >= limits.value('volume-lag');
  return { open: enough && (isRising || stands), evidence: [volume, rising, timeLag] };
}

export function share(part: number, whole: number): number | undefined {
  return whole > 0 ? part / whole : undefined;
}
