import { isKnown, valueOf } from '../../core/known.js';
import { count } from '../../core/units.js';
import type { FlowView } from '../../model/snapshot.js';
import { weigh } from '../confidence.js';
import { statement } from '../evidence.js';
import type { Limits } from '../limits.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofFlow } from '../subject.js';
import { byHandConfig } from './by-hand.js';
import { isIdempotent, produces, workersOwn } from './connector-config.js';
import { idempotentConnector } from './durable-advice.js';
import { made } from './make.js';

const description: Description = {
  what: 'Does a producer of a connector send again what may have been written?',
  formula: `
retries   record-retry-rate of the worst task > 10/s
exposed   its producer is not idempotent: Connect sets enable.idempotence=false unless
          producer.override.enable.idempotence=true, or exactly.once.support=required
warning   exposed;  critical from 50/s on
silent    it is idempotent: retries cost time, and repeat nothing`,
  thresholds: ['retry-rate', 'retry-rate-high'],
  needs: [
    { fact: 'connectors', without: 'blind' },
    { fact: 'producer-record-retry-rate', without: 'blind' },
  ],
  traps: [
    'An election makes producers send again for half a minute: where a broker was lost this is its consequence.',
    'How many records came twice it does not tell: a batch that is refused is not written. MirrorMaker 2 is counted, see mirror-repeats.',
  ],
  wrongIf: ['the workers set producer.enable.idempotence=true for all connectors'],
  remedies: ['make it idempotent; then find out why brokers do not answer in time'],
};

export const producerRetries: Rule = {
  id: 'producer-retries',
  fireAfter: 30_000,
  keep: 60_000,
  description,
  judge: ({ flows }, limits) => flows.filter(produces).map(flow => judgeFlow(flow, limits)),
};

function judgeFlow(flow: FlowView, limits: Limits): Judgement {
  const subject = ofFlow(flow);
  if (!isKnown(flow.config)) return { subject, unjudged: flow.config.unknown };
  if (!isKnown(flow.retries)) return { subject, unjudged: flow.retries.unknown };
  const rate = valueOf(flow.retries);
  const level = limits.level(rate, '>', 'retry-rate');
  if (isIdempotent(flow) || level === 'clear' || level === 'unknown') return { subject };
  const high = limits.compare('record-retry-rate, critical', rate, '>', 'retry-rate-high');
  return {
    subject,
    ...(level === 'between' && { keepsOnly: true as const }),
    finding: made(producerRetries.id, subject, {
      severity: high.holds === true ? 'critical' : 'warning',
      verdict: 'retries-not-idempotent',
      sentence: `its producer sends ${count(rate)} records/s again and is not idempotent: some may be written twice`,
      consequence: 'duplicates are possible in the target',
      ...weigh(0.75, []),
      evidence: [
        limits.compare('record-retry-rate, worst task', rate, '>', 'retry-rate'),
        high,
        statement('enable.idempotence', 'not asked for', 'true', 'Connect’s default is false', true),
      ],
      unchecked: [workersOwn],
      falsifier: 'the workers set producer.enable.idempotence=true for all connectors',
      remedies: [{ action: 'set-key', cures: true, note: 'producer.override.enable.idempotence=true' }],
      byHand: byHandConfig(flow, 'producer.override.enable.idempotence', 'true'),
      advice: [idempotentConnector(flow.connector)],
    }),
  };
}
