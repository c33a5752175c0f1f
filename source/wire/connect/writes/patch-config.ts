import * as z from 'zod';
import type { ConnectLink, WriteResult } from '../link.js';
import type { RawConfig } from '../raw-config.js';
import { configShape, connectorPath } from '../reads/shapes.js';
import { sealed } from './sealed.js';

const shape = z.object({ config: configShape });

/**
 * Merges `changes` into the stored configuration (PATCH /connectors/{n}/config, Connect ≥ 3.8, KIP-477); null takes a key
 * away. Done means: with the configuration that Connect answered. `secretsOf` is what must not appear in a Failure.
 */
export async function patchConfig(
  link: ConnectLink,
  connector: string,
  changes: Readonly<Record<string, string | null>>,
  secretsOf: RawConfig,
  signal?: AbortSignal,
): Promise<WriteResult<RawConfig>> {
  const path = connectorPath(connector, '/config');
  return sealed(await link.write({ method: 'PATCH', path, body: changes, shape, signal }), secretsOf);
}
