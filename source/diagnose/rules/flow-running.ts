import type { Millis } from '../../core/clock.js';
import { isKnown, latest, valueOf } from '../../core/known.js';
import { duration } from '../../core/units.js';
import type { FlowView } from '../../model/snapshot.js';
import { weigh } from '../confidence.js';
import { statement } from '../evidence.js';
import type { Evidence } from '../finding.js';
import type { Limits } from '../limits.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofFlow } from '../subject.js';
import { outlineOf, walk, type Question, type Reply } from '../tree.js';
import { byHandState } from './by-hand.js';
import { failedCause } from './failed-cause.js';
import type { Base } from './flow-facts.js';
import { reply, type Verdict } from './flow-verdict.js';

/** What someone or something made of it, the worst first. */
const states: readonly Question<Base, Verdict>[] = [
  {
    id: 'failed',
    question: 'did it or a task fail?',
    leads: 'it does not recover by itself: read the trace, mend the cause, restart what failed',
    answer: base => inState(base, ['FAILED']),
    conclude: base => {
      const cause = failedCause(base.flow, tracesOf(base.flow));
      return { ...verdictOf(base, 'critical', cause.consequence), ...cause };
    },
  },
  {
    id: 'stopped',
    question: 'was it paused or stopped?',
    leads: 'somebody wished so: resume it',
    answer: base => inState(base, ['PAUSED', 'STOPPED']),
    conclude: base =>
      verdictOf(base, 'warning', 'nothing flows until it is resumed', [
        { action: 'resume', cures: true, note: 'somebody wished so: ask who, and why' },
      ]),
  },
  {
    id: 'unassigned',
    question: 'are tasks without a worker?',
    leads:
      'Connect keeps the tasks of a lost worker for it, 5 min by default: scheduled.rebalance.max.delay.ms',
    answer: base => {
      const { answer, because, evidence } = inState(base, ['UNASSIGNED']);
      const left = delayLeft(base);
      if (answer !== 'yes' || left === undefined) return reply(answer, because, evidence);
      return reply(
        answer,
        `${because}; a worker was lost, ${left > 0 ? `${duration(left)} are left of the delay` : 'the delay is over'}`,
        evidence,
      );
    },
    conclude: unassigned,
  },
  {
    id: 'no-task',
    question: 'does it have no task?',
    leads: 'no topic of the source is let through by `topics` and `topics.exclude`',
    answer: ({ flow }) => reply(hasNoTask(flow), `${flow.tasks.length} tasks`),
    conclude: base => verdictOf(base, 'warning', 'nothing flows until a topic matches'),
  },
];

export const notRunning: Question<Base, Verdict> = {
  id: 'not-running',
  question: 'is something not running?',
  leads: 'what does not run needs no rates to be judged',
  answer: base => {
    const { flow } = base;
    const running = flow.tasks.filter(t => t.state === 'RUNNING').length;
    const because = `connector ${latest(flow.state)?.value ?? 'not known'}, ${running} of ${flow.tasks.length} tasks RUNNING`;
    if (!isKnown(flow.state)) return reply('unknown', because);
    return reply(!runs(flow), because, evidenceOf(flow));
  },
  below: states,
  conclude: base => verdictOf(base, 'warning', 'a rebalance or a restart should end within a minute'),
};

/** For how long tasks may be between two workers, or restart, before it is told: a rolling restart of the workers is that for each of them. */
const rebalanceEnds: Millis = 60_000;

const description: Description = {
  what: 'Does a flow run at all?',
  formula: `
not running  the connector or one of its tasks is not RUNNING, by the status of Connect; or MirrorMaker 2's source
             connector has no task
critical     something FAILED: it does not recover by itself, so it is said at once; or tasks are UNASSIGNED still when the
             delay after the loss of a worker is over
warning      PAUSED, STOPPED: someone's wish; UNASSIGNED, RESTARTING for 60 s: a rebalance that should have ended by then

What does not run needs no rates to be judged: flow-limits is silent about it.`,
  tree: outlineOf([notRunning]),
  thresholds: [],
  needs: [{ fact: 'connectors', without: 'blind' }],
  traps: [
    'After a worker was lost its tasks are UNASSIGNED for up to `scheduled.rebalance.max.delay.ms` (5 min by default, and not to be read over REST): that is the delay at work, not a failure. The finding says how much of it is left.',
    'Connect lists the tasks of a killed worker as RUNNING until the next rebalance.',
    'Where a configuration was put again unchanged, and the topic of configurations is compacted, a worker that starts loses those of the tasks: they are FAILED with `"inputMap" is null`, at every restart (KAFKA-17719). Another configuration of the connector writes them anew.',
  ],
  wrongIf: ['the status is stale: Connect lists the tasks of a killed worker until the next rebalance'],
  remedies: [
    'restart what failed, where its trace tells of something that passes or was mended; else mend it first',
    'set a key, where Connect has lost the configuration of tasks',
    'resume what was paused',
  ],
};

export const flowRunning: Rule = {
  id: 'flow-running',
  fireAfter: 10_000,
  keep: 10_000,
  description,
  judge: (snapshot, limits) => snapshot.flows.map(flow => judgeFlow({ flow, snapshot, limits })),
};

/** Whether the connector and all its tasks run, as far as is known. */
export function runs(flow: FlowView): boolean {
  const isRunning = (valueOf(flow.state) ?? 'RUNNING') === 'RUNNING';
  return isRunning && flow.tasks.every(t => t.state === 'RUNNING') && !hasNoTask(flow);
}

/** MirrorMaker 2 makes no task where no topic matches; its checkpoint connector makes none where there is no group, and rightly so. */
function hasNoTask(flow: FlowView): boolean {
  return flow.kind === 'mirror-source' && flow.tasks.length === 0 && valueOf(flow.state) === 'RUNNING';
}

function judgeFlow(base: { readonly limits: Limits } & Base): Judgement {
  const { flow } = base;
  const subject = ofFlow(flow);
  if (!isKnown(flow.state)) return { subject, unjudged: flow.state.unknown };
  const { steps, end } = walk([notRunning], base);
  const verdict = end?.conclude?.(base);
  if (verdict === undefined) return { subject };
  const finding = {
    rule: flowRunning.id,
    subject,
    severity: 'warning' as const,
    consequence: '',
    unchecked: [],
    byHand: byHandState(flow),
    advice: [],
    explains: [{ rule: 'flow-limits', subject: { kind: 'flow' as const, id: flow.id } }],
    ...verdict,
    tree: { asks: `does ${flow.connector} run?`, steps, verdict: verdict.verdict },
  };
  return { subject, finding, fireAfter: patience(end?.id, finding.severity) };
}

/** What ends by itself is given the time to; what failed does not. */
function patience(end: string | undefined, severity: Verdict['severity']): Millis {
  if (end === 'failed') return 0;
  const ends = severity === 'warning' && (end === 'unassigned' || end === notRunning.id);
  return ends ? rebalanceEnds : flowRunning.fireAfter;
}

function verdictOf(
  { flow }: Base,
  severity: 'critical' | 'warning',
  consequence: string,
  remedies: Verdict['remedies'] = [],
): Verdict {
  return {
    verdict: 'not-running',
    severity,
    sentence: sentenceOf(flow),
    consequence,
    ...weigh(0.9, []),
    evidence: evidenceOf(flow),
    falsifier: 'the status is stale: Connect lists the tasks of a killed worker until the next rebalance',
    remedies,
  };
}

function unassigned(base: Base): Verdict {
  const left = delayLeft(base);
  if (left === undefined)
    return verdictOf(
      base,
      'warning',
      'moves within 5 min of a worker’s loss (scheduled.rebalance.max.delay.ms)',
    );
  if (left > 0)
    return verdictOf(
      base,
      'warning',
      `Connect keeps them for the lost worker, ${duration(left)} more at most (scheduled.rebalance.max.delay.ms)`,
    );
  return verdictOf(base, 'critical', 'still without a worker, though the delay after its loss is over');
}

/** What is left of the delay for which Connect keeps the tasks of a lost worker; undefined where its group last changed otherwise. */
function delayLeft({ flow, snapshot }: Base): number | undefined {
  const until = flow.rebalances.recent[flow.rebalances.recent.length - 1]?.waitsUntil;
  return until === undefined ? undefined : until - snapshot.at;
}

/** Of each that FAILED; that of the connector itself is not kept. */
function tracesOf(flow: FlowView): readonly (string | undefined)[] {
  const own = valueOf(flow.state) === 'FAILED' ? [undefined] : [];
  return [...own, ...flow.tasks.filter(t => t.state === 'FAILED').map(t => t.trace)];
}

function inState({ flow }: Base, wanted: readonly string[]): Reply {
  const state = latest(flow.state)?.value ?? '';
  const own = wanted.includes(state);
  const tasks = flow.tasks.filter(t => wanted.includes(t.state));
  const parts = [
    ...(own ? [`connector ${state}`] : []),
    ...(tasks.length > 0 ? [`${tasks.length} of ${flow.tasks.length} tasks ${tasks[0]?.state ?? ''}`] : []),
  ];
  const because = parts.length === 0 ? `none is ${wanted.join(' or ')}` : parts.join(', ');
  return reply(parts.length > 0, because);
}

function evidenceOf(flow: FlowView): readonly Evidence[] {
  const state = latest(flow.state)?.value ?? '';
  return [
    statement('connector', state, 'not RUNNING', 'Connect status', state !== 'RUNNING'),
    ...flow.tasks
      .filter(t => t.state !== 'RUNNING')
      .map(t => statement(`task ${t.task} on ${t.worker}`, t.state, 'not RUNNING', 'Connect status', true)),
    ...(hasNoTask(flow) ? [statement('tasks', '0', 'at least one', 'Connect status', true)] : []),
  ];
}

function sentenceOf(flow: FlowView): string {
  const state = latest(flow.state)?.value ?? '';
  const idle = flow.tasks.filter(t => t.state !== 'RUNNING');
  const kinds = [...new Set(idle.map(t => t.state))].join(', ');
  const tasks = `${idle.length} of ${flow.tasks.length} tasks ${kinds}`;
  const parts = [
    ...(state === 'RUNNING' ? [] : [`connector ${state}`]),
    ...(idle.length > 0 ? [tasks] : []),
    ...(hasNoTask(flow) ? ['connector RUNNING without a task'] : []),
  ];
  const trace = idle.find(t => t.trace !== undefined)?.trace;
  return parts.join(', ') + (trace === undefined ? '' : `: ${trace}`);
}
