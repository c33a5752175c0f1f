import * as z from 'zod';
import type { Answer } from '../../../core/observation.js';
import type { ConnectLink } from '../link.js';
import { mapAnswer } from '../map-answer.js';
import { configShape, connectorPath } from './shapes.js';

const shape = z.array(z.object({ id: z.object({ task: z.number() }), config: configShape.default({}) }));

export type TaskAssignment = {
  readonly task: number;
  /** MirrorSourceConnector: the source partitions as `topic-partition`; undefined for other connectors. */
  readonly partitions?: readonly string[];
};

/** The tasks that the connector asked for, and what MirrorMaker 2 gave each (GET /connectors/{n}/tasks). */
export async function readTasks(
  link: ConnectLink,
  connector: string,
  signal?: AbortSignal,
): Promise<Answer<readonly TaskAssignment[]>> {
  return mapAnswer(await link.read({ path: connectorPath(connector, '/tasks'), shape, signal }), tasks => ({
    ok: tasks.map(assignmentOf).sort((a, b) => a.task - b.task),
  }));
}

function assignmentOf({ id, config }: z.infer<typeof shape>[number]): TaskAssignment {
  const assigned = config['task.assigned.partitions'];
  if (assigned === undefined || assigned === null) return { task: id.task };
  return { task: id.task, partitions: assigned.split(',').filter(name => name !== '') };
}
