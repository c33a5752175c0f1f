import * as z from 'zod';
import type { ConnectLink, WriteResult } from '../link.js';
import { connectorPath } from '../reads/shapes.js';

/**
 * Restarts a connector, and its tasks where asked for, of all or of those that failed (POST /connectors/{n}/restart, with its
 * flags since Connect 3.0, KIP-745). An older one passes over the flags and restarts the connector alone: restart its tasks
 * one by one there.
 */
export function restartConnector(
  link: ConnectLink,
  connector: string,
  { includeTasks, onlyFailed }: { readonly includeTasks: boolean; readonly onlyFailed: boolean },
  signal?: AbortSignal,
): Promise<WriteResult<unknown>> {
  const flags = new URLSearchParams({ includeTasks: String(includeTasks), onlyFailed: String(onlyFailed) });
  const path = connectorPath(connector, `/restart?${flags.toString()}`);
  return link.write({ method: 'POST', path, shape: z.unknown(), signal });
}
