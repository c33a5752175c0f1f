import { valueOf } from '../../core/known.js';
import { bytes, count, latency, percent } from '../../core/units.js';
import type { FlowView, WorkerView } from '../../model/snapshot.js';
import { restartRisk } from '../changes/config.js';
import type { ConnectorInput } from '../connector-action.js';
import { producerKey } from '../keys.js';
import type { Change, Plan } from '../plan.js';
import { tuneKeys } from './tune-keys.js';

const sources: readonly FlowView['kind'][] = ['mirror-source', 'source'];

/** Kafka's defaults, of which a connector that sets nothing has these. */
const defaults: Readonly<Record<string, string>> = {
  'batch.size': '16384',
  'linger.ms': '0',
  'buffer.memory': '33554432',
  'compression.type': 'none',
};

const batch = { 'batch.size': '65536' };
const linger = { 'linger.ms': '5' };
const lz4 = { 'compression.type': 'lz4' };
const buffer = { 'buffer.memory': '67108864' };

const byHand = (key: string): string =>
  `\`curl -X PATCH …/connectors/NAME/config -d '{"${key}":"…"}'\`, or PUT of the whole before Connect 3.8`;
const undo = 'each key back to what it was, or unset, with a second restart';
const restart = 'medium: all tasks stop and start again';

/** The producer's part of the runbook in one plan and one restart. */
export const tuneProducer = tuneKeys({
  id: 'producer-throughput',
  title: 'Larger batches: batch.size, linger.ms and compression in one restart',
  about: {
    changes:
      '`producer.override.batch.size` 65536, `producer.override.linger.ms` 5, `producer.override.compression.type` lz4',
    risk: `${restart}; each record waits up to 5ms longer; compression costs CPU`,
    undo,
    byHand: byHand('producer.override.batch.size'),
  },
  kinds: sources,
  keys: () => overrides({ ...batch, ...linger, ...lz4 }),
  reached,
  why: whyOf,
  cure: cureOf,
  expect: (input, changes) => [...expectBatches(input, changes), ...expectCompression(changes)],
});

export const batchSize = tuneKeys({
  id: 'batch-size',
  title: 'Larger batches: batch.size 65536',
  about: {
    changes: '`producer.override.batch.size` 65536',
    risk: restart,
    undo,
    byHand: byHand('producer.override.batch.size'),
  },
  kinds: sources,
  keys: () => overrides(batch),
  why: whyOf,
  cure: cureOf,
  expect: expectBatches,
});

export const lingerMs = tuneKeys({
  id: 'linger',
  title: 'Wait for fuller batches: linger.ms 5',
  about: {
    changes: '`producer.override.linger.ms` 5',
    risk: `${restart}; each record waits up to 5ms longer`,
    undo,
    byHand: byHand('producer.override.linger.ms'),
  },
  kinds: sources,
  keys: () => overrides(linger),
  why: whyOf,
  cure: cureOf,
  expect: expectBatches,
});

export const compression = tuneKeys({
  id: 'compression',
  title: 'Fewer bytes: compression.type lz4',
  about: {
    changes: '`producer.override.compression.type` lz4',
    risk: `${restart}; compression costs CPU of the workers`,
    undo,
    byHand: byHand('producer.override.compression.type'),
  },
  kinds: sources,
  keys: () => overrides(lz4),
  reached: now => now !== 'none',
  why: whyOf,
  cure: input => {
    const throttle = valueOf(input.flow.throttle) ?? 0;
    if (throttle > throttled)
      return {
        verdict: 'may-cure',
        reason: 'a quota counts bytes: fewer bytes a record let more records through, if they compress',
      };
    return cureOf(input);
  },
  expect: (_, changes) => expectCompression(changes),
});

export const bufferMemory = tuneKeys({
  id: 'buffer-memory',
  title: 'A larger producer buffer: buffer.memory 67108864',
  about: {
    changes: '`producer.override.buffer.memory` 67108864, in every task',
    risk: 'medium; high (red) where the buffers of the tasks on one worker exceed 25 % of its heap, or the heap is not known',
    undo,
    byHand: byHand('producer.override.buffer.memory'),
  },
  kinds: sources,
  keys: () => overrides(buffer),
  why: whyOf,
  cure: ({ flow }) => {
    const used = valueOf(flow.bufferUsed);
    const waits = tooSmall(flow);
    if (waits !== undefined) return { verdict: 'cures', reason: waits };
    return used !== undefined && used < muchOfBuffer
      ? { verdict: 'will-not-cure', reason: `buffers are ${percent(used)} full: there is room left in them` }
      : {
          verdict: 'may-cure',
          reason:
            'it absorbs bursts only: where the target takes less than arrives, a larger buffer fills as well',
        };
  },
  expect: ({ flow }, changes) => {
    const size = changed(changes, 'buffer.memory');
    const times = size === undefined ? 1 : Number(size.to) / Number(size.from);
    const more = times === 2 ? 'twice' : `${count(times)} times`;
    return [
      `${more} as many records wait in each producer before a task stops taking more` +
        (tooSmall(flow) === undefined ? '; the lag as such stays' : ''),
    ];
  },
  risk: heapRisk,
});

function overrides(keys: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(keys).map(([key, value]) => [producerKey(key), value]));
}

/** A number that is larger already stays, and so does another compression. */
function reached(now: string, wanted: string): boolean {
  return /^\d+$/.test(wanted) ? Number(now) >= Number(wanted) : now !== 'none';
}

const throttled = 100;
const busy = 0.85;
/** Of a buffer, and of a task's time. */
const muchOfBuffer = 0.7;
const longWait = 0.1;

/** A buffer that a batch does not fit into is never full: its tasks wait beside what is free. Undefined where it is not so. */
function tooSmall({ bufferUsed, waitRatio, throttle }: FlowView): string | undefined {
  const [used, wait] = [valueOf(bufferUsed), valueOf(waitRatio)];
  if (used === undefined || wait === undefined || used >= muchOfBuffer || wait < longWait) return undefined;
  if ((valueOf(throttle) ?? 0) > throttled) return undefined;
  return `tasks wait ${percent(wait)} of their time for room in buffers that are ${percent(used)} full: what is free is too small for a batch`;
}

function whyOf({ flow }: ConnectorInput): string {
  const write = valueOf(flow.write.now);
  const arrival = valueOf(flow.arrival.now);
  const request = valueOf(flow.requestLatency);
  return [
    write === undefined ? 'write/s is not known' : `it writes ${count(write)}/s`,
    ...(arrival === undefined ? [] : [`${count(arrival)}/s arrive`]),
    ...(request === undefined ? [] : [`a request to the target takes ${latency(request)}`]),
  ].join('; ');
}

/** Fuller requests help where requests are the limit, and not where the bytes, the CPU or the reading are. */
function cureOf({ flow, workers }: ConnectorInput): Plan['cure'] {
  const throttle = valueOf(flow.throttle);
  if (throttle !== undefined && throttle > throttled)
    return {
      verdict: 'will-not-cure',
      reason: `the target throttles it by ${latency(throttle)}: a quota counts bytes, however they are batched`,
    };
  const cpu = Math.max(0, ...workers.map(worker => valueOf(worker.processCpu) ?? 0));
  if (cpu >= busy)
    return { verdict: 'will-not-cure', reason: `a worker uses ${percent(cpu)} of its host's cores` };
  const used = valueOf(flow.bufferUsed);
  if (used === undefined || throttle === undefined)
    return {
      verdict: 'may-cure',
      reason: 'not measured: producer buffers or throttle time; the limit may be elsewhere',
    };
  return used >= 0.5
    ? {
        verdict: 'cures',
        reason: `buffers are ${percent(used)} full while nothing throttles: requests are the limit`,
      }
    : {
        verdict: 'may-cure',
        reason: `buffers are ${percent(used)} full: the producers keep up with what they get`,
      };
}

/** One request at a time to each broker (max.in.flight 1): batch ÷ latency bounds what a task sends to it. */
function expectBatches({ flow }: ConnectorInput, changes: readonly Change[]): readonly string[] {
  const lines: string[] = [];
  const request = valueOf(flow.requestLatency);
  const size = changed(changes, 'batch.size');
  if (size !== undefined && request !== undefined && request > 0) {
    const bound = (batchBytes: string): string => bytes((Number(batchBytes) / request) * 1000);
    lines.push(
      `a partition takes at most ${bound(size.from)}/s → ${bound(size.to)}/s of a task (${bytes(Number(size.from))} → ${bytes(Number(size.to))} a request of ${latency(request)})`,
    );
  } else if (size !== undefined)
    lines.push('how long a request takes is not known, so neither is what a larger batch gives');
  const waits = changed(changes, 'linger.ms');
  if (waits !== undefined)
    lines.push(
      `latency against throughput: a record waits up to ${waits.to}ms for others instead of ${waits.from}ms; fewer, fuller requests`,
    );
  return lines;
}

function expectCompression(changes: readonly Change[]): readonly string[] {
  return changed(changes, 'compression.type') === undefined
    ? []
    : ['fewer bytes on the way and in the quota, as far as the records compress; some CPU of the workers'];
}

/** A key as it was, defaults included, and as it will be. */
function changed(
  changes: readonly Change[],
  key: string,
): { readonly from: string; readonly to: string } | undefined {
  const change = changes.find(c => c.key === producerKey(key));
  if (change?.to === undefined) return undefined;
  return { from: change.from ?? defaults[key] ?? '0', to: change.to };
}

/** Of a worker's heap: beyond the first it is red, beyond the second it may end in an OutOfMemoryError. */
const muchOfHeap = 0.25;
const mostOfHeap = 0.5;

/** Buffers × tasks of this connector on each worker, against its heap; the worst worker counts. */
function heapRisk({ flow, workers, tasks }: ConnectorInput): Plan['risk'] {
  const each = Number(buffer['buffer.memory']);
  const stop = restartRisk(tasks.length);
  const shares = workers.flatMap(worker => {
    const here = flow.tasks.filter(task => worker.id === `${flow.connect}/${task.worker}`).length;
    return here === 0 ? [] : [{ here, share: heapShare(worker, here * each), worker: worker.id }];
  });
  if (shares.length === 0 || shares.some(one => one.share === undefined))
    return {
      level: 'high',
      text: `the heap of a worker is not known: ${bytes(each)} for each of its tasks may be more than it has; ${stop}`,
    };
  const worst = shares.reduce((a, b) => ((b.share ?? 0) > (a.share ?? 0) ? b : a));
  const share = worst.share ?? 0;
  const sum = `${worst.here} tasks × ${bytes(each)} = ${percent(share)} of the heap of ${worst.worker}`;
  if (share > mostOfHeap) return { level: 'high', text: `${sum}: it may run out of memory; ${stop}` };
  return share > muchOfHeap
    ? { level: 'high', text: `${sum}; ${stop}` }
    : { level: 'medium', text: `${sum}; ${stop}` };
}

function heapShare({ heap, heapBytes }: WorkerView, size: number): number | undefined {
  const used = valueOf(heapBytes);
  const share = valueOf(heap);
  if (used === undefined || share === undefined || !(used > 0 && share > 0)) return undefined;
  return size / (used / share);
}
