import { sentence } from '../core/failure.js';
import type { ConnectLink } from '../wire/connect/link.js';
import { validateConfig } from '../wire/connect/reads/validate.js';
import { atLeast } from './version.js';
import type { ConnectorWorld } from './worlds/connector.js';
import type { ConnectWrite } from './write.js';

/** What Connect would object to, asked without changing anything; undefined where it objects to nothing. */
export async function objectionOfConnect(
  link: ConnectLink,
  write: ConnectWrite,
  basis: ConnectorWorld,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (write.request !== 'merge-config') return undefined;
  const said = await validateConfig(link, basis.config.with(write.keys), signal);
  if ('failed' in said) return sentence(said.failed);
  if (said.ok.errorCount > 0) {
    const words = said.ok.errors.map(e => `${e.key}: ${e.message}`).join('; ');
    return `Connect would not accept it (${words || `${said.ok.errorCount} errors`})${elsewhere(words, write.keys)}`;
  }
  const masked = patches(basis.root.version) ? [] : basis.config.masked();
  return masked.length > 0
    ? `this Connect shows its secrets masked (${masked.join(', ')}), and a PUT would store the mask`
    : undefined;
}

/** Where the override policy of the workers forbids a key (`None` before Connect 3.0, KIP-722), they themselves can have it. */
function elsewhere(words: string, keys: Readonly<Record<string, string | null>>): string {
  if (!/does not allow .* to be overridden/.test(words)) return '';
  const lines = Object.entries(keys).flatMap(([key, value]) =>
    value === null ? [] : [`${key.replace('.override', '')}=${value}`],
  );
  return (
    `. The workers' connector.client.config.override.policy forbids it: set it to All, or ${lines.join(', ')} for all connectors, ` +
    'in connect-distributed.properties of each worker, with a rolling restart'
  );
}

/** PATCH merges on Connect's side (KIP-477); before it, the whole configuration is put. */
export function patches(version: string): boolean {
  return atLeast(version, 3, 8);
}
