import * as z from 'zod';
import type { TaskSeen } from '../../../core/observation.js';
import { redactText } from '../../http/redact-text.js';

/** State of a connector and its tasks as /status and ?expand=status give it. `trace` only where FAILED. */
export const statusShape = z.object({
  connector: z.object({ state: z.string(), worker_id: z.string().default(''), trace: z.string().nullish() }),
  tasks: z
    .array(
      z.object({
        id: z.number(),
        state: z.string(),
        worker_id: z.string().default(''),
        trace: z.string().nullish(),
      }),
    )
    .default([]),
  type: z.string().nullish(),
});

/** Values are strings, or null where a client put null. */
export const configShape = z.record(z.string(), z.string().nullable());

/** Tasks in the order of their ids. */
export function tasksOf(status: z.infer<typeof statusShape>): readonly TaskSeen[] {
  return status.tasks
    .map(task => ({
      task: task.id,
      state: task.state,
      worker: task.worker_id,
      ...(task.trace && { trace: firstLine(task.trace) }),
    }))
    .sort((a, b) => a.task - b.task);
}

/** The exception and its root cause: the first line, and the last `Caused by`. Redacted, one line. */
export function firstLine(trace: string): string {
  const lines = trace.split('\n').map(line => line.trim());
  const first = lines[0] ?? '';
  const cause = lines.findLast(line => line.startsWith('Caused by:'));
  const text = redactText(cause ? `${first} (${cause})` : first);
  return text.length > 300 ? `${text.slice(0, 299)}…` : text;
}

/** A connector's path; names like `eu->us.MirrorSourceConnector` need the encoding. */
export function connectorPath(connector: string, rest = ''): string {
  return `/connectors/${encodeURIComponent(connector)}${rest}`;
}
