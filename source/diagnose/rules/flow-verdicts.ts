import { isKnown, valueOf } from '../../core/known.js';
import { count, percent, unknownMark } from '../../core/units.js';
import { hottestPartition, type HotPartition } from '../../model/skew.js';
import type { FlowView, Snapshot } from '../../model/snapshot.js';
import { weigh, weight } from '../confidence.js';
import { inUnit, perSecond, spanOf, statement } from '../evidence.js';
import type { Evidence, Finding } from '../finding.js';
import { share, window, type Facts } from './flow-facts.js';

/** What a branch of the tree says; each is undefined where it does not apply. */
export type Verdict = Omit<
  Finding,
  'rule' | 'subject' | 'severity' | 'consequence' | 'byHand' | 'unchecked' | 'advice'
>;

export function targetLimited(f: Facts): Verdict | undefined {
  const { flow } = f;
  const inProducer =
    f.inFlight === undefined || f.write === undefined
      ? undefined
      : Math.max(0, f.inFlight - f.batches) / Math.max(f.write, 1);
  const throttle = f.limits.compare(
    'produce throttle time, worst task',
    valueOf(flow.throttle),
    '>',
    'produce-throttle',
  );
  const buffer = f.limits.compare(
    'producer buffer used, worst task',
    valueOf(flow.bufferUsed),
    '≥',
    'buffer-used',
  );
  const wait = f.limits.compare(
    'share of time waiting for buffer, worst task',
    valueOf(flow.waitRatio),
    '≥',
    'buffer-wait',
  );
  const stay = f.limits.compare('records in producers ÷ write', inProducer, '≥', 'time-in-producer');
  const latency = f.limits.compare(
    'request latency, worst task',
    valueOf(flow.requestLatency),
    '>',
    'request-latency',
  );
  const signs = [throttle, buffer, wait, stay];
  if (!signs.some(s => s.holds === true)) return undefined;
  const cause = causeAtTarget(f, throttle.holds === true, latency.holds === true);
  return {
    verdict: 'target-limited',
    sentence: `target limits writes: ${cause}`,
    ...weigh(0.35, [
      { ...weight(throttle, 0.3), what: 'produce throttle time' },
      { ...weight(stay, 0.15), what: 'records in flight' },
      { ...weight(buffer, 0.1), what: 'producer buffer' },
      { ...weight(wait, 0.05), what: 'wait ratio of the producer buffer' },
      { what: 'poll rate', holds: f.poll === undefined ? 'unknown' : true, by: 0.05 },
    ]),
    evidence: [...signs, latency, stage(f)],
    falsifier: 'write/s reaches arrival while throttle time and buffers stay as they are',
    remedies: [
      ...(throttle.holds === true
        ? [
            {
              action: 'raise-quota',
              cures: true,
              note: 'the quota is what limits it: no restart, no rebalance',
            },
          ]
        : []),
      {
        action: 'tasks-max',
        cures: false,
        note:
          throttle.holds === true
            ? 'a quota is shared by all tasks of its user: more tasks are throttled together'
            : 'more tasks press harder on a target that is already the limit',
      },
    ],
  };
}

function causeAtTarget({ flow, limits }: Facts, throttled: boolean, slow: boolean): string {
  if (throttled) {
    const limit = limits.value('produce-throttle');
    const many = flow.tasks.filter(t => (valueOf(t.throttle) ?? 0) > limit).length;
    const where = many > 0 ? ` on ${many} of ${flow.tasks.length} tasks` : '';
    return `produce quota, throttled ${inUnit(valueOf(flow.throttle), 'ms')}${where}`;
  }
  if (slow) return `its brokers answer in ${inUnit(valueOf(flow.requestLatency), 'ms')}`;
  return 'producers wait for it with full buffers';
}

export function sourceLimited(f: Facts): Verdict | undefined {
  const { flow, poll } = f;
  if (poll === undefined || !targetWasChecked(flow)) return undefined;
  const taken = f.limits.compare('poll ÷ arrival', share(poll, f.arrival), '<', 'poll-share');
  const throttle = f.limits.compare(
    'fetch throttle time, worst task',
    valueOf(flow.fetchThrottle),
    '>',
    'fetch-throttle',
  );
  const latency = f.limits.compare(
    'fetch latency, worst task',
    valueOf(flow.fetchLatency),
    '>',
    'fetch-latency',
  );
  const held = batchesHeld(f, '<');
  const silent = isSilent(f);
  const blind = throttle.holds === 'unknown' && latency.holds === 'unknown';
  const starved = held.holds === true;
  const slow = starved && taken.holds === true && latency.holds === true;
  const low = starved && blind && poll < f.limits.value('poll-share-blind') * f.arrival;
  if (throttle.holds !== true && !silent && !slow && !low) return undefined;
  const cause =
    throttle.holds === true
      ? `fetch quota, throttled ${inUnit(valueOf(flow.fetchThrottle), 'ms')}`
      : silent
        ? 'tasks are RUNNING but poll nothing'
        : slow
          ? `fetches take ${inUnit(valueOf(flow.fetchLatency), 'ms')}`
          : 'tasks poll less than arrives';
  return {
    verdict: 'source-limited',
    sentence: `source limits reads: ${cause}`,
    ...weigh(0.3, [
      { ...weight(throttle, 0.5), what: 'fetch throttle time' },
      { ...weight(latency, 0.2), what: 'fetch latency' },
      { what: 'records in flight', holds: held.holds, by: 0.1 },
      { what: 'poll rate', holds: silent, by: 0.3 },
      { what: 'producer buffer', holds: isKnown(flow.bufferUsed) ? false : 'unknown', by: -0.2 },
    ]),
    evidence: [taken, throttle, latency, held, ...buffersEmpty(f)],
    falsifier: 'producer buffers fill, or poll/s reaches arrival without any change at the source',
    remedies: [
      ...(throttle.holds === true
        ? [
            {
              action: 'raise-fetch-quota',
              cures: true,
              note: 'the quota is what limits it: no restart, no rebalance',
            },
          ]
        : []),
      {
        action: 'tasks-max',
        cures: false,
        note: 'the limit is in front of the tasks: more of them read no more',
      },
    ],
  };
}

export function capacityExceeded(f: Facts, snapshot: Snapshot): Verdict | undefined {
  const { flow, poll, write } = f;
  if (poll === undefined || write === undefined || !targetWasChecked(flow)) return undefined;
  const short = f.limits.compare('poll ÷ arrival', share(poll, f.arrival), '<', 'poll-short');
  if (f.slope > 0 && short.holds !== true) return undefined;
  const gap = f.limits.compare(
    '|poll − write| ÷ poll',
    share(Math.abs(poll - write), poll),
    '≤',
    'poll-write-gap',
  );
  if (gap.holds !== true) return undefined;
  const cpu = f.limits.compare(
    'CPU of its worst worker',
    worst(flow, snapshot, 'processCpu'),
    '≥',
    'worker-cpu',
  );
  const host = f.limits.compare('CPU of its worst host', worst(flow, snapshot, 'hostCpu'), '≥', 'worker-cpu');
  const spare = f.partitions - f.tasks;
  const tasks = statement(
    'tasks against partitions',
    `${f.tasks} of ${f.partitions}`,
    'fewer tasks than partitions',
    'MirrorSourceConnector: tasks = min(tasks.max, partitions)',
    spare > 0,
  );
  const held = batchesHeld(f, '≥');
  const saturated = cpu.holds === true;
  const hot = hotPartition(f);
  const skew = hottestPartition(flow.partitions);
  const skewed = f.limits.compare('share of the lag in one partition', skew?.share, '≥', 'hot-partition');
  const cause = saturated
    ? 'the CPU of a worker is saturated'
    : spare > 0
      ? `${f.tasks} ${f.tasks === 1 ? 'task reads' : 'tasks read'} ${f.partitions} partitions`
      : 'every partition has its own task already';
  return {
    verdict: 'capacity-exceeded',
    sentence: hot
      ? `${hot.topic}/${hot.partition} is more than one task can carry: ${percent(hot.share)} of the lag`
      : `load exceeds what its tasks can carry: ${cause}`,
    ...weigh(0.6, [
      { what: 'records in flight', holds: held.holds, by: 0.25 },
      { what: 'CPU of the workers', holds: saturated ? true : cpu.holds, by: 0.25 },
      { what: 'producer buffer', holds: isKnown(flow.bufferUsed) ? false : 'unknown', by: -0.3 },
      { what: 'fetch throttle time', holds: isKnown(flow.fetchThrottle) ? false : 'unknown', by: -0.3 },
    ]),
    evidence: [gap, short, held, skewed, ...buffersEmpty(f), tasks, cpu, host],
    falsifier: 'throttle time or full buffers appear, or a transform filters records',
    remedies: [
      {
        action: 'tasks-max',
        cures: spare > 0 && !saturated && !hot,
        note: saturated
          ? 'there is no CPU left where its tasks run: add a worker on another host'
          : hot
            ? 'a partition is read by one task: spread its keys, or give it less work per record'
            : spare > 0
              ? `up to ${f.partitions} tasks can share the partitions${
                  host.holds === true ? `; the host has little CPU left (${host.value})` : ''
                }`
              : `a partition is read by one task: more than ${f.partitions} stay idle`,
      },
    ],
  };
}

/** Lag rises, and what would tell why is not measured. */
export function undetermined(f: Facts): Verdict | undefined {
  const { flow, poll } = f;
  if (poll !== undefined && targetWasChecked(flow)) return undefined;
  return {
    verdict: 'undetermined',
    sentence: 'writes fall behind arrival; what limits them is not measured',
    ...weigh(0.2, [
      { what: 'poll rate', holds: isKnown(flow.poll.now) ? false : 'unknown', by: 0.2 },
      { what: 'records in flight', holds: isKnown(flow.inFlight) ? false : 'unknown', by: 0.2 },
      { what: 'producer buffer', holds: isKnown(flow.bufferUsed) ? false : 'unknown', by: 0.2 },
      { what: 'produce throttle time', holds: isKnown(flow.throttle) ? false : 'unknown', by: 0.2 },
    ]),
    evidence: [below('write against arrival', f.write, f.arrival)],
    falsifier: 'write/s reaches arrival',
    remedies: [
      {
        action: 'tasks-max',
        cures: false,
        note: 'without metrics it is not known whether tasks are the limit',
      },
    ],
  };
}

/** The fullest task counts: one that never waits for records is no sign of a slow source, however idle the others are. */
function batchesHeld(f: Facts, sign: '<' | '≥'): Evidence {
  return f.limits.compare(
    'records in flight ÷ a full batch, fullest task',
    f.fullest,
    sign,
    'batches-in-work',
  );
}

/** A partition that holds most of the lag while other tasks have time: it has one task, whatever tasks.max says. */
function hotPartition(f: Facts): HotPartition | undefined {
  if (f.busy === undefined || f.busy * 2 > f.tasks) return undefined;
  const hot = hottestPartition(f.flow.partitions);
  return hot && hot.share >= f.limits.value('hot-partition') ? hot : undefined;
}

/** Nothing was polled for a while during all of which records arrived. */
function isSilent({ flow, at, limits }: Facts): boolean {
  const polled = flow.poll.series.since(at - window, at);
  const arrived = flow.arrival.series.since(at - window, at);
  const span = Math.min(spanOf(polled.times)?.window ?? 0, spanOf(arrived.times)?.window ?? 0);
  const volume = limits.value('volume-rate');
  return (
    span >= limits.value('silence') &&
    polled.values.every(p => p < 1) &&
    arrived.values.every(b => b >= volume)
  );
}

/** Whether anything was measured that tells a limited target from a slow source. */
function targetWasChecked(flow: FlowView): boolean {
  return isKnown(flow.throttle) || isKnown(flow.bufferUsed) || isKnown(flow.inFlight);
}

function buffersEmpty(f: Facts): Evidence[] {
  return [
    f.limits.compare('producer buffer used, worst task', valueOf(f.flow.bufferUsed), '<', 'buffer-used'),
    f.limits.compare('produce throttle time, worst task', valueOf(f.flow.throttle), '≤', 'produce-throttle'),
  ];
}

function below(what: string, value: number | undefined, arrival: number): Evidence {
  return statement(
    what,
    perSecond(value),
    `< ${perSecond(arrival)}`,
    'arrival, measured',
    value === undefined ? 'unknown' : value < arrival,
  );
}

/** Where the limited target has got to: the runbook reads each of these as another illness. */
function stage({ poll, write, inFlight, arrival, limits }: Facts): Evidence {
  const shown = `poll ${perSecond(poll)}, write ${perSecond(write)}, in flight ${count(inFlight)}`;
  const gap = limits.value('poll-write-gap');
  const name =
    poll === undefined || write === undefined
      ? unknownMark
      : poll - write > gap * poll
        ? 'buffers are filling: poll exceeds write'
        : poll < 0.1 * write || poll < 0.01 * arrival
          ? 'buffers are full: poll has stopped'
          : 'buffers are full: poll has fallen to write';
  return statement(
    'stage of back-pressure',
    shown,
    name,
    'measured on a throttled MirrorMaker 2',
    poll === undefined ? 'unknown' : true,
  );
}

function worst(flow: FlowView, snapshot: Snapshot, what: 'processCpu' | 'hostCpu'): number | undefined {
  const mine = new Set(flow.tasks.map(t => t.worker));
  const shares = snapshot.workers
    .filter(w => w.connect === flow.connect && mine.has(w.id))
    .flatMap(w => valueOf(w[what]) ?? []);
  return shares.length === 0 ? undefined : Math.max(...shares);
}
