import * as z from 'zod';
import type { ConnectLink, WriteResult } from '../link.js';
import { connectorPath } from '../reads/shapes.js';

/** Restarts one task (POST /connectors/{n}/tasks/{id}/restart). It goes on behind what was flushed. */
export function restartTask(
  link: ConnectLink,
  connector: string,
  task: number,
  signal?: AbortSignal,
): Promise<WriteResult<unknown>> {
  const path = connectorPath(connector, `/tasks/${task}/restart`);
  return link.write({ method: 'POST', path, shape: z.unknown(), signal });
}
