import { readFileSync } from 'node:fs';
import { parse } from 'dot-properties';
import type { KafkaSecurity } from '../wire/kafka/endpoint.js';
import { readStores } from './key-stores.js';
import { Ledger } from './ledger.js';
import { nearest } from '../core/nearest.js';
import { ConfigProblem } from './problem.js';
import { readSasl } from './sasl.js';

/** Every key that kmon reads; one that is nearly one of these is a typing error. */
const keys = [
  'bootstrap.servers',
  'security.protocol',
  'sasl.mechanism',
  'sasl.jaas.config',
  'sasl.oauthbearer.token.endpoint.url',
  'sasl.oauthbearer.client.credentials.client.id',
  'sasl.oauthbearer.client.credentials.client.secret',
  'sasl.oauthbearer.scope',
  'ssl.endpoint.identification.algorithm',
  'ssl.key.password',
  ...['truststore', 'keystore'].flatMap(store =>
    ['location', 'type', 'password'].map(key => `ssl.${store}.${key}`),
  ),
  'ssl.truststore.certificates',
  'ssl.keystore.certificate.chain',
  'ssl.keystore.key',
];

const secretKeys = /password|^sasl\.jaas\.config$|^ssl\.keystore\.key$|credentials\.client\.secret$/;

/**
 * Reads the Java client's own `client.properties` as it is (the keys of Kafka's `SaslConfigs` and `SslConfigs`).
 * Unknown keys are left alone: the same file serves the shell tools. Throws ConfigProblem; no message holds a value
 * of a secret key.
 */
export function readClientProperties(
  file: string,
  ledger = new Ledger(),
): {
  readonly security: KafkaSecurity;
  readonly bootstrap?: readonly string[];
} {
  const properties = load(file);
  check(file, properties, ledger);
  const get = (key: string): string | undefined => properties[key]?.trim();
  const protocol = (get('security.protocol') ?? 'PLAINTEXT').toUpperCase();
  if (!['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'].includes(protocol))
    throw new ConfigProblem(
      `${file}: security.protocol is "${protocol}"`,
      'use PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL',
    );
  const tls = protocol.endsWith('SSL')
    ? {
        ...readStores(file, get),
        ...(get('ssl.endpoint.identification.algorithm') === '' && { skipHostnameCheck: true }),
      }
    : undefined;
  const sasl = protocol.startsWith('SASL') ? readSasl(file, get) : undefined;
  const bootstrap = get('bootstrap.servers')
    ?.split(',')
    .map(s => s.trim())
    .filter(Boolean);
  return {
    security: { ...(tls && { tls }), ...(sasl && { sasl }) },
    ...(bootstrap && bootstrap.length > 0 && { bootstrap }),
  };
}

/** Warns of what is probably not meant; nothing here is an error to the Java client either. */
function check(file: string, properties: Readonly<Record<string, string>>, ledger: Ledger): void {
  for (const key of Object.keys(properties)) {
    if (secretKeys.test(key)) ledger.checkPermissions(file);
    const meant = keys.includes(key) ? undefined : nearest(key, keys, 2);
    if (meant !== undefined && properties[meant] === undefined)
      ledger.warn(`${file}: ${key} is not a key of the Kafka client: did you mean ${meant}?`);
  }
  const { 'security.protocol': protocol = 'PLAINTEXT' } = properties;
  const isUnused = (prefix: string): boolean => Object.keys(properties).some(key => key.startsWith(prefix));
  if (!protocol.toUpperCase().includes('SASL') && isUnused('sasl.'))
    ledger.warn(`${file}: sasl.… is set but security.protocol is ${protocol}: no login will be tried`);
  if (!protocol.toUpperCase().endsWith('SSL') && isUnused('ssl.'))
    ledger.warn(`${file}: ssl.… is set but security.protocol is ${protocol}: TLS will not be used`);
}

function load(file: string): Record<string, string> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigProblem(
      `${file}: cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'})`,
      'check the path; it is taken relative to the file that names it',
    );
  }
  const flat: Record<string, string> = {};
  for (const [key, value] of Object.entries(parse(text))) if (typeof value === 'string') flat[key] = value;
  return flat;
}
