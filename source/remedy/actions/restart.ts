import { isKnown, valueOf } from '../../core/known.js';
import { count, duration } from '../../core/units.js';
import type { FlowView } from '../../model/snapshot.js';
import { refusal, type Draft } from '../action.js';
import { curlGet, curlSend } from '../by-hand.js';
import { restartRisk } from '../changes/config.js';
import { restartDraft } from '../changes/lifecycle.js';
import type { ConnectorAction, ConnectorInput } from '../connector-action.js';
import { writeEffect } from '../effect.js';
import { lifecycleElsewhere } from '../elsewhere.js';
import type { Change, Refusal } from '../plan.js';
import { repeats } from '../repeats.js';
import { atLeast } from '../version.js';
import type { Write } from '../write.js';

/** The guard against a storm: what was restarted so recently or so often does not get well by one restart more. */
const settleFor = 60_000;
const mostAnHour = 5;

export const restartFailed: ConnectorAction = {
  id: 'restart-failed',
  title: 'Restart what failed, and nothing else',
  about: {
    changes: 'the tasks, and the connector, that are FAILED → RUNNING; what runs is left alone',
    risk: 'low: they read again from the last flush; refused within a minute of the last restart, or after five in an hour',
    undo: 'none: a restart changes no configuration',
    byHand:
      '`curl -X POST …/connectors/NAME/restart?includeTasks=true&onlyFailed=true` (Connect 3.0 or later)',
  },
  disabled: flow => (failures(flow).length > 0 || failed(flow) ? undefined : 'nothing of it is FAILED'),
  plan: input => {
    const tasks = input.status.tasks.filter(task => task.state === 'FAILED');
    const itself = input.status.state === 'FAILED';
    if (tasks.length === 0 && !itself)
      return refusal(restartFailed.id, input.target, 'nothing of it is FAILED any more');
    const traces = tasks.flatMap(task => task.trace ?? []);
    return restart(input, {
      id: restartFailed.id,
      title: `Restart what failed of ${input.target.connector} on ${input.target.connect}`,
      why: traces[0] === undefined ? 'it failed, and Connect does not tell why' : `it failed: ${traces[0]}`,
      changes: [
        ...(itself ? [{ key: 'state', from: 'FAILED', to: 'RUNNING' }] : []),
        ...tasks.map(task => ({ key: `task ${task.task}`, from: 'FAILED', to: 'RUNNING' })),
      ],
      level: 'low',
      risk: 'what it wrote since the last flush is written again; where the cause is still there, it fails again',
      write: { request: 'restart', target: input.target, onlyFailed: true },
      path: '/restart?includeTasks=true&onlyFailed=true',
      flags: true,
    });
  },
  elsewhere: (owner, flow) =>
    lifecycleElsewhere(owner, flow, {
      annotation: `strimzi.io/restart-task=${failures(flow).join() || 'N'}`,
    }),
};

export const restartAll: ConnectorAction = {
  id: 'restart-all',
  title: 'Restart the connector with all its tasks',
  about: {
    changes: 'the connector and all its tasks: they stop and start again',
    risk: 'medium: some 10s without writes, and what was written since the last flush is written again; the same guard',
    undo: 'none: a restart changes no configuration',
    byHand:
      '`curl -X POST …/connectors/NAME/restart?includeTasks=true&onlyFailed=false` (Connect 3.0 or later)',
  },
  disabled: flow => {
    if (!isKnown(flow.state)) return 'the state of the connector is not known';
    return flow.state.value === 'RUNNING' || flow.state.value === 'FAILED'
      ? undefined
      : `the connector is ${flow.state.value}`;
  },
  plan: input =>
    restart(input, {
      id: restartAll.id,
      title: `Restart ${input.target.connector} on ${input.target.connect} with all its tasks`,
      why: 'by hand: for tasks that run and do nothing',
      changes: [
        { key: 'state', from: input.status.state, to: 'RUNNING' },
        ...input.status.tasks.map(task => ({ key: `task ${task.task}`, from: task.state, to: 'RUNNING' })),
      ],
      level: 'medium',
      risk: restartRisk(input.tasks.length),
      write: { request: 'restart', target: input.target, onlyFailed: false },
      path: '/restart?includeTasks=true&onlyFailed=false',
      flags: true,
    }),
  elsewhere: (owner, flow) => lifecycleElsewhere(owner, flow, { annotation: 'strimzi.io/restart=true' }),
};

export const restartOne: ConnectorAction = {
  id: 'restart-task',
  title: 'Restart one task',
  about: {
    changes: 'one task: it stops and starts again',
    risk: 'low: its partitions pause for some seconds; the same guard',
    undo: 'none: a restart changes no configuration',
    byHand: '`curl -X POST …/connectors/NAME/tasks/N/restart`',
  },
  asks: { prompt: 'the number of the task', example: '0' },
  disabled: flow => (flow.tasks.length > 0 ? undefined : 'no task of it is known'),
  plan: input => {
    const task = input.status.tasks.find(t => String(t.task) === input.argument);
    if (task === undefined) {
      const all = input.status.tasks.map(t => t.task).join(', ') || 'none';
      return refusal(restartOne.id, input.target, `there is no task "${input.argument}": it has ${all}`);
    }
    return restart(input, {
      id: restartOne.id,
      title: `Restart task ${task.task} of ${input.target.connector} on ${input.target.connect}`,
      why: task.trace === undefined ? `it is ${task.state}` : `it is ${task.state}: ${task.trace}`,
      changes: [{ key: `task ${task.task}`, from: task.state, to: 'RUNNING' }],
      level: 'low',
      risk: 'its partitions pause for some seconds; what it wrote since the last flush is written again',
      write: { request: 'restart-task', target: input.target, task: task.task },
      path: `/tasks/${task.task}/restart`,
      flags: false,
    });
  },
  elsewhere: (owner, flow, argument) =>
    lifecycleElsewhere(owner, flow, { annotation: `strimzi.io/restart-task=${argument || 'N'}` }),
};

type Restart = {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly changes: readonly Change[];
  readonly level: 'low' | 'medium';
  readonly risk: string;
  readonly write: Write;
  readonly path: string;
  /** Whether it needs the flags of KIP-745, which are ignored before Connect 3.0. */
  readonly flags: boolean;
};

function restart(input: ConnectorInput, made: Restart): Draft | Refusal {
  const { target, flow, at, url, version } = input;
  const refuse = (reason: string): Refusal =>
    refusal(made.id, target, reason, [curlGet(url, target.connector, '/status')]);
  if (made.flags && !atLeast(version, 3, 0))
    return refuse(
      `Connect ${version} restarts no tasks with their connector (3.0 does): restart them one by one`,
    );
  const storm = stormOf(flow, at);
  if (storm !== undefined) return refuse(storm);
  const write = valueOf(flow.write.now);
  return restartDraft(
    input,
    {
      action: made.id,
      title: made.title,
      changes: made.changes,
      why: made.why,
      cure: {
        verdict: 'may-cure',
        reason:
          'a restart cures what was passing; a lasting cause (a right, a topic, a record) fails it again',
      },
      expect: [
        write === undefined ? 'write/s is not known' : `write/s back above ${count(write)} within a minute`,
      ],
      repeats: repeats(flow, at),
      risk: { level: made.level, text: made.risk },
      byHand: [curlSend('POST', url, target.connector, made.path)],
      effect: writeEffect(target, write === undefined ? 'not known' : `at least ${count(write)}`),
    },
    made.write,
  );
}

/** Why another restart would only feed a storm. */
function stormOf({ restarts }: FlowView, at: number): string | undefined {
  const since = restarts.last === undefined ? Infinity : at - restarts.last;
  if (since < settleFor)
    return `it was restarted ${duration(since)} ago: wait a minute and see whether that holds`;
  return restarts.lastHour >= mostAnHour
    ? `it was restarted ${restarts.lastHour} times within an hour: the cause is still there, and one restart more feeds the storm`
    : undefined;
}

function failures(flow: FlowView): readonly number[] {
  return flow.tasks.filter(task => task.state === 'FAILED').map(task => task.task);
}

function failed(flow: FlowView): boolean {
  return isKnown(flow.state) && flow.state.value === 'FAILED';
}
