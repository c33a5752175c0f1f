import * as z from 'zod';
import type { ConnectLink, WriteResult } from '../link.js';
import { RawConfig } from '../raw-config.js';
import { configShape, connectorPath } from '../reads/shapes.js';
import { sealed } from './sealed.js';

const shape = z.object({ config: configShape });

/**
 * Replaces the whole configuration (PUT /connectors/{n}/config). There is no condition on what is replaced: read and
 * compare right before.
 */
export async function putConfig(
  link: ConnectLink,
  connector: string,
  config: RawConfig,
  signal?: AbortSignal,
): Promise<WriteResult<RawConfig>> {
  const path = connectorPath(connector, '/config');
  const body = RawConfig.bodyOf(config);
  return sealed(await link.write({ method: 'PUT', path, body, shape, signal }), config);
}
