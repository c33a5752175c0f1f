import type { Millis } from '../core/clock.js';
import type { ConnectorSeen } from '../core/observation.js';
import type { Change, ChangeKind } from './change-log.js';

/** What changed between two looks at a connector: its state, its tasks' states and workers, its configuration (without secrets). */
export function connectorChanges(
  subject: string,
  before: ConnectorSeen,
  now: ConnectorSeen,
  at: Millis,
): Change[] {
  const changes: Change[] = [];
  const compare = (kind: ChangeKind, what: string, was: string | undefined, is: string | undefined): void => {
    if (was !== is)
      changes.push({
        at,
        kind,
        subject,
        what,
        ...(was !== undefined && { was }),
        ...(is !== undefined && { is }),
      });
  };
  compare('connector', 'state', before.state, now.state);
  compare('connector', 'tasks', String(before.tasks.length), String(now.tasks.length));
  const tasks = new Map(before.tasks.map(t => [t.task, t]));
  for (const { task, state, worker } of now.tasks) {
    const was = tasks.get(task);
    compare('task', `task ${task}`, was?.state, state);
    if (was !== undefined) compare('task', `worker of task ${task}`, was.worker, worker);
    tasks.delete(task);
  }
  for (const { task, state } of tasks.values()) compare('task', `task ${task}`, state, undefined);
  const keys = new Set([...Object.keys(before.config), ...Object.keys(now.config)]);
  for (const key of [...keys].sort()) compare('config', key, before.config[key], now.config[key]);
  return changes;
}
