import { own, runbook, type Thresholds } from './threshold.js';

const throttled = 'measured on a throttled MirrorMaker 2';
const simulated = `${own}, by simulation`;

/** What limits a flow of MirrorMaker 2. */
export const flowThresholds = {
  'volume-rate': {
    value: 10,
    unit: 'records/s',
    origin: own,
    meaning: 'below this arrival nothing is said about rates: they are mostly quantisation',
  },
  'volume-lag': {
    value: 1_000,
    unit: 'records',
    origin: own,
    meaning: 'a flow with less lag is not late, whatever its rates',
  },
  rising: {
    value: 0.03,
    unit: 'share',
    origin: simulated,
    meaning: 'lag rises when its growth exceeds this share of arrival: a 5 % deficit, not bursts',
  },
  draining: {
    value: 0.02,
    unit: 'share',
    origin: simulated,
    meaning: 'lag drains when it shrinks by this share of arrival or more',
  },
  'drain-time': {
    value: 1_800,
    unit: 's',
    origin: `${runbook}: 1M records in 30 min`,
    meaning: 'a backlog that is gone sooner is a burst being worked off',
  },
  'time-lag': {
    value: 10,
    unit: 's',
    origin: own,
    meaning: 'lag ÷ arrival beyond which a flow is late',
  },
  'produce-throttle': {
    value: 100,
    unit: 'ms',
    origin: runbook,
    meaning: 'produce-throttle-time-avg of the worst task: the target’s quota holds it back',
  },
  'buffer-used': {
    value: 0.7,
    unit: 'share',
    origin: runbook,
    meaning: 'used share of the producer’s buffer, worst task',
  },
  'buffer-wait': {
    value: 0.1,
    unit: 'share',
    origin: own,
    meaning: 'bufferpool-wait-ratio, worst task: share of the time that send() waits for memory',
  },
  'time-in-producer': {
    value: 5,
    unit: 's',
    origin: throttled,
    meaning:
      '(in flight − batches in work) ÷ write: 0.01 s while healthy, 23…190 s when the target throttles',
  },
  'batches-in-work': {
    value: 0.3,
    unit: 'times',
    origin: 'measured on an overloaded MirrorMaker 2',
    meaning:
      'in flight ÷ max.poll.records of a task: 0.1 while healthy, 1 when it cannot keep up; a starved task holds nothing',
  },
  'request-latency': {
    value: 50,
    unit: 'ms',
    origin: runbook,
    meaning: 'request-latency-avg of the producer, worst task: brokers or the way to them are slow',
  },
  'poll-share': {
    value: 0.8,
    unit: 'share',
    origin: runbook,
    meaning: 'poll ÷ arrival below which tasks take too little',
  },
  'poll-share-blind': {
    value: 0.5,
    unit: 'share',
    origin: runbook,
    meaning: 'the same where nothing of the fetches is measured',
  },
  silence: {
    value: 45,
    unit: 's',
    origin: own,
    meaning: 'so long nothing may be polled while records arrive: metrics are averages over half a minute',
  },
  'fetch-throttle': {
    value: 10,
    unit: 'ms',
    origin: own,
    meaning: 'fetch-throttle-time-avg of the worst task: the source’s quota holds it back',
  },
  'fetch-latency': {
    value: 100,
    unit: 'ms',
    origin: runbook,
    meaning:
      'fetch-latency-avg of the worst task, where kmon saw too little of its healthy past; a caught-up fetch waits up to fetch.max.wait.ms (500) by itself, so alone it proves nothing',
  },
  'fetch-latency-grown': {
    value: 2,
    unit: 'times',
    origin: own,
    meaning: 'the same against its own median of the moments at which as much was polled as arrived',
  },
  'fetch-latency-least': {
    value: 20,
    unit: 'ms',
    origin: `${own}: 50 fetches/s of up to 500 records each`,
    meaning: 'what takes no longer is not slow, however fast it was before',
  },
  'poll-batch-time': {
    value: 100,
    unit: 'ms',
    origin: `${own}: a tenth of MirrorMaker 2’s poll time-out (1 s)`,
    meaning:
      'poll-batch-avg-time-ms of the fastest task: even the task that gets most waits for its batches. Caught-up tasks wait as well, so it counts only where records lie there for certain',
  },
  'poll-short': {
    value: 0.95,
    unit: 'share',
    origin: own,
    meaning: 'poll that is this close to arrival does not fall behind it',
  },
  'poll-write-gap': {
    value: 0.05,
    unit: 'share',
    origin: own,
    meaning: 'poll and write are equal within this share',
  },
  'hot-partition': {
    value: 0.5,
    unit: 'share',
    origin: own,
    meaning: 'share of a flow’s lag in one partition of several',
  },
  'worker-cpu': {
    value: 0.85,
    unit: 'share',
    origin: runbook,
    meaning: 'CPU of a worker, or of its host',
  },
  'workers-share': {
    value: 0.25,
    unit: 'share',
    origin: 'measured on a shared host: 0.34 to 0.47 where a converter computes, 0.06 where it waits',
    meaning: 'share of the CPU in use of a host, that its workers must have for its CPU to be their limit',
  },
  'worker-memory': {
    value: 0.9,
    unit: 'share',
    origin: runbook,
    meaning: 'used memory of a worker’s host, page cache not counted',
  },
  'worker-heap': {
    value: 0.9,
    unit: 'share',
    origin: runbook,
    meaning: 'heap of a worker at its lowest of ten minutes: what is left after garbage was collected',
  },
  'gc-share': {
    value: 0.1,
    unit: 'share',
    origin: runbook,
    meaning: 'share of its time that a worker collects garbage',
  },
  'host-network': {
    value: 200_000_000,
    unit: 'bytes/s',
    origin: `${own}: 80 % of 1 Gbit/s each way; set it to your hosts’`,
    meaning: 'bytes in and out of a worker’s host; a cause only where requests or fetches are slow as well',
  },
  'buffer-small': {
    value: 8_388_608,
    unit: 'bytes',
    origin: `${own}: a quarter of Kafka’s default`,
    meaning: 'buffer.memory of a producer below which it is full before a pause of the target is over',
  },
  'batch-small': {
    value: 4_096,
    unit: 'bytes',
    origin: `${own}: a quarter of batch.size’s default`,
    meaning: 'average batch of a producer, where many requests go out',
  },
  'request-rate': {
    value: 200,
    unit: 'count',
    origin: own,
    meaning: 'requests/s of one task: beyond it the round trips count, and larger batches carry more',
  },
  'dropped-share': {
    value: 0.02,
    unit: 'share',
    origin: `${runbook}: 1 %, widened by what a batch in work hides`,
    meaning: 'share of the polled records that were neither written nor are in flight, over five minutes',
  },
} as const satisfies Thresholds;
