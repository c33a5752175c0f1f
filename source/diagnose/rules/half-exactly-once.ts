import { isKnown } from '../../core/known.js';
import type { FlowView } from '../../model/snapshot.js';
import { weigh } from '../confidence.js';
import { statement } from '../evidence.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofFlow } from '../subject.js';
import { byHandConfig } from './by-hand.js';
import { isExactlyOnce, settingOf } from './connector-config.js';
import { exactlyOnce } from './durable-advice.js';
import { made } from './make.js';

const description: Description = {
  what: 'Is a MirrorMaker 2 flow exactly-once by half?',
  formula: `
asked    exactly.once.support=required
half     its consumer reads uncommitted records: neither source.consumer.isolation.level nor consumer.isolation.level
         is read_committed. MirrorSourceConnector then reports exactly-once as unsupported
warning  the connector is refused at its next start or change, or copies records of transactions that were aborted
silent   it is not asked for: at least once is MirrorMaker 2's default, and what it repeats is counted (mirror-repeats)`,
  thresholds: [],
  needs: [{ fact: 'connectors', without: 'blind' }],
  traps: ['Whether the workers have exactly.once.source.support=enabled is not shown by Connect’s REST API.'],
  wrongIf: ['the isolation level is set by the worker, for all consumers'],
  remedies: ['set source.consumer.isolation.level=read_committed'],
};

const isolation = [
  'source.consumer.isolation.level',
  'consumer.isolation.level',
  'source.cluster.consumer.isolation.level',
];

export const halfExactlyOnce: Rule = {
  id: 'half-exactly-once',
  fireAfter: 10_000,
  keep: 10_000,
  description,
  judge: ({ flows }) => flows.filter(f => f.kind === 'mirror-source').map(judgeFlow),
};

function judgeFlow(flow: FlowView): Judgement {
  const subject = ofFlow(flow);
  if (!isKnown(flow.config)) return { subject, unjudged: flow.config.unknown };
  const level = settingOf(flow, ...isolation);
  if (!isExactlyOnce(flow) || level === 'read_committed') return { subject };
  return {
    subject,
    finding: made(halfExactlyOnce.id, subject, {
      severity: 'warning',
      verdict: 'half-exactly-once',
      sentence: 'exactly.once.support=required, and its consumer reads uncommitted records',
      consequence: 'refused at its next start, or aborted records are copied',
      ...weigh(0.8, []),
      evidence: [
        statement('exactly.once.support', 'required', 'required', 'the connector’s configuration', true),
        statement(
          'isolation.level of its consumer',
          level ?? 'not set',
          'read_committed',
          'MirrorSourceConnector: exactlyOnceSupport',
          true,
        ),
      ],
      unchecked: ['exactly.once.source.support of the workers: Connect’s REST API does not show it'],
      falsifier: 'the isolation level is set by the worker, for all consumers',
      remedies: [{ action: 'set-key', cures: true, note: 'source.consumer.isolation.level=read_committed' }],
      byHand: byHandConfig(flow, 'source.consumer.isolation.level', 'read_committed'),
      advice: [exactlyOnce(flow.connector)],
    }),
  };
}
