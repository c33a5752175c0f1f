import { valueOf } from '../../core/known.js';
import { bytes, count, unknownMark } from '../../core/units.js';
import { weigh, weight, type Weight } from '../confidence.js';
import { inUnit, perSecond, statement } from '../evidence.js';
import type { Evidence } from '../finding.js';
import type { Judgement } from '../rule.js';
import type { Question, Reply } from '../tree.js';
import { byHandConfig, byHandQuota } from './by-hand.js';
import { describeAvailability, kafkaCommand } from './kafka-command.js';
import { window, type Facts } from './flow-facts.js';
import { quotaOf } from './flow-quota.js';
import { brokersSilent, clusterOf, topicsWritten, worstWorker } from './flow-site.js';
import { allOf, anyOf, reply, told, type Verdict } from './flow-verdict.js';
import { versionsOfTarget } from './flow-versions.js';

/** What this question concludes: all of these hold back the writes. */
export const holdsBack: ReadonlySet<string> = new Set([
  'target-limited',
  'worker-limited',
  'producer-limited',
]);

/** Is it the writes? Asked first, because full buffers stop the poll, which then looks like that of a slow source. */
export const heldBack: Question<Facts, Verdict> = {
  id: 'held-back',
  question: 'are writes held back?',
  leads: 'full buffers stop the poll, so that a limited target looks like a slow source',
  answer: f => {
    const { throttle, buffer, wait, stay } = signsOf(f);
    const signs = [throttle, buffer, wait, stay];
    const because = told(['throttle', throttle], ['buffer', buffer], ['wait', wait], ['in producers', stay]);
    return reply(anyOf(signs), because, signs);
  },
  conclude: f => targetLimited(f, { cause: 'producers wait for it with full buffers' }),
  below: [
    {
      id: 'target-quota',
      question: 'by a quota of the target?',
      leads: 'raise the quota: all tasks of its user share it, so that more of them carry no more',
      answer: f => {
        const { throttle } = signsOf(f);
        if (throttle.holds !== true) return reply(throttle.holds, told(['throttle', throttle]), [throttle]);
        const { text, evidence } = quotaOf(f, 'writes');
        return reply(true, `throttle ${throttle.value}; quota: ${text}`, [throttle, evidence]);
      },
      conclude: byQuota,
    },
    {
      id: 'target-brokers',
      question: 'by its brokers?',
      leads: 'writes with acks=all wait until enough replicas are in sync: mend the brokers',
      answer: brokersOfTarget,
      conclude: f =>
        targetLimited(f, {
          cause: brokersOfTarget(f).because,
          weights: [{ what: 'replicas at the target', holds: true, by: 0.3 }],
          evidence: brokersOfTarget(f).evidence,
          byHand: describeAvailability(
            f.flow.target?.cluster,
            topicsWritten(f.flow, f.snapshot)[0]?.topic,
            f.snapshot,
          ),
        }),
    },
    {
      id: 'target-network',
      question: 'by the network of a host?',
      leads: 'move tasks to another host, or compress: producer.override.compression.type=lz4',
      answer: f => {
        const { latency } = signsOf(f);
        const network = networkOf(f);
        return reply(allOf([network, latency]), told(['network', network], ['requests', latency]), [network]);
      },
      conclude: f =>
        targetLimited(f, {
          cause: `the network of a worker’s host carries ${networkOf(f).value}`,
          evidence: [networkOf(f)],
        }),
    },
    {
      id: 'target-slow',
      question: 'by slow answers?',
      leads: 'its brokers, their disks or the way to them are slow; larger batches need fewer answers',
      answer: f => {
        const { latency } = signsOf(f);
        return reply(latency.holds, told(['requests take', latency]), [latency]);
      },
      conclude: f =>
        targetLimited(f, { cause: `its brokers answer in ${inUnit(valueOf(f.flow.requestLatency), 'ms')}` }),
    },
    {
      id: 'worker-cpu',
      question: 'by a worker out of CPU?',
      leads: 'the target waits for the worker: add a worker on another host',
      answer: f => {
        const cpu = cpuOf(f);
        return reply(cpu.holds, told(['CPU', cpu]), [cpu]);
      },
      conclude: f => ({
        ...targetLimited(f, {
          cause: '',
          weights: [{ ...weight(cpuOf(f), 0.3), what: 'CPU of the workers' }],
        }),
        verdict: 'worker-limited',
        sentence: `a worker has no CPU left to send with: ${cpuOf(f).value}, and the target does not throttle`,
        falsifier: 'write/s stays as it is when the worker has CPU to spare',
      }),
    },
    {
      id: 'producer-size',
      question: 'by small buffers or batches?',
      leads: 'larger ones: producer.override.buffer.memory, batch.size, linger.ms up',
      answer: producerSize,
      conclude: f => producerLimited(f),
    },
    {
      id: 'target-quota-set',
      question: 'is a quota set that nobody measures?',
      leads:
        'the likely cause: raise it, and see whether writes rise. A task whose stop took too long ends the metrics of its successor with its own: once writes flow, start the tasks anew to have them back',
      answer: f => {
        const { throttle } = signsOf(f);
        if (throttle.holds !== 'unknown') return reply('no', 'throttle time is measured', [throttle]);
        const { name, text, evidence } = quotaOf(f, 'writes');
        return reply(name === undefined ? evidence.holds : 'yes', `quota: ${text}`, [throttle, evidence]);
      },
      conclude: byQuotaThatIsSet,
    },
    {
      id: 'target-versions',
      question: 'do its brokers speak different versions?',
      leads:
        'a rolling upgrade is under way, or was left half-way: each broker that restarts gives its leaders away and has to catch up. Finish it, then judge anew',
      answer: versionsOfTarget,
      conclude: f => {
        const { because, evidence } = versionsOfTarget(f);
        return targetLimited(f, {
          cause: `producers wait for it with full buffers, and its brokers run different releases: ${because}`,
          evidence,
          byHand: [kafkaCommand('kafka-broker-api-versions.sh', f.flow.target?.cluster, f.snapshot)],
        });
      },
    },
  ],
};

/**
 * Since when what the tasks hold back shows that the target, or what lies before it, is the limit; undefined once kmon has seen the lag
 * for long enough to know when it began to grow. So a fault that is older than kmon is told as soon as a slope is known. The past that a
 * metrics store has counts; `bound`: it was so at the beginning of what is known.
 */
export function heldBackSince(f: Facts): Judgement['heldSince'] {
  const { flow, at, limits } = f;
  if (at - flow.arrival.series.timeAt(0) > window) return undefined;
  const held = flow.inFlightSeries;
  const isHeldBack = (i: number): boolean => {
    const time = held.timeAt(i);
    if (flow.bufferUsedSeries.at(time) >= limits.value('buffer-used')) return true;
    const stay = timeInProducers(f, held.valueAt(i), flow.write.series.at(time)) ?? NaN;
    return stay >= limits.value('time-in-producer');
  };
  let first = held.newest(at) + 1;
  while (first > 0 && isHeldBack(first - 1)) first--;
  if (first > held.newest(at)) return undefined;
  return { at: held.timeAt(first), bound: first === 0 };
}

function signsOf(f: Facts): Record<'throttle' | 'buffer' | 'wait' | 'stay' | 'latency', Evidence> {
  const { flow, limits, inFlight, write } = f;
  return {
    throttle: limits.compare(
      'produce throttle time, worst task',
      valueOf(flow.throttle),
      '>',
      'produce-throttle',
    ),
    buffer: limits.compare('producer buffer used, worst task', valueOf(flow.bufferUsed), '≥', 'buffer-used'),
    stay: limits.compare(
      'records in producers ÷ write',
      timeInProducers(f, inFlight, write),
      '≥',
      'time-in-producer',
    ),
    wait: limits.compare(
      'share of time waiting for buffer, worst task',
      valueOf(flow.waitRatio),
      '≥',
      'buffer-wait',
    ),
    latency: limits.compare(
      'request latency, worst task',
      valueOf(flow.requestLatency),
      '>',
      'request-latency',
    ),
  };
}

/** How long records stay in the producers, now or at a moment before, s; undefined and NaN are unknown. */
function timeInProducers(
  { batches }: Facts,
  inFlight: number | undefined,
  write: number | undefined,
): number | undefined {
  if (inFlight === undefined || write === undefined) return undefined;
  // A batch in work and one that is being acknowledged are no queue, however slow write still is: it is an average of
  // half a minute, and what is in flight a number of now.
  const queued = inFlight - batches;
  return queued <= batches ? 0 : queued / Math.max(write, 1);
}

type Cause = {
  readonly cause: string;
  readonly weights?: readonly Weight[];
  readonly evidence?: readonly Evidence[];
  readonly byHand?: readonly string[];
  /** What raising a quota would do where no throttle time says so. */
  readonly raise?: string;
};

function targetLimited(f: Facts, { cause, weights = [], evidence = [], byHand, ...more }: Cause): Verdict {
  const { throttle, buffer, wait, stay, latency } = signsOf(f);
  const raise =
    throttle.holds === true ? 'the quota is what limits it: no restart, no rebalance' : more.raise;
  return {
    verdict: 'target-limited',
    sentence: `target limits writes: ${cause}`,
    ...weigh(0.35, [
      { ...weight(throttle, 0.3), what: 'produce throttle time' },
      { ...weight(stay, 0.15), what: 'records in flight' },
      { ...weight(buffer, 0.1), what: 'producer buffer' },
      { ...weight(wait, 0.05), what: 'wait ratio of the producer buffer' },
      { what: 'poll rate', holds: f.poll === undefined ? 'unknown' : true, by: 0.05 },
      ...weights,
    ]),
    evidence: [throttle, buffer, wait, stay, latency, stage(f), ...evidence],
    falsifier: 'write/s reaches arrival while throttle time and buffers stay as they are',
    byHand: byHand ?? byHandQuota(f.flow.target?.cluster, 'producer_byte_rate', f.snapshot),
    remedies: [
      ...(raise === undefined ? [] : [{ action: 'raise-quota', cures: true, note: raise }]),
      {
        action: 'tasks-max',
        cures: false,
        note:
          raise !== undefined
            ? 'a quota is shared by all tasks of its user: more tasks are throttled together'
            : 'more tasks press harder on a target that is already the limit',
      },
    ],
  };
}

function byQuota(f: Facts): Verdict {
  const { flow, limits, snapshot } = f;
  const limit = limits.value('produce-throttle');
  const many = flow.tasks.filter(t => (valueOf(t.throttle) ?? 0) > limit).length;
  const where = many > 0 ? ` on ${many} of ${flow.tasks.length} tasks` : '';
  const { name, entity, evidence } = quotaOf(f, 'writes');
  const whose = name === undefined ? 'produce quota' : `produce quota of ${name}`;
  return targetLimited(f, {
    cause: `${whose}, throttled ${inUnit(valueOf(flow.throttle), 'ms')}${where}`,
    weights: [{ what: 'quotas of the target', holds: name === undefined ? 'unknown' : true, by: 0.05 }],
    evidence: [evidence],
    byHand: byHandQuota(flow.target?.cluster, 'producer_byte_rate', snapshot, entity),
  });
}

/** A quota holds for its producers and nothing else was found, but no throttle time tells whether it is the limit. */
function byQuotaThatIsSet(f: Facts): Verdict {
  const { name = 'its user', entity, evidence } = quotaOf(f, 'writes');
  return targetLimited(f, {
    cause: `most likely the produce quota of ${name}, throttle time not measured`,
    weights: [{ what: 'quotas of the target', holds: true, by: 0.05 }],
    evidence: [evidence],
    byHand: byHandQuota(f.flow.target?.cluster, 'producer_byte_rate', f.snapshot, entity),
    raise: 'the likely limit, though no throttle time says so: no restart, no rebalance',
  });
}

/** Replicas of what it writes, and brokers that do not answer. */
function brokersOfTarget(f: Facts): Reply {
  const { flow, snapshot } = f;
  const cluster = clusterOf(snapshot, flow.target);
  const topics = topicsWritten(flow, snapshot);
  if (cluster === undefined || topics.length === 0)
    return reply('unknown', cluster ? 'its topics are not known' : 'the target is not watched');
  const sum = (of: (topic: (typeof topics)[number]) => number): number =>
    topics.reduce((total, topic) => total + of(topic), 0);
  const known = topics.flatMap(topic => valueOf(topic.underMinInSync) ?? []);
  const under = known.length === topics.length ? known.reduce((a, b) => a + b, 0) : undefined;
  const leaderless = sum(topic => topic.leaderless);
  const lagging = sum(topic => topic.underReplicated);
  const brokers = brokersSilent(cluster);
  const { latency } = signsOf(f);
  const origin = 'Metadata of the target';
  const evidence = [
    none('target partitions under min.insync.replicas', under, origin),
    none('target partitions without a leader', leaderless, origin),
    none('target partitions under-replicated', lagging, origin),
    none('target brokers that do not answer', brokers?.silent.length, 'answers to kmon'),
  ];
  const parts = [
    ...(under !== undefined && under > 0 ? [`${under} partitions under min.insync.replicas`] : []),
    ...(leaderless > 0 ? [`${leaderless} partitions without a leader`] : []),
    ...(brokers && brokers.silent.length > 0 ? [`broker ${brokers.silent.join(', ')} does not answer`] : []),
    ...(lagging > 0 && latency.holds === true
      ? [`${lagging} partitions under-replicated, requests take ${latency.value}`]
      : []),
  ];
  if (parts.length > 0) return reply(true, parts.join(', '), evidence);
  const calm = `${lagging} under-replicated, ${brokers ? brokers.of - brokers.silent.length : unknownMark} brokers answer`;
  const blind = under === undefined;
  if (blind) return reply('unknown', `${calm}; min.insync.replicas not known`, evidence);
  return reply(false, `0 under min-ISR, ${calm}`, evidence);
}

function none(what: string, value: number | undefined, origin: string): Evidence {
  return statement(
    what,
    value === undefined ? unknownMark : String(value),
    '> 0',
    origin,
    value === undefined ? 'unknown' : value > 0,
    {
      ...(value !== undefined && { measured: value }),
      limit: 0,
      unit: 'count',
    },
  );
}

function networkOf({ flow, snapshot, limits }: Facts): Evidence {
  const worst = worstWorker(flow, snapshot, w => valueOf(w.network));
  return limits.compare('network of its busiest host', worst?.value, '≥', 'host-network');
}

function cpuOf({ flow, snapshot, limits }: Facts): Evidence {
  const worst = worstWorker(flow, snapshot, w => valueOf(w.processCpu));
  return limits.compare('CPU of its worst worker', worst?.value, '≥', 'worker-cpu');
}

function sizesOf({ flow, limits }: Facts): Record<'buffer' | 'batch' | 'requests', Evidence> {
  const requests = valueOf(flow.requests);
  const each = requests === undefined ? undefined : requests / Math.max(1, flow.tasks.length);
  return {
    buffer: limits.compare('buffer.memory of a producer', valueOf(flow.bufferBytes), '<', 'buffer-small'),
    batch: limits.compare('average batch, largest of a task', valueOf(flow.batchBytes), '<', 'batch-small'),
    requests: limits.compare('requests/s of a task', each, '≥', 'request-rate'),
  };
}

function producerSize(f: Facts): Reply {
  const { buffer, batch, requests } = sizesOf(f);
  const small = allOf([batch, requests]);
  const answer =
    buffer.holds === true || small === 'yes'
      ? 'yes'
      : small === 'no' && buffer.holds === false
        ? 'no'
        : 'unknown';
  return reply(
    answer,
    `buffer.memory ${buffer.value}, batches ${batch.value}, ${requests.value} requests/s a task`,
    [buffer, batch, requests],
  );
}

function producerLimited(f: Facts): Verdict {
  const { flow } = f;
  const { buffer, batch, requests } = sizesOf(f);
  const small = buffer.holds === true;
  const lines = small
    ? ['producer.override.buffer.memory=33554432']
    : ['producer.override.batch.size=65536', 'producer.override.linger.ms=20'];
  const [key = '', value = ''] = (lines[0] ?? '').split('=');
  return {
    ...targetLimited(f, { cause: '', evidence: [buffer, batch, requests] }),
    verdict: 'producer-limited',
    sentence: small
      ? `its own producers limit writes: ${bytes(valueOf(flow.bufferBytes))} of buffer each, and the target does not throttle`
      : `its own producers limit writes: batches of ${batch.value}, ${requests.value} requests/s a task`,
    falsifier: 'write/s stays as it is with larger buffers and batches',
    byHand: byHandConfig(flow, key, value),
    remedies: [
      small
        ? {
            action: 'buffer-memory',
            cures: true,
            note: 'Kafka’s default is 32 MiB; the heap must hold it for each task',
          }
        : {
            action: 'producer-throughput',
            cures: true,
            note: 'larger batches that wait a little carry more in each request',
          },
      { action: 'tasks-max', cures: false, note: 'more tasks have the same small buffers and batches' },
    ],
    advice: [
      {
        where: `connector ${flow.connector}`,
        lines,
        why: small
          ? 'Kafka’s default buffer of 32 MiB a task; it costs that much heap for each task'
          : 'fewer and larger requests; records wait up to linger.ms longer',
      },
    ],
  };
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
