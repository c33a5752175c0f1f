import { z } from 'zod';
import type { ConnectLink, WriteResult } from '../link.js';
import { connectorPath } from '../reads/shapes.js';

/** Resumes a paused or stopped connector (PUT /connectors/{n}/resume): 202, and the tasks follow a little later. */
export async function resume(
  link: ConnectLink,
  connector: string,
  signal?: AbortSignal,
): Promise<WriteResult<unknown>> {
  const path = connectorPath(connector, '/resume');
  return link.write({ method: 'PUT', path, shape: z.unknown(), signal });
}
