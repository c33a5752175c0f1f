import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openLab } from '../../lab/index.js';
import {
  certificatesOf,
  exportCertificate,
  makeAuthority,
  makeTrustStore,
  signClient,
} from '../../lab/tls.js';
import { readClientProperties } from '../../source/config/client-properties.js';
import { systemClock } from '../../source/core/clock.js';
import type { Failure } from '../../source/core/failure.js';
import { openKafka, type KafkaLink } from '../../source/wire/kafka/link.js';
import { readListGroups } from '../../source/wire/kafka/reads/list-groups.js';
import { readMetadata } from '../../source/wire/kafka/reads/metadata.js';
import { failed, ok } from '../support/answers.js';

const lab = openLab(process.env['KMON_LAB'] ?? 'default');
const folder = mkdtempSync(path.join(tmpdir(), 'kmon-tls-'));
const at = (name: string): string => path.join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `kmon` at the TLS listener of `us`, by a client.properties whose keys for TLS are these. */
function linkWith(tls: readonly string[], bootstrap: readonly string[] = lab.bootstrap.usTls): KafkaLink {
  const login = readFileSync(lab.paths.properties.tls, 'utf8')
    .split('\n')
    .filter(line => !line.startsWith('ssl.'));
  const file = at('client.properties');
  writeFileSync(file, [...login, ...tls].join('\n'), { mode: 0o600 });
  return linkBy(file, bootstrap);
}

function linkBy(file: string, bootstrap: readonly string[] = lab.bootstrap.usTls): KafkaLink {
  const us = openKafka(
    {
      cluster: 'us',
      bootstrap,
      security: readClientProperties(file).security,
      clientId: 'kmon',
      // The first handshake of a broker loads what its JVM needs for it.
      requestTimeout: 20_000,
      connectTimeout: 20_000,
    },
    { clock: systemClock },
  );
  onTestFinished(() => us.close());
  return us;
}

/** It logs in at every broker, and each answers it. */
async function expectAnswers(us: KafkaLink): Promise<void> {
  const { brokers, clusterId } = ok((await readMetadata(us)).answer);
  expect(clusterId).toBe(lab.clusterIds.us);
  expect(brokers.map(({ host, port }) => `${host}:${port}`).sort()).toEqual([...lab.bootstrap.usTls].sort());
  for (const { id } of brokers) ok((await readListGroups(us, id)).answer);
}

async function failureOf(us: KafkaLink): Promise<Failure> {
  return failed((await readMetadata(us)).answer);
}

describe(`SASL_SSL as Kafka ${lab.kafkaVersion} speaks it`, () => {
  const certificates = certificatesOf(lab);
  const { ca, password } = certificates;
  const trusted = ['ssl.truststore.type=PEM', `ssl.truststore.location=${ca}`];
  /** Another CA, which no broker knows, and none of the brokers is signed by. */
  const strange = { authority: at('strange.p12'), ca: at('strange.pem'), password: 'of-the-stranger' };

  beforeAll(async () => {
    await makeAuthority(strange.authority, strange.password, 'CN=a stranger');
    await exportCertificate(strange.authority, strange.password, strange.ca);
  });

  it('is read with the client.properties of the lab, whose CA is a PEM file', async () => {
    await expectAnswers(linkBy(lab.paths.properties.tls));
  });

  it.each(['JKS', 'PKCS12'] as const)('trusts by a %s store of keytool', async type => {
    const store = at(`truststore.${type}`);
    await makeTrustStore(store, { type, ca, password });
    await expectAnswers(
      linkWith([`ssl.truststore.location=${store}`, `ssl.truststore.password=${password}`]),
    );
  });

  it('names a CA that did not sign the broker’s certificate', async () => {
    const why = await failureOf(
      linkWith(['ssl.truststore.type=PEM', `ssl.truststore.location=${strange.ca}`]),
    );
    expect(why).toMatchObject({
      kind: 'tls',
      detail: expect.stringContaining(
        'the CA of the broker’s certificate is not in the trust store',
      ) as string,
      nextStep: expect.stringContaining('ssl.truststore.location') as string,
    });
  });

  it('names a host name that the certificate does not have', async () => {
    const elsewhere = lab.bootstrap.usTls.map(address => address.replace('127.0.0.1', 'localhost'));
    const why = await failureOf(linkWith(trusted, elsewhere));
    expect(why).toMatchObject({
      kind: 'tls',
      detail: expect.stringContaining('the broker’s certificate is for another host name') as string,
    });
    const lenient = linkWith([...trusted, 'ssl.endpoint.identification.algorithm='], elsewhere);
    await expectAnswers(lenient);
  });

  it('tells a wrong password within TLS from a failed handshake', async () => {
    const us = linkWith([
      ...trusted,
      'sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="kmon" password="not-it";',
    ]);
    expect((await failureOf(us)).kind).toBe('unauthenticated');
  });

  it('says that the listener wants TLS where kmon was told plain text', async () => {
    const us = linkWith(['security.protocol=SASL_PLAINTEXT']);
    expect((await failureOf(us)).detail).toContain('TLS');
  });

  const keyStore = (store: string, secret: string): readonly string[] => [
    ...trusted,
    'ssl.keystore.type=PKCS12',
    `ssl.keystore.location=${store}`,
    `ssl.keystore.password=${secret}`,
  ];

  it('shows a certificate that the brokers’ CA signed', async () => {
    const store = at('own.p12');
    await signClient(certificates, store, 'CN=kmon');
    await expectAnswers(linkWith(keyStore(store, password)));
  });

  it('names a certificate that the brokers do not accept', async () => {
    const store = at('other.p12');
    await signClient(strange, store, 'CN=kmon');
    const why = await failureOf(linkWith(keyStore(store, strange.password)));
    expect(why).toMatchObject({
      kind: 'tls',
      detail: expect.stringContaining('did not accept kmon’s certificate') as string,
    });
  });
});
