import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TlsOptions } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { readClientProperties } from '../../../source/config/client-properties.js';
import { ConfigProblem } from '../../../source/config/problem.js';
import { explain } from '../../../source/core/failure.js';
import { startKafka, type SimulatedKafka } from '../../../source/simulator/kafka/start.js';
import type { KafkaSecurity } from '../../../source/wire/kafka/endpoint.js';
import { readListGroups } from '../../../source/wire/kafka/reads/list-groups.js';
import { readMetadata } from '../../../source/wire/kafka/reads/metadata.js';
import { failed, ok } from '../../support/answers.js';
import { cluster, link } from './support.js';

/** Made by `fixtures/tls/make.sh`: a CA, what it signed, and the stores that hold them. */
const folder = path.join(import.meta.dirname, 'fixtures', 'tls');
const pem = (name: string): string => readFileSync(path.join(folder, `${name}.pem`), 'utf8');

/** What kmon makes of a client.properties; `~` stands for the folder of the fixtures. */
function securityOf(...lines: string[]): KafkaSecurity {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'kmon-stores-')), 'client.properties');
  writeFileSync(
    file,
    [...(lines.some(l => l.startsWith('security.protocol')) ? [] : ['security.protocol=SSL']), ...lines]
      .join('\n')
      .replaceAll('~', folder),
  );
  return readClientProperties(file).security;
}

function problemOf(...lines: string[]): ConfigProblem {
  try {
    securityOf(...lines);
  } catch (error) {
    if (error instanceof ConfigProblem) return error;
    throw error;
  }
  throw new Error('no problem was found');
}

/** As the documentation of Kafka writes PEM in a property: a backslash at the end of every line. */
const inline = (name: string): string => pem(name).trim().replaceAll('\n', ' \\\n  ');

/** One broker behind TLS. */
async function secured(options: TlsOptions = {}): Promise<SimulatedKafka> {
  const tls = { cert: pem('broker-cert'), key: pem('broker-key'), ...options };
  const kafka = await startKafka({ brokers: 1 }, { tls });
  onTestFinished(() => kafka.stop());
  return kafka;
}

const mutual: TlsOptions = { ca: pem('ca-cert'), requestCert: true, rejectUnauthorized: true };
const atLocalhost = (kafka: SimulatedKafka): string[] => [`localhost:${kafka.state.brokers[0]?.port}`];

const trust = {
  PEM: ['ssl.truststore.type=PEM', 'ssl.truststore.location=~/ca-cert.pem'],
  'PEM inline': [`ssl.truststore.certificates=${inline('ca-cert')}`],
  'PKCS#12': ['ssl.truststore.location=~/truststore.p12', 'ssl.truststore.password=changeit'],
  JKS: ['ssl.truststore.location=~/truststore.jks', 'ssl.truststore.password=changeit'],
};

test.each(Object.entries(trust))('trusts a broker by a trust store in %s', async (_, lines) => {
  const kafka = await secured();
  ok((await readMetadata(link(atLocalhost(kafka), { security: securityOf(...lines) }))).answer);
});

const own: Record<string, string[]> = {
  'PEM inline': [
    `ssl.keystore.certificate.chain=${inline('client-cert')}`,
    `ssl.keystore.key=${inline('client-key')}`,
  ],
  'PEM inline, encrypted': [
    `ssl.keystore.certificate.chain=${inline('client-cert')}`,
    `ssl.keystore.key=${inline('client-key-encrypted')}`,
    'ssl.key.password=keychange',
  ],
  'PKCS#12': ['ssl.keystore.location=~/client.p12', 'ssl.keystore.password=changeit'],
  JKS: ['ssl.keystore.location=~/client.jks', 'ssl.keystore.password=changeit', 'ssl.key.password=keychange'],
};

test.each(Object.entries(own))('shows its certificate from a key store in %s', async (_, lines) => {
  const kafka = await secured(mutual);
  const security = securityOf(...trust.PEM, ...lines);
  ok((await readMetadata(link(atLocalhost(kafka), { security }))).answer);
});

test.each([
  ['PLAIN', 'plain.PlainLoginModule'],
  ['SCRAM-SHA-256', 'scram.ScramLoginModule'],
  ['SCRAM-SHA-512', 'scram.ScramLoginModule'],
])(
  'SASL_SSL: logs in with %s inside TLS, and says which of the two it was that failed',
  async (mechanism, module) => {
    const kafka = await startKafka(
      { brokers: 2, users: { kmon: { password: 'right-5b1d', sees: 'all' } } },
      { tls: { cert: pem('broker-cert'), key: pem('broker-key') } },
    );
    onTestFinished(() => kafka.stop());
    for (const broker of kafka.state.brokers) Object.assign(broker, { host: 'localhost' });
    const loginWith = (password: string, ...store: string[]): KafkaSecurity =>
      securityOf(
        'security.protocol=SASL_SSL',
        `sasl.mechanism=${mechanism}`,
        `sasl.jaas.config=org.apache.kafka.common.security.${module} required username="kmon" password="${password}";`,
        ...store,
      );
    const us = link(atLocalhost(kafka), { security: loginWith('right-5b1d', ...trust.JKS) });
    ok((await readMetadata(us)).answer);
    ok((await readListGroups(us, 2)).answer);

    const mistyped = link(atLocalhost(kafka), { security: loginWith('wrong-77aa', ...trust.JKS) });
    const why = failed((await readMetadata(mistyped)).answer);
    expect(why.kind).toBe('unauthenticated');
    expect(JSON.stringify(why)).not.toContain('wrong-77aa');
    const untrusting = link(atLocalhost(kafka), { security: loginWith('right-5b1d') });
    expect(failed((await readMetadata(untrusting)).answer).kind).toBe('tls');
  },
);

test('a broker that asks for a certificate where there is none', async () => {
  const kafka = await secured(mutual);
  const security = securityOf(...trust.PEM);
  const why = failed((await readMetadata(link(atLocalhost(kafka), { security }))).answer);
  expect(why).toMatchObject({ kind: 'tls', detail: expect.stringContaining('client certificate') as string });
  expect(explain(why).nextStep).toContain('ssl.keystore.location');
});

test('an expired certificate, another CA, another host name: each is named', async () => {
  const expired = await secured({ cert: pem('expired-cert'), key: pem('expired-key') });
  const kafka = await secured();
  const trusting = securityOf(...trust.PEM);
  const nameOf = async (bootstrap: readonly string[], security: KafkaSecurity): Promise<string> => {
    const why = failed((await readMetadata(link(bootstrap, { security }))).answer);
    expect(why.kind).toBe('tls');
    expect(why.nextStep).toBeDefined();
    return why.detail;
  };
  expect(await nameOf(atLocalhost(expired), trusting)).toContain('the broker’s certificate has expired');
  expect(await nameOf(atLocalhost(kafka), { tls: {} })).toContain('not in the trust store');
  expect(await nameOf(kafka.bootstrap, trusting)).toContain('is for another host name');
});

test('TLS where the listener is plain, and plain text where it speaks TLS', async () => {
  const plain = await cluster({ brokers: 1 });
  const toPlain = link(plain.bootstrap, { security: securityOf(...trust.PEM) });
  const why = failed((await readMetadata(toPlain)).answer);
  expect(why).toMatchObject({
    kind: 'tls',
    detail: expect.stringContaining('not seem to speak TLS') as string,
  });
  expect(explain(why).nextStep).toContain('security.protocol=PLAINTEXT');

  const other = failed((await readMetadata(link((await secured()).bootstrap))).answer);
  expect(other.detail).toContain('TLS');
  expect(explain(other).nextStep).toContain('security.protocol=SSL');
});

test('--broker-map connects elsewhere and checks the name that the broker advertises', async () => {
  const kafka = await secured();
  const security = securityOf(...trust.PEM);
  Object.assign(kafka.state.brokers[0] ?? {}, { host: 'b1.kmon-test.invalid', port: 9093 });
  const through = kafka.bootstrap[0] ?? '';
  const brokerMap = { 'b1.kmon-test.invalid:9093': through };
  const us = link(['b1.kmon-test.invalid:9093'], { security, brokerMap });
  ok((await readMetadata(us)).answer);
  ok((await readListGroups(us, 1)).answer);

  const stranger = link(['b2.kmon-test.invalid:9093'], {
    security,
    brokerMap: { 'b2.kmon-test.invalid:9093': through },
  });
  expect(failed((await readMetadata(stranger)).answer).detail).toContain('another host name');
});

test.each<[string, string, string[]]>([
  [
    'a trust store with another password',
    'ssl.truststore.password does not open the truststore',
    ['ssl.truststore.location=~/truststore.p12', 'ssl.truststore.password=other-pw'],
  ],
  [
    'the same as JKS',
    'ssl.truststore.password does not open the truststore',
    ['ssl.truststore.location=~/truststore.jks', 'ssl.truststore.password=other-pw'],
  ],
  [
    'a key store with another password',
    'ssl.keystore.password does not open the keystore',
    ['ssl.keystore.location=~/client.p12', 'ssl.keystore.password=other-pw'],
  ],
  [
    'a trust store without its password',
    'ssl.truststore.password is missing',
    ['ssl.truststore.location=~/truststore.jks'],
  ],
  [
    'a key that its password does not open',
    'ssl.key.password does not open it',
    [...(own['PEM inline, encrypted'] ?? []).slice(0, 2), 'ssl.key.password=other-pw'],
  ],
  [
    'a key of another certificate',
    'does not belong to its certificate',
    [`ssl.keystore.certificate.chain=${inline('client-cert')}`, `ssl.keystore.key=${inline('broker-key')}`],
  ],
  ['a file that is no store', 'no PEM, PKCS#12 or JKS file', ['ssl.truststore.location=~/make.sh']],
])('%s is a problem with a next step, without the password', (_, expected, lines) => {
  const problem = problemOf(...lines);
  expect(problem.problem).toContain(expected);
  expect(problem.next).not.toBe('');
  expect(`${problem.problem} ${problem.next}`).not.toContain('other-pw');
});
