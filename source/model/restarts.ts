import type { ConnectorSeen, TaskSeen } from '../core/observation.js';

/**
 * What two looks at a connector tell of its tasks: `restarted` where its configuration, their number, worker or state changed; `failed` where
 * some FAILED and nothing else happened, for they start again only when somebody restarts them. A restart within one worker that is over
 * between two looks leaves no sign.
 */
export function signOf(before: ConnectorSeen, now: ConnectorSeen): 'restarted' | 'failed' | undefined {
  const was = new Map(before.tasks.map(task => [task.task, task]));
  const states = [
    [before.state, now.state] as const,
    ...now.tasks.map(task => [was.get(task.task)?.state ?? task.state, task.state] as const),
  ].filter(([from, to]) => from !== to);
  const isOther =
    before.tasks.length !== now.tasks.length ||
    now.tasks.some(task => isMoved(was.get(task.task), task)) ||
    differs(before.config, now.config) ||
    states.some(([, to]) => to !== 'FAILED');
  if (isOther) return 'restarted';
  return states.length > 0 ? 'failed' : undefined;
}

function isMoved(before: TaskSeen | undefined, now: TaskSeen): boolean {
  return before !== undefined && before.worker !== now.worker;
}

function differs(before: ConnectorSeen['config'], now: ConnectorSeen['config']): boolean {
  const keys = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...keys].some(key => before[key] !== now[key]);
}
