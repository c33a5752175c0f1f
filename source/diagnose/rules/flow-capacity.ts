import { isKnown, valueOf } from '../../core/known.js';
import { percent } from '../../core/units.js';
import { hottestPartition, type HotPartition } from '../../model/skew.js';
import type { WorkerView } from '../../model/snapshot.js';
import { weigh } from '../confidence.js';
import { perSecond, statement } from '../evidence.js';
import type { Evidence, RemedyHint } from '../finding.js';
import type { Question } from '../tree.js';
import { byHandConfig } from './by-hand.js';
import { share, type Facts } from './flow-facts.js';
import { busiestHost, worstWorker } from './flow-site.js';
import { allOf, anyOf, reply, targetWasChecked, told, type Verdict } from './flow-verdict.js';

/**
 * Are there offsets without records? The end of a topic counts what no consumer gets: markers of transactions, records that
 * compaction took away. Then tasks wait for records, poll as much as they write, and whatever is behind was written since the last flush.
 */
export const noRecords: Question<Facts, Verdict> = {
  id: 'no-records',
  question: 'are they offsets without records?',
  leads: 'transaction markers or compaction: nothing is behind, and nothing is found',
  answer: f => {
    const { poll, write } = f;
    if (poll === undefined || write === undefined) return reply('unknown', 'poll or write is not measured');
    const waits = batchesHeld(f, '<');
    const behind = certainlyBehind(f);
    const throttled = (valueOf(f.flow.fetchThrottle) ?? 0) > f.limits.value('fetch-throttle');
    const gap = gapOf(f);
    const is =
      waits.holds === true && gap.holds === true && poll >= 1 && !throttled && behind.holds === false;
    const because = told(['batches in work', waits], ['certain lag', behind]);
    return reply(waits.holds === 'unknown' ? 'unknown' : is, because, [waits, gap, behind]);
  },
};

/** Is it the tasks? */
export const overloaded: Question<Facts, Verdict> = {
  id: 'overloaded',
  question: 'is it more than its tasks carry?',
  leads: 'what one task carries is the limit',
  answer: f => {
    if (f.poll === undefined || f.write === undefined || !targetWasChecked(f.flow))
      return reply('unknown', 'poll, write, or what would tell a limited target, is not measured');
    const [gap, short] = [gapOf(f), shortOf(f)];
    // Whoever waits for records is not short of hands.
    const waits = batchesHeld(f, '<');
    if (waits.holds === true) return reply(false, told(['batches in work', waits]), [waits]);
    const falls = f.slope <= 0 || short.holds === true;
    const because = `poll ${perSecond(f.poll)} = write ${perSecond(f.write)} of ${perSecond(f.arrival)}`;
    return reply(
      falls && gap.holds === true,
      gap.holds === true ? because : told(['poll and write differ by', gap]),
      [gap, short],
    );
  },
  conclude: f => {
    const { spare } = partsOf(f);
    const cause = spare > 0 ? tasksRead(f) : 'every partition has its own task already';
    return capacityExceeded(f, `load exceeds what its tasks can carry: ${cause}`, {
      cures: spare > 0,
      note: spare > 0 ? moreTasks(f) : `a partition is read by one task: more than ${f.partitions} stay idle`,
    });
  },
  below: [
    {
      id: 'hot-partition',
      question: 'by one hot partition?',
      leads: 'a partition has one task, whatever tasks.max says: spread its keys',
      answer: f => {
        const skew = hottestPartition(f.flow.partitions);
        const { skewed } = partsOf(f);
        const name = skew
          ? `${skew.topic}/${skew.partition} has ${percent(skew.share)} of the lag`
          : 'too little lag to tell';
        const busy = f.busy === undefined ? '' : `, ${f.busy} of ${f.tasks} tasks are busy`;
        return reply(hotPartition(f) !== undefined, `${name}${busy}`, [skewed]);
      },
      conclude: f => {
        const hot = hotPartition(f);
        const name = hot ? `${hot.topic}/${hot.partition}` : 'one partition';
        return capacityExceeded(
          f,
          `${name} is more than one task can carry: ${percent(hot?.share)} of the lag`,
          {
            cures: false,
            note: 'a partition is read by one task: spread its keys, or give it less work per record',
          },
        );
      },
    },
    {
      id: 'cpu',
      question: 'by a worker out of CPU?',
      leads: 'add a worker on another host',
      answer: f => {
        const { cpu, host, ours } = partsOf(f);
        const together = allOf([host, ours]);
        const answer = cpu.holds === true || together === 'yes' ? 'yes' : cpu.holds;
        const because = told(['worker', cpu], ['host', host], ['its workers use of that', ours]);
        return reply(answer, because, [cpu, host, ours]);
      },
      conclude: f => {
        const busiest = busiestHost(f.flow, f.snapshot);
        const cause =
          partsOf(f).cpu.holds === true || busiest === undefined
            ? 'the CPU of a worker is saturated'
            : `the CPU of their host is used up, ${percent(share(busiest.workers, busiest.all))} of it by its workers`;
        return capacityExceeded(f, `load exceeds what its tasks can carry: ${cause}`, {
          cures: false,
          note: 'there is no CPU left where its tasks run: add a worker on another host',
        });
      },
    },
    {
      id: 'heap',
      question: 'by garbage collection?',
      leads: 'a larger heap, or fewer tasks a worker; first see that the host has memory left',
      answer: f => {
        const { heap, gc } = partsOf(f);
        return reply(allOf([heap, gc]), told(['heap', heap], ['garbage collection', gc]), [heap, gc]);
      },
      conclude: f =>
        capacityExceeded(
          f,
          `load exceeds what its tasks can carry: a worker collects garbage ${partsOf(f).gc.value} of its time`,
          {
            cures: false,
            note: 'more tasks need more heap: give the workers more of it, or add one',
          },
        ),
    },
    {
      id: 'network',
      question: 'by the network of a host?',
      leads: 'a worker on another host, or compression at the producers of the source',
      answer: f => {
        const { network } = partsOf(f);
        const slow = [
          f.limits.compare(
            'request latency, worst task',
            valueOf(f.flow.requestLatency),
            '>',
            'request-latency',
          ),
          f.limits.compare('fetch latency, worst task', valueOf(f.flow.fetchLatency), '>', 'fetch-latency'),
        ];
        const answer = network.holds === true ? anyOf(slow) : network.holds;
        return reply(answer, told(['both ways', network]), [network, ...slow]);
      },
      conclude: f =>
        capacityExceeded(
          f,
          `load exceeds what its tasks can carry: a host’s network carries ${partsOf(f).network.value}`,
          {
            cures: false,
            note: 'tasks of one host share its network: add a worker on another host',
          },
        ),
    },
    {
      id: 'few-tasks',
      question: 'by fewer tasks than partitions?',
      leads: 'raise tasks.max, up to the number of partitions',
      answer: f => {
        const { tasks } = partsOf(f);
        return reply(tasks.holds, `${f.tasks} tasks, ${f.partitions} partitions`, [tasks]);
      },
      conclude: f =>
        capacityExceeded(f, `load exceeds what its tasks can carry: ${tasksRead(f)}`, {
          cures: true,
          note: moreTasks(f),
        }),
    },
    {
      id: 'memory',
      question: 'by a host out of memory?',
      leads: 'a host that swaps is slow in everything: fewer processes, or more memory',
      answer: f => {
        const { memory } = partsOf(f);
        return reply(memory.holds, told(['used', memory]), [memory]);
      },
      conclude: f =>
        capacityExceeded(
          f,
          `load exceeds what its tasks can carry: ${partsOf(f).memory.value} of a host’s memory are used`,
          {
            cures: false,
            note: 'more tasks need more memory than the host has',
          },
        ),
    },
  ],
};

type Parts = Record<
  'cpu' | 'host' | 'ours' | 'heap' | 'gc' | 'memory' | 'network' | 'tasks' | 'skewed',
  Evidence
> & {
  readonly spare: number;
};

function partsOf(f: Facts): Parts {
  const { flow, snapshot, limits } = f;
  const worst = (of: (worker: WorkerView) => number | undefined): number | undefined =>
    worstWorker(flow, snapshot, of)?.value;
  const spare = f.partitions - f.tasks;
  const busiest = busiestHost(flow, snapshot);
  return {
    spare,
    cpu: limits.compare(
      'CPU of its worst worker',
      worst(w => valueOf(w.processCpu)),
      '≥',
      'worker-cpu',
    ),
    host: limits.compare(
      'CPU of its worst host',
      worst(w => valueOf(w.hostCpu)),
      '≥',
      'worker-cpu',
    ),
    ours: limits.compare(
      'share of the CPU in use of that host, that its workers have',
      busiest && share(busiest.workers, busiest.all),
      '≥',
      'workers-share',
    ),
    heap: limits.compare(
      'heap after collection, worst worker',
      worst(w => floorOf(w, f.at)),
      '≥',
      'worker-heap',
    ),
    gc: limits.compare(
      'time in garbage collection, worst worker',
      worst(w => valueOf(w.gcShare)),
      '≥',
      'gc-share',
    ),
    memory: limits.compare(
      'memory of its worst host',
      worst(w => valueOf(w.hostMemory)),
      '≥',
      'worker-memory',
    ),
    network: limits.compare(
      'network of its busiest host',
      worst(w => valueOf(w.network)),
      '≥',
      'host-network',
    ),
    tasks: statement(
      'tasks against partitions',
      `${f.tasks} of ${f.partitions}`,
      'fewer tasks than partitions',
      'MirrorSourceConnector: tasks = min(tasks.max, partitions)',
      spare > 0,
    ),
    skewed: limits.compare(
      'share of the lag in one partition',
      hottestPartition(flow.partitions)?.share,
      '≥',
      'hot-partition',
    ),
  };
}

/** The heap goes up and down with every collection: its lowest of ten minutes is what is really in use. */
function floorOf({ load, heap }: WorkerView, at: number): number | undefined {
  const { values } = load.heap.since(at - 600_000, at);
  return values.length > 0 ? Math.min(...values) : valueOf(heap);
}

function capacityExceeded(f: Facts, sentence: string, hint: Omit<RemedyHint, 'action'>): Verdict {
  const { flow } = f;
  const { cpu, host, ours, heap, gc, memory, network, tasks, skewed } = partsOf(f);
  const held = batchesHeld(f, '≥');
  return {
    verdict: 'capacity-exceeded',
    sentence,
    ...weigh(0.6, [
      { what: 'records in flight', holds: held.holds, by: 0.25 },
      { what: 'CPU of the workers', holds: allOf([host, ours]) === 'yes' || cpu.holds, by: 0.25 },
      { what: 'poll-batch time', holds: pollBatchOf(f, '<').holds, by: 0.05 },
      { what: 'producer buffer', holds: isKnown(flow.bufferUsed) ? false : 'unknown', by: -0.3 },
      { what: 'fetch throttle time', holds: isKnown(flow.fetchThrottle) ? false : 'unknown', by: -0.3 },
    ]),
    evidence: [
      gapOf(f),
      shortOf(f),
      held,
      pollBatchOf(f, '<'),
      skewed,
      ...buffersEmpty(f),
      tasks,
      cpu,
      host,
      ours,
      memory,
      heap,
      gc,
      network,
    ],
    falsifier: 'throttle time or full buffers appear, or a transform filters records',
    remedies: [{ action: 'tasks-max', ...hint }],
    byHand: byHandConfig(flow, 'tasks.max', String(flow.partitions.length)),
  };
}

function tasksRead({ tasks, partitions }: Facts): string {
  return `${tasks} ${tasks === 1 ? 'task reads' : 'tasks read'} ${partitions} partitions`;
}

function moreTasks(f: Facts): string {
  const { host, memory } = partsOf(f);
  const scarce = [
    ...(host.holds === true ? [`the host has little CPU left (${host.value})`] : []),
    ...(memory.holds === true ? [`the host has little memory left (${memory.value})`] : []),
  ];
  return [`up to ${f.partitions} tasks can share the partitions`, ...scarce].join('; ');
}

function gapOf({ poll, write, limits }: Facts): Evidence {
  const gap = poll === undefined || write === undefined ? undefined : share(Math.abs(poll - write), poll);
  return limits.compare('|poll − write| ÷ poll', gap, '≤', 'poll-write-gap');
}

function shortOf({ taken, limits }: Facts): Evidence {
  return limits.compare('poll ÷ arrival', taken, '<', 'poll-short');
}

/** The fullest task counts: one that never waits for records is no sign of a slow source, however idle the others are. */
export function batchesHeld(f: Facts, sign: '<' | '≥'): Evidence {
  return f.limits.compare(
    'records in flight ÷ a full batch, fullest task',
    f.fullest,
    sign,
    'batches-in-work',
  );
}

/** How long polls of the task take that gets records fastest: in all others less lies there to be read. */
export function pollBatchOf(f: Facts, sign: '<' | '≥'): Evidence {
  const fastest = valueOf(f.flow.pollBatch)?.fastest;
  return f.limits.compare('poll-batch time, fastest task', fastest, sign, 'poll-batch-time');
}

/** Whether so much is behind that tasks cannot but have records to read. */
export function certainlyBehind(f: Facts): Evidence {
  return f.limits.compare('lag for certain ÷ arrival', share(f.lag, f.arrival), '≥', 'time-lag');
}

/** A partition that holds most of the lag while other tasks have time: it has one task, whatever tasks.max says. */
function hotPartition(f: Facts): HotPartition | undefined {
  if (f.busy === undefined || f.busy * 2 > f.tasks) return undefined;
  const hot = hottestPartition(f.flow.partitions);
  return hot && hot.share >= f.limits.value('hot-partition') ? hot : undefined;
}

export function buffersEmpty(f: Facts): Evidence[] {
  return [
    f.limits.compare('producer buffer used, worst task', valueOf(f.flow.bufferUsed), '<', 'buffer-used'),
    f.limits.compare('produce throttle time, worst task', valueOf(f.flow.throttle), '≤', 'produce-throttle'),
  ];
}
