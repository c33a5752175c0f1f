import { valueOf } from '../../core/known.js';
import { bytes, percent } from '../../core/units.js';
import type { Snapshot, WorkerView } from '../../model/snapshot.js';
import type { Check, Guide } from '../guide.js';
import type { Target } from '../plan.js';

const gibibyte = 1024 ** 3;
/** Producer buffers may take so much of a heap; beyond it a larger one is asked for (the same share as `buffer-memory`'s). */
const ofHeap = 0.25;

/** The heap of workers: a flag of the JVM, which no REST can set. */
export const workerHeap: Guide = {
  id: 'worker-heap',
  title: 'Give workers more heap',
  about: {
    tells:
      'how large the heap of each worker is, what producer buffers may take of it, and the line that sets it',
    watches:
      'the heap of each worker grows, its use stays below 80 %, garbage collection below 10 % of the time',
  },
  offer(snapshot, { kind, id }) {
    const flow = snapshot.flows.find(one =>
      kind === 'flow'
        ? one.id === id
        : kind === 'worker'
          ? workersOf(snapshot, one.connect).some(w => w.id === id)
          : false,
    );
    if (flow === undefined) return [];
    const { connect, connector } = flow;
    return [
      { target: { kind: 'connector', connect, connector }, title: `Give workers of ${connect} more heap` },
    ];
  },
  open(snapshot, target) {
    const connect = target.kind === 'connector' ? target.connect : '';
    const workers = workersOf(snapshot, connect);
    const before = new Map(workers.map(worker => [worker.id, heapOf(worker)]));
    const buffers = buffersOf(snapshot, target, workers.length);
    const largest = Math.max(0, ...[...before.values()].flatMap(size => size ?? []));
    const wanted = Math.ceil(Math.max(2 * largest, (buffers ?? 0) / ofHeap, 2 * gibibyte) / gibibyte);
    return {
      title: `More heap for the workers of ${connect}`,
      why: [
        ...workers.map(
          worker =>
            `${nameOf(worker)}: heap ${size(before.get(worker.id))}, ${percent(valueOf(worker.heap))} in use, garbage collection ${percent(valueOf(worker.gcShare))}`,
        ),
        buffers === undefined
          ? 'what producer buffers take is not known'
          : `producer buffers take up to ${bytes(buffers)} of one worker: a quarter of the heap at most keeps room for the rest`,
      ],
      parts: [
        {
          where: `each worker of ${connect}, one after the other`,
          lines: [
            `KAFKA_HEAP_OPTS="-Xms${wanted}g -Xmx${wanted}g"`,
            '# Strimzi: spec.jvmOptions: {"-Xms": "…", "-Xmx": "…"}, and resources.limits.memory above it',
          ],
          why: 'the same for both, so that the heap is never resized; leave half of the memory of the host to its page cache. A worker that restarts gives its tasks away for that time.',
        },
      ],
      watch: ({ snapshot: now }) =>
        workersOf(now, connect).flatMap(worker => checks(worker, before.get(worker.id))),
    };
  },
};

function checks(worker: WorkerView, before: number | undefined): readonly Check[] {
  const heap = heapOf(worker);
  const [used, gc] = [valueOf(worker.heap), valueOf(worker.gcShare)];
  return [
    {
      what: `heap of ${nameOf(worker)} grows`,
      is: heap === undefined || before === undefined ? 'unknown' : heap > before * 1.1 ? 'done' : 'open',
      now: size(heap),
    },
    {
      what: `${nameOf(worker)} has room: below 80% in use, collection below 10%`,
      is: used === undefined || gc === undefined ? 'unknown' : used < 0.8 && gc < 0.1 ? 'done' : 'open',
      now: `${percent(used)} in use, collection ${percent(gc)}`,
    },
  ];
}

function workersOf(snapshot: Snapshot, connect: string): readonly WorkerView[] {
  return snapshot.workers.filter(worker => worker.connect === connect);
}

function nameOf({ id }: WorkerView): string {
  return id.slice(id.indexOf('/') + 1);
}

/** What the heap may become, bytes: what is in use over its share. */
function heapOf({ heapBytes, heap }: WorkerView): number | undefined {
  const [used, share] = [valueOf(heapBytes), valueOf(heap)];
  return used === undefined || share === undefined || share <= 0 ? undefined : used / share;
}

function size(heap: number | undefined): string {
  return heap === undefined ? 'not known' : bytes(heap);
}

/** Buffers of the tasks of one worker, spread evenly; undefined where the size of a buffer is not known. */
function buffersOf(snapshot: Snapshot, target: Target, workers: number): number | undefined {
  const flow = snapshot.flows.find(
    one =>
      target.kind === 'connector' && one.connect === target.connect && one.connector === target.connector,
  );
  const buffer = flow && valueOf(flow.bufferBytes);
  return flow === undefined || buffer === undefined || workers === 0
    ? undefined
    : Math.ceil(flow.tasks.length / workers) * buffer;
}
