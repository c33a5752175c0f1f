import { fileURLToPath } from 'node:url';
import type { KafkaSecurity, TokenSource } from '../wire/kafka/endpoint.js';
import { jaasOptions } from '../core/jaas.js';
import { ConfigProblem } from './problem.js';

type Get = (key: string) => string | undefined;

const withPassword = {
  PLAIN: 'plain',
  'SCRAM-SHA-256': 'scram-sha-256',
  'SCRAM-SHA-512': 'scram-sha-512',
} as const;

const spoken = 'kmon speaks PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER, and TLS client certificates';

/** Mechanisms that kmon knows and does not speak: what to do instead. */
const refused: Readonly<Record<string, { readonly says: string; readonly next: string }>> = {
  GSSAPI: {
    says: 'is Kerberos, which kmon does not speak',
    next: `give kmon a user of its own on another listener; ${spoken}. A SCRAM user: kafka-configs --alter --entity-type users --entity-name kmon --add-config 'SCRAM-SHA-512=[password=…]'`,
  },
  AWS_MSK_IAM: {
    says: 'signs with AWS credentials, which kmon does not do',
    next: `enable SASL/SCRAM or mutual TLS beside IAM on the MSK cluster, and use that listener (port 9096 or 9094); ${spoken}`,
  },
  'DELEGATION-TOKEN': {
    says: 'is not a mechanism',
    next: 'a delegation token logs in with SCRAM-SHA-256 or SCRAM-SHA-512',
  },
};

/** The login of a client.properties, in the keys of Kafka's `SaslConfigs`. */
export function readSasl(file: string, get: Get): NonNullable<KafkaSecurity['sasl']> {
  const given = get('sasl.mechanism');
  const mechanism = (given ?? 'GSSAPI').toUpperCase();
  if (mechanism === 'OAUTHBEARER') return readToken(file, get);
  if (!isWithPassword(mechanism)) {
    const why = refused[mechanism];
    throw new ConfigProblem(
      `${file}: sasl.mechanism ${mechanism} ${given === undefined ? '(the default) ' : ''}${why?.says ?? 'is not supported'}`,
      why?.next ?? spoken,
    );
  }
  const options = jaas(file, get);
  const username = options.get('username');
  const password = options.get('password');
  if (username === undefined || password === undefined)
    throw new ConfigProblem(
      `${file}: sasl.jaas.config has no ${username === undefined ? 'username' : 'password'}`,
      'write it as username="…" password="…"; on one logical line',
    );
  return { mechanism: withPassword[mechanism], username, password };
}

function isWithPassword(mechanism: string): mechanism is keyof typeof withPassword {
  return Object.hasOwn(withPassword, mechanism);
}

function jaas(file: string, get: Get): ReadonlyMap<string, string> {
  const entry = get('sasl.jaas.config');
  if (entry !== undefined) return jaasOptions(entry);
  throw new ConfigProblem(
    `${file}: sasl.jaas.config is missing`,
    'add sasl.jaas.config=<LoginModule> required username="…" password="…";',
  );
}

/** KIP-768; since Kafka 4.1 client id, secret and scope may stand outside of the JAAS entry (KIP-1139). */
function readToken(file: string, get: Get): NonNullable<KafkaSecurity['sasl']> {
  const options = jaasOptions(get('sasl.jaas.config') ?? '');
  const extensions = [...options]
    .filter(([name]) => name.startsWith('extension_'))
    .map(([name, value]) => [name.slice('extension_'.length), value]);
  return {
    mechanism: 'oauthbearer',
    source: tokenSource(file, get, options),
    ...(extensions.length > 0 && { extensions: Object.fromEntries(extensions) as Record<string, string> }),
  };
}

function tokenSource(file: string, get: Get, options: ReadonlyMap<string, string>): TokenSource {
  const endpoint = get('sasl.oauthbearer.token.endpoint.url');
  if (endpoint === undefined)
    throw new ConfigProblem(
      `${file}: sasl.oauthbearer.token.endpoint.url is missing`,
      'name the token endpoint of the identity provider, or file:///PATH of a file with a token',
    );
  if (!URL.canParse(endpoint) || !/^(https?|file):$/.test(new URL(endpoint).protocol))
    throw new ConfigProblem(
      `${file}: sasl.oauthbearer.token.endpoint.url is not a URL`,
      'write it as https://host/path, or file:///PATH of a file with a token',
    );
  if (new URL(endpoint).protocol === 'file:') return { file: fileURLToPath(endpoint) };
  const clientId = get('sasl.oauthbearer.client.credentials.client.id') ?? options.get('clientId');
  const clientSecret =
    get('sasl.oauthbearer.client.credentials.client.secret') ?? options.get('clientSecret');
  if (clientId === undefined || clientSecret === undefined)
    throw new ConfigProblem(
      `${file}: sasl.jaas.config has no ${clientId === undefined ? 'clientId' : 'clientSecret'}`,
      'write it as OAuthBearerLoginModule required clientId="…" clientSecret="…" scope="…";',
    );
  const scope = get('sasl.oauthbearer.scope') ?? options.get('scope');
  return { url: endpoint, clientId, clientSecret, ...(scope !== undefined && { scope }) };
}
