import { confirmation, type Draft, type Effect } from '../action.js';
import { curlSend } from '../by-hand.js';
import { whereOf, type ConnectorInput, type ConnectorTarget } from '../connector-action.js';
import { writeEffect } from '../effect.js';
import type { Change, Plan } from '../plan.js';
import { undoOf } from '../undo.js';
import { moving, type ConnectorWorld } from '../worlds/connector.js';
import type { Write } from '../write.js';
import { notRunning } from './config.js';

export type LifecycleState = 'RUNNING' | 'PAUSED' | 'STOPPED';

/** What an action says of another state of a connector or its tasks; the rest of the plan is the same for all of them. */
export type LifecycleChange = {
  readonly action: string;
  readonly title: string;
  readonly changes: readonly Change[];
  readonly why: string;
  readonly cure: Plan['cure'];
  readonly expect: readonly string[];
  readonly repeats: string;
  readonly risk: Plan['risk'];
  readonly byHand: readonly string[];
  readonly effect: Effect;
};

/** A connector that is to run, pause or stop; taken back by what brings the state before. */
export function stateDraft(
  input: ConnectorInput,
  made: Omit<LifecycleChange, 'changes' | 'byHand'>,
  to: LifecycleState,
): Draft<ConnectorWorld> {
  const { target, url } = input;
  const from = input.status.state;
  const back = backTo(from);
  const plan = planOf(
    input,
    { ...made, changes: [{ key: 'state', from, to }], byHand: [curlState(url, target, to)] },
    back === undefined
      ? { undo: `there is no way back to ${from}`, irrevocable: true }
      : { undo: `${requests[back]} it again, through the same gate` },
  );
  return held(plan, target, to, made.effect, back);
}

/** Tasks that start again. Nothing is configured anew, so there is nothing to take back. */
export function restartDraft(
  input: ConnectorInput,
  made: LifecycleChange,
  write: Write,
): Draft<ConnectorWorld> {
  const plan = planOf(input, made, {
    undo: 'a restart changes no configuration: there is nothing to take back',
    irrevocable: true,
  });
  const tasks = made.changes.flatMap(({ key }) => /^task (\d+)$/.exec(key)?.[1] ?? []).map(Number);
  return {
    plan,
    write,
    effect: made.effect,
    verified: tasks.length === 1 ? `task ${tasks.join()} runs` : 'what was restarted runs',
    unrest: now => moving(now),
    overruled: () => undefined,
    pending: now => idle(now, tasks),
  };
}

const requests: Readonly<Record<LifecycleState, 'pause' | 'resume' | 'stop'>> = {
  RUNNING: 'resume',
  PAUSED: 'pause',
  STOPPED: 'stop',
};

export function curlState(url: string, { connector }: ConnectorTarget, to: LifecycleState): string {
  return curlSend('PUT', url, connector, `/${requests[to]}`);
}

function planOf(
  input: ConnectorInput,
  made: LifecycleChange,
  back: Pick<Plan, 'undo' | 'irrevocable'>,
): Plan {
  const { action, title, changes, why, cure, expect, repeats, risk, byHand } = made;
  return {
    id: input.id,
    action,
    title,
    target: input.target,
    confirm: confirmation(risk.level, input.target.connector),
    why,
    changes,
    where: whereOf(input),
    cure,
    expect,
    repeats,
    risk,
    ...back,
    byHand,
    madeAt: input.at,
  };
}

function held(
  plan: Plan,
  target: ConnectorTarget,
  to: LifecycleState,
  effect: Effect,
  back: LifecycleState | undefined,
): Draft<ConnectorWorld> {
  return {
    plan,
    write: { request: requests[to], target },
    effect,
    verified: `it is ${to}`,
    unrest: now => moving(now),
    overruled: () => undefined,
    pending: now => notYet(now, to),
    ...(back !== undefined && {
      undo: input => {
        const undo = undoOf(input, plan, {
          expect: 'write/s goes back to what it was before',
          repeats: '',
          risk: { level: back === 'RUNNING' ? 'low' : 'medium', text: `it is ${back} again` },
          byHand: () => [curlState(input.world.root.url, target, back)],
        });
        return held(undo, target, back, writeEffect(target, 'as before the change'), to);
      },
    }),
  };
}

function backTo(state: string): LifecycleState | undefined {
  return state === 'RUNNING' || state === 'PAUSED' || state === 'STOPPED' ? state : undefined;
}

/** What is not yet so: the connector and each of its tasks is in the state; a stopped one has no tasks. */
function notYet(world: ConnectorWorld, to: LifecycleState): string | undefined {
  const { status, tasks } = world;
  if (status.state !== to) return `the connector is ${status.state}`;
  if (to === 'STOPPED')
    return status.tasks.length === 0 ? undefined : `${status.tasks.length} tasks are left`;
  if (to === 'RUNNING') return tasks.length === 0 ? 'it has no tasks yet' : notRunning(world, tasks.length);
  const other = status.tasks.filter(task => task.state !== to);
  return other.length === 0 ? undefined : other.map(t => `task ${t.task} is ${t.state}`).join(', ');
}

function idle({ status }: ConnectorWorld, tasks: readonly number[]): string | undefined {
  if (status.state !== 'RUNNING') return `the connector is ${status.state}`;
  const others = status.tasks.filter(task => tasks.includes(task.task) && task.state !== 'RUNNING');
  if (status.tasks.length === 0 && tasks.length > 0) return 'no tasks are listed';
  return others.length === 0 ? undefined : others.map(t => `task ${t.task} is ${t.state}`).join(', ');
}
