import { z } from 'zod';
import type { ConnectLink, WriteResult } from '../link.js';
import { connectorPath } from '../reads/shapes.js';

/** Pauses a connector and its tasks (PUT /connectors/{n}/pause): 202, and the tasks follow a little later. */
export async function pause(
  link: ConnectLink,
  connector: string,
  signal?: AbortSignal,
): Promise<WriteResult<unknown>> {
  const path = connectorPath(connector, '/pause');
  return link.write({ method: 'PUT', path, shape: z.unknown(), signal });
}
