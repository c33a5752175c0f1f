import { z } from 'zod';
import type { ConnectLink, WriteResult } from '../link.js';
import { connectorPath } from '../reads/shapes.js';

/** Restarts a connector with its tasks, all or only the failed ones (POST /connectors/{n}/restart, Connect ≥ 3.0, KIP-745): before that the flags are ignored. */
export async function restartConnector(
  link: ConnectLink,
  connector: string,
  onlyFailed: boolean,
  signal?: AbortSignal,
): Promise<WriteResult<unknown>> {
  const path = connectorPath(connector, `/restart?includeTasks=true&onlyFailed=${onlyFailed}`);
  return link.write({ method: 'POST', path, shape: z.unknown(), signal });
}
