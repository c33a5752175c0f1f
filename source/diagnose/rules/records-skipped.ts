import { sentence } from '../../core/failure.js';
import { isKnown, valueOf } from '../../core/known.js';
import { count } from '../../core/units.js';
import type { FlowView } from '../../model/snapshot.js';
import { weigh } from '../confidence.js';
import { statement } from '../evidence.js';
import type { Advice, Finding } from '../finding.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofFlow } from '../subject.js';
import { byHandConfig } from './by-hand.js';
import { settingOf } from './connector-config.js';
import { made } from './make.js';

const description: Description = {
  what: 'Does a connector skip records instead of failing?',
  formula: `
skipped    Δ total-records-skipped > 0 in five minutes, under errors.tolerance=all
critical   a source connector, or a sink without errors.deadletterqueue.topic.name: they are gone
warning    a sink with a dead letter queue: they are there
info       errors.tolerance=all where nobody may see whether it skips: without the metric, and without a dead letter queue`,
  thresholds: [],
  needs: [
    { fact: 'connectors', without: 'blind' },
    { fact: 'task-records-skipped-total', without: 'less-sure' },
  ],
  traps: [
    'A source connector has no dead letter queue: under errors.tolerance=all a send that failed counts as done, and is logged at TRACE unless errors.log.enable.',
    'The total is counted from 0 by each new task: only its growth says something.',
  ],
  wrongIf: ['the records that are skipped are of no worth'],
  remedies: ['errors.tolerance=none: the task then fails at the first bad record, which is seen'],
};

export const recordsSkipped: Rule = {
  id: 'records-skipped',
  fireAfter: 0,
  keep: 60_000,
  description,
  judge: ({ flows }) => flows.map(judgeFlow),
};

function judgeFlow(flow: FlowView): Judgement {
  const subject = ofFlow(flow);
  if (!isKnown(flow.config)) return { subject, unjudged: flow.config.unknown };
  if (settingOf(flow, 'errors.tolerance') !== 'all') return { subject };
  const queue = flow.kind === 'sink' ? settingOf(flow, 'errors.deadletterqueue.topic.name') : undefined;
  const skipped = valueOf(flow.skipped);
  if (skipped === 0 || (skipped === undefined && queue !== undefined)) return { subject };
  return {
    subject,
    finding: findingOf(flow, skipped, queue),
    ...(skipped === undefined && { fireAfter: 60_000 }),
  };
}

function findingOf(flow: FlowView, skipped: number | undefined, queue: string | undefined): Finding {
  const evidence = [
    statement(
      'records skipped in 5m',
      count(skipped),
      '0',
      'total-records-skipped',
      skipped === undefined ? 'unknown' : skipped > 0,
      skipped === undefined ? {} : { measured: skipped, limit: 0, unit: 'records' },
    ),
    statement('errors.tolerance', 'all', 'none', 'the connector’s configuration', true),
    statement('dead letter queue', queue ?? 'none', 'a topic', 'for sinks only', queue === undefined),
  ];
  const common = {
    evidence,
    falsifier: 'the records that are skipped are of no worth',
    byHand: byHandConfig(flow, 'errors.tolerance', 'none'),
    advice: [adviceFor(flow)],
    remedies: [
      {
        action: 'set-key',
        cures: true,
        note: 'errors.tolerance=none: what cannot be handled stops its task instead of vanishing',
      },
    ],
  };
  if (skipped === undefined)
    return made(recordsSkipped.id, ofFlow(flow), {
      severity: 'info',
      verdict: 'may-skip',
      sentence: 'errors.tolerance=all, and whether it skips records is not measured',
      consequence: 'what it skips is lost without a word',
      ...weigh(0.4, [{ what: 'records skipped', holds: 'unknown', by: 0.5 }]),
      ...common,
      unchecked: isKnown(flow.skipped) ? [] : [sentence(flow.skipped.unknown)],
    });
  return made(recordsSkipped.id, ofFlow(flow), {
    severity: queue === undefined ? 'critical' : 'warning',
    verdict: queue === undefined ? 'records-skipped' : 'records-put-aside',
    sentence:
      queue === undefined
        ? `skipped ${count(skipped)} records in 5m and went on: errors.tolerance=all`
        : `put ${count(skipped)} records in 5m into ${queue}: errors.tolerance=all`,
    consequence: queue === undefined ? 'they are lost' : 'they wait there',
    ...weigh(0.95, []),
    ...common,
    explains: [{ rule: 'records-not-written', subject: { kind: 'flow', id: flow.id } }],
  });
}

function adviceFor({ kind, connector }: FlowView): Advice {
  const where = `connector ${connector}`;
  return kind === 'sink'
    ? {
        where,
        lines: [
          `errors.deadletterqueue.topic.name=${connector}.dead-letters`,
          'errors.deadletterqueue.topic.replication.factor=3',
          'errors.deadletterqueue.context.headers.enable=true',
          'errors.log.enable=true',
        ],
        why: 'what cannot be handled is kept with the reason, and the rest goes on. Someone must read that topic',
      }
    : {
        where,
        lines: ['errors.tolerance=none', 'errors.log.enable=true'],
        why: 'a source has no dead letter queue: with `none` its task fails at the first bad record, and nothing is lost until someone has looked',
      };
}
