import * as z from 'zod';
import type { ConnectLink, WriteResult } from '../link.js';
import { connectorPath } from '../reads/shapes.js';

/** `STOPPED` needs Connect 3.5 (KIP-875). */
export type WantedState = 'RUNNING' | 'PAUSED' | 'STOPPED';

const verbs = { RUNNING: 'resume', PAUSED: 'pause', STOPPED: 'stop' } as const;

/**
 * Pauses, stops or resumes a connector (PUT /connectors/{n}/pause, /stop, /resume). Done means that the workers will bring it
 * about. A pause keeps the tasks and what they hold; a stop ends them, and keeps configuration and offsets.
 */
export function setState(
  link: ConnectLink,
  connector: string,
  state: WantedState,
  signal?: AbortSignal,
): Promise<WriteResult<unknown>> {
  const path = connectorPath(connector, `/${verbs[state]}`);
  return link.write({ method: 'PUT', path, shape: z.unknown(), signal });
}
