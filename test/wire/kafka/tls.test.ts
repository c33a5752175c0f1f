import { readFile } from 'node:fs/promises';
import net from 'node:net';
import tls from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { readMetadata } from '../../../source/wire/kafka/reads/metadata.js';
import { failed, ok } from '../../support/answers.js';
import { cluster, link } from './support.js';

/** A throw-away pair for `localhost`, made for this test and used nowhere else. */
const [cert, key] = await Promise.all(
  ['cert', 'key'].map(part => readFile(new URL(`fixtures/localhost.${part}.pem`, import.meta.url), 'utf8')),
);

/** The port of a TLS listener in front of a simulated broker. */
async function secured(): Promise<number> {
  const kafka = await cluster({ brokers: 1, topics: { orders: 1 } });
  const port = kafka.state.brokers[0]?.port ?? 0;
  const server = tls.createServer({ cert, key }, secure => {
    const plain = net.connect(port, '127.0.0.1');
    secure.on('error', () => plain.destroy());
    plain.on('error', () => secure.destroy());
    secure.pipe(plain).pipe(secure);
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>(resolve => server.listen(0, resolve));
  onTestFinished(() => void server.close());
  const at = server.address();
  return typeof at === 'object' && at !== null ? at.port : 0;
}

test('speaks TLS to a broker whose certificate the CA signed', async () => {
  const us = link([`localhost:${await secured()}`], { security: { tls: { ca: [cert ?? ''] } } });
  expect(ok((await readMetadata(us)).answer).topics).toHaveLength(1);
});

test('an unknown CA is a TLS failure', async () => {
  const us = link([`localhost:${await secured()}`], { security: { tls: {} } });
  expect(failed((await readMetadata(us)).answer)).toMatchObject({
    kind: 'tls',
    detail: 'the CA of the broker’s certificate is not in the trust store: self-signed certificate',
  });
});

test('a certificate for another name is a TLS failure, unless the check is switched off', async () => {
  const port = await secured();
  const ca = [cert ?? ''];
  const strict = link([`127.0.0.1:${port}`], { security: { tls: { ca } } });
  expect(failed((await readMetadata(strict)).answer)).toMatchObject({
    kind: 'tls',
    detail: expect.stringContaining('altnames') as string,
  });
  const lenient = link([`127.0.0.1:${port}`], { security: { tls: { ca, skipHostnameCheck: true } } });
  ok((await readMetadata(lenient)).answer);
});

test('plain text to a port that speaks TLS says so', async () => {
  const us = link([`localhost:${await secured()}`]);
  const why = failed((await readMetadata(us)).answer);
  expect(`${why.kind}: ${why.detail}`).toContain('TLS');
});
