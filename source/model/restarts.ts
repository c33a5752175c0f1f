import type { ConnectorSeen } from '../core/observation.js';

/**
 * The signs, between two looks at a connector, that tasks restarted: configuration, task count, worker or state
 * changed. A restart within one worker that is over between two looks leaves no sign.
 */
export function restartSigns(before: ConnectorSeen, now: ConnectorSeen): string[] {
  const signs = configChanges(before.config, now.config);
  const was = new Map(before.tasks.map(t => [t.task, t]));
  if (before.tasks.length !== now.tasks.length)
    signs.push(`tasks ${before.tasks.length} → ${now.tasks.length}`);
  for (const task of now.tasks) {
    const old = was.get(task.task);
    if (old === undefined) continue;
    if (old.worker !== task.worker) signs.push(`task ${task.task} moved ${old.worker} → ${task.worker}`);
    else if (old.state !== task.state) signs.push(`task ${task.task} ${old.state} → ${task.state}`);
  }
  if (before.state !== now.state) signs.push(`connector ${before.state} → ${now.state}`);
  return signs;
}

function configChanges(
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...keys]
    .filter(key => before[key] !== now[key])
    .sort()
    .map(key => `${key} ${before[key] ?? 'unset'} → ${now[key] ?? 'unset'}`);
}
