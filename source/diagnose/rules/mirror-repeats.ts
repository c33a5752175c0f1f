import { valueOf } from '../../core/known.js';
import { count, duration } from '../../core/units.js';
import type { FlowView, RepeatCause, Repeats, Snapshot } from '../../model/snapshot.js';
import { weigh } from '../confidence.js';
import { statement } from '../evidence.js';
import type { Finding } from '../finding.js';
import type { Limits } from '../limits.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofFlow } from '../subject.js';
import { isIdempotent, workersOwn } from './connector-config.js';
import { exactlyOnce, idempotentConnector } from './durable-advice.js';
import { isNews, made } from './make.js';

const description: Description = {
  what: 'How many records did MirrorMaker 2 write twice, and why?',
  formula: `
T  end offset of the target, S  end offset of the source, N  flushed position, k = T − pos (see docs/architecture.md, True lag)

repeats  what k rose by at restarts, elections and retries that were seen: between max(0, lo′ − hi) and hi′ − lo, exact
         where both are tight; summed over partitions since the first of them
found    at least one record is certain, and the last cause is no older than event-shown
warning  at least 1,000 records; else info

Nothing is claimed without an observed cause: a restart (worker, state, task count or configuration changed), another
leader in the target (its epoch grew), or a producer that sent again for longer than an election takes.`,
  thresholds: ['repeats-many', 'event-shown'],
  needs: [
    { fact: 'positions', without: 'blind' },
    { fact: 'offsets', without: 'blind' },
    { fact: 'connectors', without: 'blind' },
    { fact: 'producer-record-retry-rate', without: 'less-sure' },
  ],
  traps: [
    'Another writer in the target raises k as well: without an observed cause that is another finding, and no duplicates.',
    'Exactly-once and transforms that filter leave no such count: nothing is said of them.',
    'Until the flow has flushed or rested after a restart the count is an interval; it narrows by itself.',
  ],
  wrongIf: ['somebody else wrote into the target’s topics at the same time'],
  remedies: ['none takes them back: consumers must tell repeats by an id of the record, or by source offset'],
};

const causes: { readonly [C in RepeatCause]: string } = {
  restart: 'its tasks restarted and went on from the last flush',
  election: 'another broker of the target became leader, and a batch was sent again',
  retry: 'its producer sent batches again',
};

export const mirrorRepeats: Rule = {
  id: 'mirror-repeats',
  fireAfter: 5_000,
  keep: 60_000,
  description,
  judge: (snapshot, limits) => snapshot.flows.flatMap(flow => judgeFlow(flow, snapshot, limits) ?? []),
};

function judgeFlow(flow: FlowView, snapshot: Snapshot, limits: Limits): Judgement | undefined {
  if (flow.kind !== 'mirror-source') return undefined;
  const subject = ofFlow(flow);
  const { repeats } = flow;
  if (repeats === undefined || repeats.causes.length === 0 || !(repeats.low >= 1)) return { subject };
  if (!isNews(repeats.at, snapshot.at, limits)) return { subject };
  return {
    subject,
    finding: findingOf(flow, repeats, snapshot, limits),
    heldSince: { at: repeats.at, bound: false },
  };
}

function findingOf(flow: FlowView, repeats: Repeats, snapshot: Snapshot, limits: Limits): Finding {
  const { low, high, at } = repeats;
  const exact = low === high;
  const many = limits.compare('records written twice, at least', low, '≥', 'repeats-many');
  const why = repeats.causes.map(cause => causes[cause]).join('; ');
  const idempotent = isIdempotent(flow);
  return made(mirrorRepeats.id, ofFlow(flow), {
    severity: many.holds === true ? 'warning' : 'info',
    verdict: 'written-twice',
    sentence: `${exact ? count(low) : `${count(low)}…${count(high)}`} records were written twice, the last ${duration(snapshot.at - at)} ago: ${why}`,
    consequence: 'consumers of the target read them twice',
    ...weigh(exact ? 0.95 : 0.8, [
      { what: 'that a restart was among the causes', holds: repeats.causes.includes('restart'), by: 0.05 },
    ]),
    evidence: [
      many,
      statement(
        'records written twice',
        exact ? String(low) : `${low} … ${high}`,
        '0',
        'rise of T − pos',
        true,
        {
          measured: low,
          limit: 0,
          unit: 'records',
        },
      ),
      statement(
        'cause',
        repeats.causes.join(', '),
        'observed',
        'Connect’s status, leader epochs, retry rate',
        true,
      ),
      statement(
        'restarts in the last hour',
        String(flow.restarts.lastHour),
        '0',
        'Connect’s status',
        flow.restarts.lastHour > 0,
      ),
      statement(
        'time between flushes',
        duration(flow.flushInterval.seconds * 1000),
        'the most that a restart repeats',
        flow.flushInterval.observed ? 'as seen' : 'Connect’s default',
        true,
      ),
      statement(
        'idempotent producer',
        idempotent ? 'yes' : 'not asked for',
        'yes',
        'the connector’s configuration',
        !idempotent,
      ),
    ],
    unchecked: [
      ...(exact ? [] : ['the exact number: until it flushed or rested it is an interval']),
      workersOwn,
    ],
    falsifier: 'somebody else wrote into its target topics at the same time',
    byHand: [
      `curl -s http://${valueOf(flow.worker) ?? '<worker>'}/connectors/${flow.connector}/offsets`,
      '# compare with the end offsets of both topics: kafka-get-offsets.sh --topic <topic>',
    ],
    advice: [
      ...(repeats.causes.includes('restart') ? [exactlyOnce(flow.connector), shorterFlush] : []),
      ...(idempotent || repeats.causes.every(cause => cause === 'restart')
        ? []
        : [idempotentConnector(flow.connector)]),
      tolerant,
    ],
  });
}

const shorterFlush = {
  where: 'workers (connect-distributed.properties)',
  lines: ['offset.flush.interval.ms=10000'],
  why: 'a restart repeats at most what was written since the last flush; each flush costs a write to the offsets topic',
};

const tolerant = {
  where: 'consumers of the target topics',
  lines: ['# tell repeats by an id that the record carries, or by (source partition, source offset)'],
  why: 'MirrorMaker 2 without exactly-once writes at least once, and will do so again',
};
