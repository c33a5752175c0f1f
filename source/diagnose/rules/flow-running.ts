import { isKnown, valueOf } from '../../core/known.js';
import type { FlowView } from '../../model/snapshot.js';
import { statement } from '../evidence.js';
import { weigh } from '../confidence.js';
import type { Finding } from '../finding.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofFlow } from '../subject.js';
import { byHandState } from './by-hand.js';

const description: Description = {
  what: 'Does a flow run at all?',
  formula: `
not running  the connector or one of its tasks is not RUNNING, by the status of Connect
critical     something FAILED: it does not recover by itself, so it is said at once
warning      PAUSED, STOPPED, UNASSIGNED, RESTARTING: someone's wish, or a rebalance that should end soon

What does not run needs no rates to be judged: flow-limits is silent about it.`,
  thresholds: [],
  needs: [{ fact: 'connectors', without: 'blind' }],
  traps: [
    'After a worker was lost its tasks are UNASSIGNED for up to `scheduled.rebalance.max.delay.ms` (5 min by default): that is the delay at work, not a failure.',
    'Connect lists the tasks of a killed worker as RUNNING until the next rebalance.',
  ],
  wrongIf: ['the status is stale: Connect lists the tasks of a killed worker until the next rebalance'],
  remedies: ['restart what failed, once its trace is understood', 'resume what was paused'],
};

export const flowRunning: Rule = {
  id: 'flow-running',
  fireAfter: 10_000,
  keep: 10_000,
  description,
  judge: snapshot => snapshot.flows.map(judgeFlow),
};

/** Whether the connector and all its tasks run, as far as is known. */
export function runs(flow: FlowView): boolean {
  return (valueOf(flow.state) ?? 'RUNNING') === 'RUNNING' && flow.tasks.every(t => t.state === 'RUNNING');
}

function judgeFlow(flow: FlowView): Judgement {
  const subject = ofFlow(flow);
  if (!isKnown(flow.state)) return { subject, unjudged: flow.state.unknown };
  if (runs(flow)) return { subject };
  const state = valueOf(flow.state) ?? '';
  const idle = flow.tasks.filter(t => t.state !== 'RUNNING');
  const states = new Set([state, ...idle.map(t => t.state)]);
  const failed = states.has('FAILED');
  const finding: Finding = {
    rule: flowRunning.id,
    subject,
    verdict: 'not-running',
    severity: failed ? 'critical' : 'warning',
    sentence: sentenceOf(flow, state, idle),
    consequence: consequenceOf(states),
    ...weigh(0.9, []),
    evidence: [
      statement('connector', state, 'not RUNNING', 'Connect status', state !== 'RUNNING'),
      ...idle.map(t =>
        statement(`task ${t.task} on ${t.worker}`, t.state, 'not RUNNING', 'Connect status', true),
      ),
    ],
    unchecked: [],
    falsifier: 'the status is stale: Connect lists the tasks of a killed worker until the next rebalance',
    remedies: [],
    byHand: byHandState(flow),
    advice: [],
    explains: [{ rule: 'flow-limits', subject: { kind: 'flow', id: flow.id } }],
  };
  return { subject, finding, ...(failed && { fireAfter: 0 }) };
}

function sentenceOf(flow: FlowView, state: string, idle: FlowView['tasks']): string {
  const kinds = [...new Set(idle.map(t => t.state))].join(', ');
  const tasks = `${idle.length} of ${flow.tasks.length} tasks ${kinds}`;
  const parts = [...(state === 'RUNNING' ? [] : [`connector ${state}`]), ...(idle.length > 0 ? [tasks] : [])];
  const trace = idle.find(t => t.trace !== undefined)?.trace;
  return parts.join(', ') + (trace === undefined ? '' : `: ${trace}`);
}

function consequenceOf(states: ReadonlySet<string>): string {
  if (states.has('FAILED')) return 'does not recover by itself';
  if (states.has('PAUSED') || states.has('STOPPED')) return 'nothing flows until it is resumed';
  return 'moves within 5 min of a worker’s loss (scheduled.rebalance.max.delay.ms)';
}
