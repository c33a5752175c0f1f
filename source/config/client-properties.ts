import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'dot-properties';
import type { KafkaSecurity } from '../wire/kafka/endpoint.js';
import { ConfigProblem } from './problem.js';

/**
 * Reads the Java client's own `client.properties` as it is (the keys of Kafka's `SaslConfigs` and `SslConfigs`).
 * Unknown keys are left alone: the same file serves the shell tools. Throws ConfigProblem; no message holds a value
 * of a secret key.
 */
export function readClientProperties(file: string): {
  readonly security: KafkaSecurity;
  readonly bootstrap?: readonly string[];
} {
  const properties = load(file);
  const get = (key: string): string | undefined => properties[key]?.trim();
  const protocol = (get('security.protocol') ?? 'PLAINTEXT').toUpperCase();
  if (!['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'].includes(protocol))
    throw new ConfigProblem(
      `${file}: security.protocol is "${protocol}"`,
      'use PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL',
    );
  const tls = protocol.endsWith('SSL') ? readTls(file, get) : undefined;
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

type Get = (key: string) => string | undefined;

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

function readSasl(file: string, get: Get): NonNullable<KafkaSecurity['sasl']> {
  const mechanism = (get('sasl.mechanism') ?? 'GSSAPI').toUpperCase();
  const names = {
    PLAIN: 'plain',
    'SCRAM-SHA-256': 'scram-sha-256',
    'SCRAM-SHA-512': 'scram-sha-512',
  } as const;
  if (!(mechanism in names))
    throw new ConfigProblem(
      `${file}: sasl.mechanism ${mechanism} is not supported`,
      'kmon speaks PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512; give it a user of one of these',
    );
  const jaas = get('sasl.jaas.config');
  if (jaas === undefined)
    throw new ConfigProblem(
      `${file}: sasl.jaas.config is missing`,
      'add sasl.jaas.config=<LoginModule> required username="…" password="…";',
    );
  const username = jaasOption(jaas, 'username');
  const password = jaasOption(jaas, 'password');
  if (username === undefined || password === undefined)
    throw new ConfigProblem(
      `${file}: sasl.jaas.config has no ${username === undefined ? 'username' : 'password'}`,
      'write it as username="…" password="…"; on one logical line',
    );
  return { mechanism: names[mechanism as keyof typeof names], username, password };
}

/** Value of one option of a JAAS entry: `name="value"` with \" and \\ escaped, or bare until white space or `;`. */
function jaasOption(jaas: string, name: string): string | undefined {
  const match = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|'([^']*)'|([^\\s;]+))`).exec(
    jaas,
  );
  if (!match) return undefined;
  return match[1]?.replace(/\\(.)/g, '$1') ?? match[2] ?? match[3];
}

function readTls(file: string, get: Get): NonNullable<KafkaSecurity['tls']> {
  const ca = pemOf(file, get, 'truststore', 'ssl.truststore.certificates');
  const chain = pemOf(file, get, 'keystore', 'ssl.keystore.certificate.chain');
  const key = get('ssl.keystore.key') ?? chain;
  const passphrase = get('ssl.key.password');
  return {
    ...(ca !== undefined && { ca: [ca] }),
    ...(chain !== undefined && key !== undefined && { cert: chain, key }),
    ...(passphrase !== undefined && { passphrase }),
    ...(get('ssl.endpoint.identification.algorithm') === '' && { skipHostnameCheck: true }),
  };
}

/** PEM text given inline or as a file; the Java key stores need a conversion first, and the message has the command. */
function pemOf(
  file: string,
  get: Get,
  store: 'truststore' | 'keystore',
  inlineKey: string,
): string | undefined {
  const inline = get(inlineKey);
  if (inline !== undefined) return inline;
  const location = get(`ssl.${store}.location`);
  if (location === undefined) return undefined;
  const type = (get(`ssl.${store}.type`) ?? 'JKS').toUpperCase();
  if (type !== 'PEM')
    throw new ConfigProblem(
      `${file}: ssl.${store}.type ${type} cannot be read`,
      store === 'truststore'
        ? `convert it: keytool -exportcert -rfc -keystore ${location} -alias <alias> > ca.pem, then ssl.truststore.type=PEM`
        : `convert it: keytool -importkeystore -srckeystore ${location} -destkeystore k.p12 -deststoretype PKCS12, then openssl pkcs12 -in k.p12 -nodes -out client.pem, then ssl.keystore.type=PEM`,
    );
  const resolved = path.resolve(path.dirname(file), location);
  try {
    return readFileSync(resolved, 'utf8');
  } catch {
    throw new ConfigProblem(
      `${file}: ssl.${store}.location ${location} cannot be read`,
      'check the path and its permissions',
    );
  }
}
