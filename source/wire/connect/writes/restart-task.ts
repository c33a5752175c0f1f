import { z } from 'zod';
import type { ConnectLink, WriteResult } from '../link.js';
import { connectorPath } from '../reads/shapes.js';

/** Restarts one task (POST /connectors/{n}/tasks/{id}/restart): 204. */
export async function restartTask(
  link: ConnectLink,
  connector: string,
  task: number,
  signal?: AbortSignal,
): Promise<WriteResult<unknown>> {
  const path = connectorPath(connector, `/tasks/${task}/restart`);
  return link.write({ method: 'POST', path, shape: z.unknown(), signal });
}
