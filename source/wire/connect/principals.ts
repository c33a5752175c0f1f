import { jaasOptions } from '../../core/jaas.js';
import type { ConnectorPrincipals } from '../../core/observation.js';

type Config = Readonly<Record<string, string | null>>;

/**
 * Whom the clients of a connector log in as, read before its secrets are replaced: of a JAAS entry with a password the user's
 * name alone comes out. MirrorMaker 2's own clients have nothing but these keys; the producer of the records is Connect's, and what
 * its connector does not override stands in the worker's configuration, which nobody shows.
 */
export function principalsOf(config: Config): ConnectorPrincipals | undefined {
  const isMirror = /\.Mirror(Source|Checkpoint|Heartbeat)Connector$/.test(config['connector.class'] ?? '');
  const source = isMirror
    ? login(config, ['source.consumer.', 'consumer.', 'source.cluster.'], 'PLAINTEXT')
    : undefined;
  const target = isMirror
    ? login(config, ['target.admin.', 'admin.', 'target.cluster.'], 'PLAINTEXT')
    : undefined;
  const producer = login(config, ['producer.override.'], undefined);
  if (source === undefined && target === undefined && producer === undefined) return undefined;
  return {
    ...(source !== undefined && { source }),
    ...(target !== undefined && { target }),
    ...(producer !== undefined && { producer }),
  };
}

/** What Kafka calls whoever does not log in. */
const anonymous = 'ANONYMOUS';

/** By the first of `prefixes` that has the key; `usual` is the protocol where none does. */
function login(config: Config, prefixes: readonly string[], usual: string | undefined): string | undefined {
  const get = (key: string): string | undefined =>
    prefixes.map(prefix => config[prefix + key] ?? undefined).find(value => value !== undefined);
  const protocol = get('security.protocol')?.toUpperCase() ?? usual;
  if (protocol === 'PLAINTEXT') return anonymous;
  if (protocol !== undefined && !protocol.startsWith('SASL_')) return undefined;
  const mechanism = get('sasl.mechanism')?.toUpperCase() ?? 'SCRAM or PLAIN';
  if (!/^(SCRAM|PLAIN)/.test(mechanism)) return undefined;
  const user = jaasOptions(get('sasl.jaas.config') ?? '').get('username');
  return user === undefined || user === '' || user.includes('${') ? undefined : user;
}
