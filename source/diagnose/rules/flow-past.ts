import type { Millis } from '../../core/clock.js';
import { valueOf } from '../../core/known.js';
import { duration } from '../../core/units.js';
import { middle } from '../../model/middle.js';
import type { FlowView } from '../../model/snapshot.js';
import { inUnit, spanOf } from '../evidence.js';
import type { Evidence } from '../finding.js';
import type { Limits } from '../limits.js';

/** What the worst task's fetches took while the flow kept up: their median, ms, and of what. */
export type UsualFetch = { readonly usual: number; readonly samples: number; readonly window: number };

/** Less is no past that a fault could be told from. */
const enough = { samples: 12, window: 300 } as const;

/**
 * What fetches take here while all is well, of the six hours that kmon keeps: the median of the moments at which as much was polled as
 * arrived, within what is called short. Undefined where too little of that was seen. Caught-up fetches wait for what is written
 * next, so that it may be more than a source needs to answer, and is never less.
 */
export function usualFetchOf(flow: FlowView, limits: Limits, at: Millis): UsualFetch | undefined {
  const series = flow.fetchLatencySeries;
  const short = limits.value('poll-short');
  const least = limits.value('volume-rate');
  const newest = series.newest(at);
  const times: Millis[] = [];
  const values: number[] = [];
  for (let i = 0; i <= newest; i++) {
    const time = series.timeAt(i);
    const value = series.valueAt(i);
    const arrival = flow.arrival.series.at(time);
    const taken = flow.poll.series.at(time) / arrival;
    if (Number.isNaN(value) || !(arrival >= least) || !(taken >= short && taken <= 1 / short)) continue;
    times.push(time);
    values.push(value);
  }
  const { window = 0, samples = 0 } = spanOf(times) ?? {};
  const usual = middle(Float64Array.from(values));
  if (usual === undefined || samples < enough.samples || window < enough.window) return undefined;
  return { usual, samples, window };
}

/** Whether fetches are slow: against what they took while the flow kept up, where that was seen, else against a threshold. */
export function fetchLatencyOf(flow: FlowView, usual: UsualFetch | undefined, limits: Limits): Evidence {
  const what = 'fetch latency, worst task';
  const now = valueOf(flow.fetchLatency);
  if (usual === undefined) return limits.compare(what, now, '>', 'fetch-latency');
  const { value: times, origin } = limits.threshold('fetch-latency-grown');
  const limit = Math.max(times * usual.usual, limits.value('fetch-latency-least'));
  const kept = `${inUnit(usual.usual, 'ms')} while it kept up`;
  return {
    what,
    value: `${inUnit(now, 'ms')}, ${kept}`,
    threshold: `> ${inUnit(limit, 'ms')}`,
    origin: `${inUnit(times, 'times')} its own of the last ${duration(usual.window * 1000)}; ${origin}`,
    holds: now === undefined ? 'unknown' : now > limit,
    ...(now !== undefined && { measured: now }),
    limit,
    unit: 'ms',
    setting: 'fetch-latency-grown',
    window: usual.window,
    samples: usual.samples,
  };
}
