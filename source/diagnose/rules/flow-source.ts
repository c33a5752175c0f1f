import { sentence } from '../../core/failure.js';
import { isKnown, valueOf } from '../../core/known.js';
import { count, unknownMark } from '../../core/units.js';
import { weigh, weight } from '../confidence.js';
import { inUnit, spanOf, statement } from '../evidence.js';
import type { Evidence } from '../finding.js';
import type { Question, Reply } from '../tree.js';
import { byHandQuota } from './by-hand.js';
import { describeAvailability } from './kafka-command.js';
import { batchesHeld, buffersEmpty, certainlyBehind, pollBatchOf } from './flow-capacity.js';
import { window, type Base, type Facts } from './flow-facts.js';
import { fetchLatencyOf } from './flow-past.js';
import { quotaOf } from './flow-quota.js';
import { brokersSilent, clusterOf, mayOn, topicsMissing, topicsRead } from './flow-site.js';
import { allOf, reply, targetWasChecked, told, type Verdict } from './flow-verdict.js';

/** Is there something to read? Asked before any rate: of a partition without a leader there is none. */
export const unreadable: Question<Base, Verdict> = {
  id: 'unreadable',
  question: 'is its source not there to read?',
  leads: 'without it no rate can be judged',
  answer: base => {
    const { answer, because, evidence } = leaderless(base);
    const gone = allMissing(base);
    if (answer === 'yes' || gone.answer === 'no') return reply(answer, because, evidence);
    return reply(gone.answer, gone.because, [...evidence, ...gone.evidence]);
  },
  below: [
    {
      id: 'leaderless',
      question: 'partitions without a leader?',
      leads: 'bring back a broker that has a replica of them',
      answer: leaderless,
      conclude: base => gone(base, leaderless(base), 'critical'),
    },
    {
      id: 'topic-missing',
      question: 'topics that do not exist?',
      leads: 'it was deleted, or `topics` names another one',
      answer: allMissing,
      conclude: base => gone(base, allMissing(base), 'warning'),
    },
  ],
};

/** Is it the reads? */
export const starved: Question<Facts, Verdict> = {
  id: 'starved',
  question: 'does the source give too little?',
  leads: 'the limit is in front of the tasks: more of them read no more',
  answer: f => {
    if (f.poll === undefined || !targetWasChecked(f.flow))
      return reply('unknown', 'poll, or what would tell a limited target, is not measured');
    const { taken, throttle, latency, held } = signsOf(f);
    const because = told(['poll ÷ arrival', taken], ['fetch throttle', throttle], ['fetches', latency]);
    return reply(limits(f), because, [taken, throttle, latency, held]);
  },
  conclude: f => sourceLimited(f, 'tasks poll less than arrives'),
  below: [
    {
      id: 'source-quota',
      question: 'by a quota of the source?',
      leads: 'raise the quota of the user that reads',
      answer: f => {
        const { throttle } = signsOf(f);
        if (throttle.holds !== true) return reply(throttle.holds, told(['throttle', throttle]), [throttle]);
        const { text, evidence } = quotaOf(f, 'reads');
        return reply(true, `throttle ${throttle.value}; quota: ${text}`, [throttle, evidence]);
      },
      conclude: f => {
        const { name, entity, evidence } = quotaOf(f, 'reads');
        const whose = name === undefined ? 'fetch quota' : `fetch quota of ${name}`;
        return {
          ...sourceLimited(f, `${whose}, throttled ${inUnit(valueOf(f.flow.fetchThrottle), 'ms')}`, [
            evidence,
          ]),
          byHand: byHandQuota(f.flow.source?.cluster, 'consumer_byte_rate', f.snapshot, entity),
        };
      },
    },
    {
      id: 'source-denied',
      question: 'may its user not read?',
      leads: 'a task that may not read logs it, stays RUNNING and polls nothing: grant Read',
      answer: denied,
      conclude: f => sourceLimited(f, denied(f).because, denied(f).evidence),
    },
    {
      id: 'source-missing',
      question: 'are topics missing?',
      leads: 'the topic was deleted, or made anew under its name',
      answer: someMissing,
      conclude: f => sourceLimited(f, someMissing(f).because, someMissing(f).evidence),
    },
    {
      id: 'source-brokers',
      question: 'do its brokers not answer?',
      leads: 'mend them: what they lead cannot be read',
      answer: brokersOfSource,
      conclude: f => sourceLimited(f, brokersOfSource(f).because, brokersOfSource(f).evidence),
    },
    {
      id: 'silent',
      question: 'are its tasks RUNNING and silent?',
      leads: 'tasks catch every error of the fetch and go on: see the log of the worker, then restart them',
      answer: f => {
        const poll = count(f.poll);
        return reply(
          isSilent(f),
          `poll ${poll}/s for ${inUnit(f.limits.value('silence'), 's')} while ${count(f.arrival)}/s arrive`,
        );
      },
      conclude: f => ({
        ...sourceLimited(f, 'tasks are RUNNING but poll nothing'),
        remedies: [
          {
            action: 'restart-all',
            cures: false,
            note: 'the error is in the log of the worker; a restart repeats what was written since the last flush',
          },
        ],
      }),
    },
    {
      id: 'source-slow',
      question: 'are fetches slow?',
      leads: 'the network or the brokers of the source; over a long way fetch more at once',
      answer: f => {
        const { latency, taken } = signsOf(f);
        return reply(allOf([latency, taken]), told(['fetches take', latency]), [latency]);
      },
      conclude: f => ({
        ...sourceLimited(f, `fetches take ${signsOf(f).latency.value}`),
        remedies: [
          { action: 'consumer-fetch', cures: true, note: 'over a long way a fetch should bring more' },
          { action: 'tasks-max', cures: false, note: 'more tasks fetch more at once, each as slowly' },
        ],
        advice: [
          {
            where: `connector ${f.flow.connector}`,
            lines: ['consumer.fetch.min.bytes=1', 'consumer.max.partition.fetch.bytes=4194304'],
            why: 'over a long way a fetch should bring more; it costs heap',
          },
        ],
      }),
    },
    {
      id: 'poll-batch',
      question: 'does even the fastest task wait for its batches?',
      leads:
        'records lie at the source and come slowly: its brokers, or the way to them. Where batches come at once, the time goes into the tasks',
      answer: f => {
        const [batch, behind] = [pollBatchOf(f, '≥'), certainlyBehind(f)];
        const because = `${pollBatchText(f)}; ${told(['certain lag', behind])}`;
        return reply(allOf([batch, behind]), because, [batch, behind]);
      },
      conclude: f => sourceLimited(f, `even its fastest task waits ${pollBatchOf(f, '≥').value} for a batch`),
    },
  ],
};

/** `4 ms, slowest 9 ms, longest 31 ms`, or why it is not known. */
function pollBatchText({ flow: { pollBatch } }: Facts): string {
  if (!isKnown(pollBatch)) return `poll-batch time not known: ${sentence(pollBatch.unknown)}`;
  const { fastest, slowest, longest } = pollBatch.value;
  const most = longest === undefined ? '' : `, longest poll ${inUnit(longest, 'ms')}`;
  return `a batch takes ${inUnit(fastest, 'ms')}, of the slowest task ${inUnit(slowest, 'ms')}${most}`;
}

function signsOf(f: Facts): Record<'taken' | 'throttle' | 'latency' | 'held', Evidence> {
  const { flow } = f;
  return {
    taken: f.limits.compare('poll ÷ arrival', f.taken, '<', 'poll-share'),
    throttle: f.limits.compare(
      'fetch throttle time, worst task',
      valueOf(flow.fetchThrottle),
      '>',
      'fetch-throttle',
    ),
    latency: fetchLatencyOf(flow, f.usualFetch(), f.limits),
    held: batchesHeld(f, '<'),
  };
}

function limits(f: Facts): boolean {
  const { taken, throttle, latency, held } = signsOf(f);
  const waits = held.holds === true;
  const blind = throttle.holds === 'unknown' && latency.holds === 'unknown';
  // Tasks that are being started poll nothing, whatever the source gives.
  const little = waits && taken.holds === true && f.steady;
  const slow = little && latency.holds === true;
  // What cannot be read is refused quickly, so that slow fetches are no condition where records lie there for certain.
  const idle = little && certainlyBehind(f).holds === true;
  const low = little && blind && (f.taken ?? Infinity) < f.limits.value('poll-share-blind');
  return throttle.holds === true || isSilent(f) || slow || idle || low;
}

function sourceLimited(f: Facts, cause: string, evidence: readonly Evidence[] = []): Verdict {
  const { flow } = f;
  const { taken, throttle, latency, held } = signsOf(f);
  return {
    verdict: 'source-limited',
    sentence: `source limits reads: ${cause}`,
    ...weigh(0.3, [
      { ...weight(throttle, 0.5), what: 'fetch throttle time' },
      { ...weight(latency, 0.2), what: 'fetch latency' },
      { what: 'records in flight', holds: held.holds, by: 0.1 },
      { what: 'poll-batch time', holds: waitsForBatches(f), by: 0.1 },
      { what: 'poll rate', holds: isSilent(f), by: 0.3 },
      { what: 'producer buffer', holds: isKnown(flow.bufferUsed) ? false : 'unknown', by: -0.2 },
    ]),
    evidence: [taken, throttle, latency, held, pollBatchOf(f, '≥'), ...buffersEmpty(f), ...evidence],
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

/** Polls that bring nothing are not timed, so that no number is no sign; caught-up tasks wait too. */
function waitsForBatches(f: Facts): boolean | 'unknown' {
  const waits = allOf([pollBatchOf(f, '≥'), certainlyBehind(f)]);
  return waits === 'unknown' ? waits : waits === 'yes';
}

/** Nothing was polled for a while during all of which records arrived. */
function isSilent({ flow, at, limits: limit }: Facts): boolean {
  const polled = flow.poll.series.since(at - window, at);
  const arrived = flow.arrival.series.since(at - window, at);
  const span = Math.min(spanOf(polled.times)?.window ?? 0, spanOf(arrived.times)?.window ?? 0);
  const volume = limit.value('volume-rate');
  return (
    span >= limit.value('silence') &&
    polled.values.every(p => p < 1) &&
    arrived.values.every(b => b >= volume)
  );
}

function gone(
  { flow, snapshot }: Base,
  { because, evidence }: Reply,
  severity: 'critical' | 'warning',
): Verdict {
  return {
    verdict: 'source-limited',
    severity,
    sentence: `source limits reads: ${because}`,
    consequence: 'what is there cannot be read; lag is not known',
    ...weigh(severity === 'critical' ? 0.85 : 0.5, []),
    evidence,
    falsifier: 'write/s goes on for these partitions',
    remedies: [],
    byHand: describeAvailability(flow.source?.cluster, flow.partitions[0]?.topic, snapshot),
  };
}

function leaderless({ flow }: Base): Reply {
  const known = flow.partitions.filter(p => p.leader !== undefined);
  const none = known.filter(p => p.leader === -1);
  if (known.length === 0) return reply('unknown', 'leaders of its partitions are not known');
  const first = none[0];
  const which =
    first === undefined ? '' : `: ${first.topic}/${first.partition}${none.length > 1 ? ' …' : ''}`;
  const text = `${none.length} of ${flow.partitions.length} partitions have no leader${which}`;
  const origin = 'Metadata of the source';
  return reply(none.length > 0, text, [
    statement('source partitions without a leader', String(none.length), '> 0', origin, none.length > 0, {
      measured: none.length,
      limit: 0,
      unit: 'count',
    }),
  ]);
}

/** Topics that are not there are no trouble while others are read: `topics` may name some that are still to come. */
function allMissing(base: Base): Reply {
  // All topics of a cluster are looked through only where nothing comes from them.
  if ((valueOf(base.flow.poll.now) ?? 0) >= 1) return reply('no', 'records are polled');
  const found = topicsMissing(base.flow, base.snapshot);
  if (found === undefined) return reply('unknown', 'whether its topics exist is not known');
  return reply(found.missing.length === found.of, missingText(found), missingEvidence(found));
}

type Missing = NonNullable<ReturnType<typeof topicsMissing>>;

function missingText({ missing, of }: Missing): string {
  if (missing.length === 0) return `all ${of} topics exist`;
  return `${missing.length} of ${of} topics not there, or not to be seen: ${missing.slice(0, 3).join(', ')}`;
}

function missingEvidence({ missing, of }: Missing): readonly Evidence[] {
  const value = missing.length === 0 ? 'none' : missing.slice(0, 3).join(', ');
  const origin = 'Metadata of the source, which leave out what the user may not describe';
  return [
    statement(
      'topics of its configuration that are not there',
      value,
      `none of ${of}`,
      origin,
      missing.length > 0,
    ),
  ];
}

function someMissing({ flow, snapshot, at }: Facts): Reply {
  const found = topicsMissing(flow, snapshot);
  const anew = topicsRead(flow, snapshot).filter(
    t => t.recreated !== undefined && at - t.recreated < 600_000,
  );
  const again = anew[0] && `topic ${anew[0].topic} was deleted and made anew`;
  if (again !== undefined) return reply(true, again);
  if (found === undefined) return reply('unknown', '`topics` is a pattern, or the source is not watched');
  return reply(found.missing.length > 0, missingText(found), missingEvidence(found));
}

function denied(f: Facts): Reply {
  const { flow, snapshot } = f;
  const user = flow.clients.reads?.user;
  const cluster = clusterOf(snapshot, flow.source);
  const topics = [...new Set(flow.partitions.map(p => p.topic))];
  if (user === undefined) return reply('unknown', 'as whom it reads is not known');
  const may = topics.map(topic => mayOn(cluster, user, topic, 'Read'));
  if (may.includes(undefined)) return reply('unknown', 'ACLs of the source are not known');
  const refused = topics.filter((_, i) => may[i] === false);
  const text =
    refused.length === 0
      ? `user ${user} may read`
      : `no ACL lets user ${user} read ${refused.slice(0, 3).join(', ')}`;
  const origin = 'ACLs of the source; a super user needs none';
  return reply(refused.length > 0 && user !== 'ANONYMOUS', text, [
    statement(
      `Read for user ${user}`,
      refused.length === 0 ? 'allowed' : 'not allowed',
      'not allowed',
      origin,
      refused.length > 0,
    ),
  ]);
}

function brokersOfSource({ flow, snapshot }: Facts): Reply {
  const brokers = brokersSilent(clusterOf(snapshot, flow.source));
  if (brokers === undefined) return reply('unknown', 'brokers of the source are not known');
  const { silent, of } = brokers;
  const text =
    silent.length === 0
      ? `${of} of ${of} answer`
      : `broker ${silent.join(', ')} of the source does not answer`;
  const value = silent.length === 0 ? '0' : silent.join(', ');
  return reply(silent.length > 0, text, [
    statement(
      'source brokers that do not answer',
      value || unknownMark,
      'any',
      'answers to kmon',
      silent.length > 0,
    ),
  ]);
}
