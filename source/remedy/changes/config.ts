import type { TaskSeen } from '../../core/observation.js';
import { confirmation, type ActionInput, type Draft, type Effect } from '../action.js';
import { curlGet, curlMerge } from '../by-hand.js';
import { whereOf, type ConnectorInput, type ConnectorTarget } from '../connector-action.js';
import { writeEffect } from '../effect.js';
import type { Change, Plan } from '../plan.js';
import { repeats } from '../repeats.js';
import { flowOf } from '../subject.js';
import { undoOf } from '../undo.js';
import { moving, type ConnectorWorld } from '../worlds/connector.js';

/** What an action says of some keys that it sets; the rest of the plan is the same for all of them. */
export type KeysChange = {
  readonly action: string;
  readonly title: string;
  readonly changes: readonly Change[];
  readonly why: string;
  readonly cure: Plan['cure'];
  readonly expect: readonly string[];
  readonly risk: Plan['risk'];
  readonly effect: Effect;
  /** Tasks that must run afterwards. */
  readonly tasks: number;
};

/** Keys of a connector's configuration, set in one request and one restart of its tasks; all other keys stay. */
export function keysDraft(input: ConnectorInput, made: KeysChange): Draft<ConnectorWorld> {
  const { target, url, version } = input;
  const keys = made.changes.map(c => `${c.key} back to ${c.from ?? 'not set'}`).join(', ');
  const plan: Plan = {
    id: input.id,
    action: made.action,
    title: made.title,
    target,
    confirm: confirmation(made.risk.level, target.connector),
    why: made.why,
    changes: made.changes,
    where: whereOf(input),
    cure: made.cure,
    expect: made.expect,
    repeats: repeats(input.flow, input.at),
    risk: made.risk,
    undo: `${keys}, through the same gate, with a second restart of the tasks`,
    byHand: [
      curlGet(url, target.connector, '/config'),
      curlMerge(url, target.connector, version, keysOf(made.changes)),
    ],
    madeAt: input.at,
  };
  return held(plan, target, made.effect, made.tasks, input.tasks.length);
}

/** The keys as they are sent: null takes one away. */
export function keysOf(changes: readonly Change[]): Readonly<Record<string, string | null>> {
  return Object.fromEntries(changes.map(({ key, to }) => [key, to ?? null]));
}

/** What every restart of tasks costs. */
export function restartRisk(tasks: number): string {
  return `${tasks === 1 ? 'its task stops and starts' : `all ${tasks} tasks stop and start`} again (some 10s without writes)`;
}

function held(
  plan: Plan,
  target: ConnectorTarget,
  effect: Effect,
  tasks: number,
  tasksBefore: number,
): Draft<ConnectorWorld> {
  const keys = keysOf(plan.changes);
  return {
    plan,
    write: { request: 'merge-config', target, keys },
    effect,
    verified: `${tasks} ${tasks === 1 ? 'task runs' : 'tasks run'}`,
    unrest: now => (now.status.state === 'RUNNING' ? moving(now) : `the connector is ${now.status.state}`),
    overruled: (now, basis) => {
      const other = now.config.differences(basis.config.with(keys));
      return other.length > 0
        ? `the configuration is not what was written: ${other.join(', ')} differ`
        : undefined;
    },
    pending: now => notRunning(now, tasks),
    undo: input => taken(input, plan, target, tasksBefore),
  };
}

function taken(
  input: ActionInput<ConnectorWorld>,
  plan: Plan,
  target: ConnectorTarget,
  tasks: number,
): Draft<ConnectorWorld> {
  const flow = flowOf(input.snapshot, target);
  const { root } = input.world;
  const undo = undoOf(input, plan, {
    expect: 'write/s goes back to what it was before',
    repeats: flow === undefined ? 'not known' : repeats(flow, input.at),
    risk: { level: 'medium', text: restartRisk(input.world.tasks.length) },
    byHand: changes => [
      curlGet(root.url, target.connector, '/config'),
      curlMerge(root.url, target.connector, root.version, keysOf(changes)),
    ],
  });
  return held(undo, target, writeEffect(target, 'as before the change'), tasks, input.world.tasks.length);
}

/** What is not yet so: exactly the tasks 0 … n − 1 are asked for and run, and so does the connector. */
export function notRunning({ tasks: asked, status }: ConnectorWorld, tasks: number): string | undefined {
  if (asked.length !== tasks) return `the connector asks for ${asked.length} tasks instead of ${tasks}`;
  if (status.state !== 'RUNNING') return `the connector is ${status.state}`;
  const ids = status.tasks.map(task => task.task);
  const exact = ids.length === tasks && ids.every((id, i) => id === i);
  if (!exact) return `tasks ${ids.join(', ') || 'none'} are listed instead of 0…${tasks - 1}`;
  const idle = status.tasks.filter(task => task.state !== 'RUNNING');
  return idle.length === 0 ? undefined : idle.map(stateOf).join(', ');
}

function stateOf({ task, state, trace }: TaskSeen): string {
  return `task ${task} is ${state}${trace === undefined ? '' : ` (${trace})`}`;
}
