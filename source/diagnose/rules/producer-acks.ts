import { isKnown } from '../../core/known.js';
import type { FlowView } from '../../model/snapshot.js';
import { weigh } from '../confidence.js';
import { statement } from '../evidence.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofFlow } from '../subject.js';
import { byHandConfig } from './by-hand.js';
import { produces, settingOf, workersOwn } from './connector-config.js';
import { durableProducer } from './durable-advice.js';
import { made } from './make.js';

const description: Description = {
  what: 'Does a connector write without waiting for the replicas?',
  formula: `
warning  producer.override.acks is 0 or 1: a broker that is lost takes acknowledged records along
silent   it is not set: Connect's default is all`,
  thresholds: [],
  needs: [{ fact: 'connectors', without: 'blind' }],
  traps: [
    'A cluster does not tell what acks its producers ask for, and idempotence (which asks for all) shows only in the batches. Of applications nothing is said: acks unknown is not acks=1.',
  ],
  wrongIf: ['the records may be lost'],
  remedies: ['set producer.override.acks=all'],
};

export const producerAcks: Rule = {
  id: 'producer-acks',
  fireAfter: 10_000,
  keep: 10_000,
  description,
  judge: ({ flows }) => flows.filter(produces).map(judgeFlow),
};

function judgeFlow(flow: FlowView): Judgement {
  const subject = ofFlow(flow);
  if (!isKnown(flow.config)) return { subject, unjudged: flow.config.unknown };
  const acks = settingOf(flow, 'producer.override.acks');
  if (acks !== '0' && acks !== '1') return { subject };
  return {
    subject,
    finding: made(producerAcks.id, subject, {
      severity: 'warning',
      verdict: 'weak-acks',
      sentence:
        acks === '0'
          ? 'acks=0: its producer waits for no broker'
          : 'acks=1: its producer waits for the leader alone',
      consequence: 'records are lost with the broker that took them',
      ...weigh(0.95, []),
      evidence: [
        statement(
          'producer.override.acks',
          acks,
          'all',
          'the connector’s configuration; Connect’s default is all',
          true,
        ),
      ],
      unchecked: [workersOwn],
      falsifier: 'the records may be lost',
      remedies: [{ action: 'set-key', cures: true, note: 'producer.override.acks=all' }],
      byHand: byHandConfig(flow, 'producer.override.acks', 'all'),
      advice: [durableProducer(`connector ${flow.connector}, each with producer.override. before it`)],
    }),
  };
}
