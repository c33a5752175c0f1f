import { z } from 'zod';
import type { ConnectLink, WriteResult } from '../link.js';
import { connectorPath } from '../reads/shapes.js';

/** Stops a connector: its tasks end, configuration and offsets stay (PUT /connectors/{n}/stop, Connect ≥ 3.5, KIP-875). */
export async function stop(
  link: ConnectLink,
  connector: string,
  signal?: AbortSignal,
): Promise<WriteResult<unknown>> {
  const path = connectorPath(connector, '/stop');
  return link.write({ method: 'PUT', path, shape: z.unknown(), signal });
}
