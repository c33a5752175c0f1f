import type { Answer } from '../../../core/observation.js';
import type { ConnectLink } from '../link.js';
import { mapAnswer } from '../map-answer.js';
import { RawConfig } from '../raw-config.js';
import { configShape, connectorPath } from './shapes.js';

/** The stored configuration, secrets included but sealed (GET /connectors/{n}/config). `${provider:…}` stays as stored. */
export async function readConfig(
  link: ConnectLink,
  connector: string,
  signal?: AbortSignal,
): Promise<Answer<RawConfig>> {
  const path = connectorPath(connector, '/config');
  return mapAnswer(await link.read({ path, shape: configShape, signal }), values => ({
    ok: new RawConfig(values),
  }));
}
