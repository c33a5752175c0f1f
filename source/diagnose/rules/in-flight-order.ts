import { isKnown } from '../../core/known.js';
import type { FlowView } from '../../model/snapshot.js';
import { weigh } from '../confidence.js';
import { statement } from '../evidence.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofFlow } from '../subject.js';
import { byHandConfig } from './by-hand.js';
import { isIdempotent, produces, settingOf, workersOwn } from './connector-config.js';
import { idempotentConnector } from './durable-advice.js';
import { made } from './make.js';

const description: Description = {
  what: 'May a connector write records out of order?',
  formula: `
f  producer.override.max.in.flight.requests.per.connection (Connect's default: 1)

warning  f > 1, its producer is not idempotent, and retries are on (producer.override.retries ≠ 0): when the first of two
         requests in flight fails and the second does not, the first is written after it
silent   f = 1, or idempotence with f ≤ 5: the order holds`,
  thresholds: [],
  needs: [
    { fact: 'connectors', without: 'blind' },
    { fact: 'producer-record-retry-rate', without: 'less-sure' },
  ],
  traps: [
    'The limit is 1 and not 5: 5 is what idempotence allows, and without it any two may change places.',
    'Of applications this cannot be known from outside. Consumers that work on one partition in parallel, or commit asynchronously, cannot be seen either.',
  ],
  wrongIf: ['the workers set producer.enable.idempotence=true for all connectors'],
  remedies: ['make it idempotent, or set the limit to 1'],
};

export const inFlightOrder: Rule = {
  id: 'in-flight-order',
  fireAfter: 10_000,
  keep: 10_000,
  description,
  judge: ({ flows }) => flows.filter(produces).map(judgeFlow),
};

const key = 'producer.override.max.in.flight.requests.per.connection';

function judgeFlow(flow: FlowView): Judgement {
  const subject = ofFlow(flow);
  if (!isKnown(flow.config)) return { subject, unjudged: flow.config.unknown };
  const inFlight = Number(settingOf(flow, key) ?? 1);
  const retries = settingOf(flow, 'producer.override.retries') ?? 'on, by default';
  if (!(inFlight > 1) || isIdempotent(flow) || retries === '0') return { subject };
  const retried = isKnown(flow.retries) ? flow.retries.value > 0 : 'unknown';
  return {
    subject,
    finding: made(inFlightOrder.id, subject, {
      severity: 'warning',
      verdict: 'order-not-kept',
      sentence: `${inFlight} requests in flight without idempotence: a retry may write records out of order`,
      consequence: retried === true ? 'it does retry now' : 'when it retries',
      ...weigh(0.7, [{ what: 'retries of its producer', holds: retried, by: 0.2 }]),
      evidence: [
        statement(key, String(inFlight), '1', 'the connector’s configuration; Connect’s default is 1', true, {
          measured: inFlight,
          limit: 1,
          unit: 'count',
        }),
        statement('idempotent producer', 'not asked for', 'yes', 'Connect’s default is no', true),
        statement(
          'record-retry-rate',
          isKnown(flow.retries) ? String(flow.retries.value) : '–',
          '0',
          'producer metrics',
          retried,
        ),
      ],
      unchecked: [workersOwn, 'timestamps and keys of records: they are not sampled'],
      falsifier: 'the workers set producer.enable.idempotence=true for all connectors',
      remedies: [
        { action: 'set-key', cures: true, note: `${key}=1, or producer.override.enable.idempotence=true` },
      ],
      byHand: byHandConfig(flow, key, '1'),
      advice: [idempotentConnector(flow.connector)],
    }),
  };
}
