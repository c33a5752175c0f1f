import { valueOf } from '../../core/known.js';
import { inUnit } from '../../core/quantity.js';
import { bytes, latency, percent } from '../../core/units.js';
import { batchesHeld } from '../../model/batches.js';
import type { FlowView, WorkerView } from '../../model/snapshot.js';

/** Beyond these something else than the number of tasks holds a flow back (the same numbers as the flow rule's). */
const throttleMs = 100;
const bufferShare = 0.7;
const waitShare = 0.1;
const fetchThrottleMs = 10;
const fetchMs = 100;
const cpuShare = 0.85;
/** Of one batch, in the fullest task. */
const batchInWork = 0.3;
/** In flight ÷ write, s: 0.01 while healthy, 23…190 when throttled. */
const secondsInProducer = 5;

/** What at the target holds the flow back; undefined where nothing was found. Through back-pressure it makes everything before it look slow. */
export function limitAtTarget(flow: FlowView): string | undefined {
  const throttle = valueOf(flow.throttle) ?? 0;
  if (throttle > throttleMs) {
    return `the target throttles it by ${latency(throttle)}: a quota holds writes, and its tasks share it`;
  }
  const buffer = valueOf(flow.bufferUsed) ?? 0;
  if (buffer >= bufferShare) {
    return `producer buffers are ${percent(buffer)} full: the target takes records slower than tasks bring them`;
  }
  const wait = valueOf(flow.waitRatio) ?? 0;
  if (wait >= waitShare) {
    return `tasks wait ${percent(wait)} of their time for producer buffer: the target is the limit`;
  }
  const inProducer = (valueOf(flow.inFlight) ?? 0) / Math.max(valueOf(flow.write.now) ?? Infinity, 1);
  if (inProducer > secondsInProducer) {
    return `records stay ${inUnit(inProducer, 's')} in the producer: the target is the limit`;
  }
  return undefined;
}

/** What holds the flow back that more tasks do not cure; undefined where nothing was found. A throttled or slow target comes first. */
export function limitElsewhere(flow: FlowView, workers: readonly WorkerView[]): string | undefined {
  const atTarget = limitAtTarget(flow);
  if (atTarget !== undefined) return atTarget;
  const fetchThrottle = valueOf(flow.fetchThrottle) ?? 0;
  if (fetchThrottle > fetchThrottleMs) {
    return `the source throttles fetches by ${latency(fetchThrottle)}: a quota holds reads`;
  }
  // A fetch waits up to 500 ms where there is nothing to read, so its latency says something only while reading lags and
  // no task has a batch in work.
  const fetch = valueOf(flow.fetchLatency) ?? 0;
  const fullest = Math.max(0, ...batchesHeld(flow));
  const starved =
    fullest < batchInWork && (valueOf(flow.poll.now) ?? Infinity) < 0.8 * (valueOf(flow.arrival.now) ?? 0);
  if (fetch > fetchMs && starved) {
    return `fetches take ${latency(fetch)}: the way to the source is the limit`;
  }
  const cpu = busiest(workers, 'processCpu');
  if (cpu !== undefined && cpu >= cpuShare) {
    return `a worker uses ${percent(cpu)} of its host's cores: more tasks share the same cores`;
  }
  return undefined;
}

/** What of the above was not measured, so that nothing found does not mean nothing there. */
export function unmeasured(flow: FlowView, workers: readonly WorkerView[]): readonly string[] {
  const facts: readonly (readonly [string, unknown])[] = [
    ['throttle time', valueOf(flow.throttle)],
    ['producer buffers', valueOf(flow.bufferUsed)],
    ['fetch throttle time', valueOf(flow.fetchThrottle)],
    ['CPU of the workers', busiest(workers, 'processCpu')],
  ];
  return facts.filter(([, value]) => value === undefined).map(([what]) => what);
}

/** What each further task costs the workers, where it is known. */
export function costOfTask(bufferMemory: string | undefined): string {
  const size = bufferMemory === undefined ? 32 * 1024 * 1024 : Number(bufferMemory);
  return `a consumer and a producer with ${bytes(size)} of buffer`;
}

/** A host without CPU left, although the worker itself uses little of it; undefined where there is none. */
export function crowdedHost(workers: readonly WorkerView[]): string | undefined {
  const host = busiest(workers, 'hostCpu');
  if (host === undefined || host < cpuShare) return undefined;
  return `a worker's host is ${percent(host)} busy, mostly with other work: more tasks compete for what is left`;
}

/** The busiest worker's share of its host's cores, or its host's, 0…1. */
function busiest(workers: readonly WorkerView[], what: 'processCpu' | 'hostCpu'): number | undefined {
  const known = workers.map(worker => valueOf(worker[what])).filter(share => share !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
