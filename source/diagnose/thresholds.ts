/** A number that a rule compares with: its value, its unit, and who says so. */
export type Threshold = { readonly value: number; readonly unit: Unit; readonly origin: string };

export type Unit = 'ms' | 's' | 'share' | 'records' | 'records/s';

const runbook = 'operations runbook';
const measured = 'measured on a throttled MirrorMaker 2';
const own = 'kmon default';

export const thresholds = {
  /** Below this flow nothing is said about rates: they are mostly quantisation. */
  'volume-rate': { value: 10, unit: 'records/s', origin: own },
  'volume-lag': { value: 1_000, unit: 'records', origin: own },
  /** Lag rises when its growth exceeds this share of arrival: separates a 5 % deficit from traffic that is only bursty. */
  rising: { value: 0.03, unit: 'share', origin: `${own}, by simulation` },
  /** Lag drains when it shrinks by this share of arrival or more. */
  draining: { value: 0.02, unit: 'share', origin: `${own}, by simulation` },
  /** A backlog that is gone sooner is a burst being worked off. */
  'drain-time': { value: 1_800, unit: 's', origin: `${runbook}: 1M records in 30 min` },
  /** Lag in seconds of arrival beyond which a flow is late. */
  'time-lag': { value: 10, unit: 's', origin: own },
  'produce-throttle': { value: 100, unit: 'ms', origin: runbook },
  'buffer-used': { value: 0.7, unit: 'share', origin: runbook },
  'buffer-wait': { value: 0.1, unit: 'share', origin: own },
  /** (In flight − batches in work) ÷ write: 0.01 s while healthy, 23…190 s when throttled. */
  'time-in-producer': { value: 5, unit: 's', origin: measured },
  /** In flight ÷ max.poll.records of a task: 0.1 while healthy, 1 when it cannot keep up; a starved task holds nothing. */
  'batches-in-work': { value: 0.3, unit: 'share', origin: 'measured on an overloaded MirrorMaker 2' },
  'request-latency': { value: 50, unit: 'ms', origin: runbook },
  'poll-share': { value: 0.8, unit: 'share', origin: runbook },
  'poll-share-blind': { value: 0.5, unit: 'share', origin: runbook },
  /** So long nothing may be polled while records arrive: metrics are averages over half a minute. */
  silence: { value: 45, unit: 's', origin: own },
  'fetch-throttle': { value: 10, unit: 'ms', origin: own },
  /** A caught-up fetch waits up to `fetch.max.wait.ms` (500) by itself, so that alone proves nothing. */
  'fetch-latency': { value: 100, unit: 'ms', origin: runbook },
  /** Poll that is this close to arrival does not fall behind it. */
  'poll-short': { value: 0.95, unit: 'share', origin: own },
  /** Poll and write are equal within this share. */
  'poll-write-gap': { value: 0.05, unit: 'share', origin: own },
  /** Of the whole lag, in one partition of several. */
  'hot-partition': { value: 0.5, unit: 'share', origin: own },
  'worker-cpu': { value: 0.85, unit: 'share', origin: runbook },
} as const satisfies Record<string, Threshold>;

export type ThresholdName = keyof typeof thresholds;
