import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { explain } from '../../../source/core/failure.js';
import type { KafkaSecurity, TokenSource } from '../../../source/wire/kafka/endpoint.js';
import { readListGroups } from '../../../source/wire/kafka/reads/list-groups.js';
import { readMetadata } from '../../../source/wire/kafka/reads/metadata.js';
import { failed, ok } from '../../support/answers.js';
import { FakeClock } from '../../support/fake-clock.js';
import { cluster, link, until } from './support.js';

const users = { kmon: { password: '', sees: 'all' } } as const;
const secret = 'client-s3cret';

/** A token as an identity provider signs it; the simulator does not look at the signature. */
function tokenOf(user: string, expires: number): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part({ sub: user, exp: expires / 1000 })}.c2lnbmVk`;
}

type Asked = { readonly headers: IncomingHttpHeaders; readonly body: string };

/** A token endpoint that answers with what `answer` makes of the count of the question. */
async function identityProvider(
  answer: (count: number) => { readonly status?: number; readonly body: unknown },
): Promise<{ readonly source: TokenSource; readonly asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', chunk => (body += String(chunk)));
    request.on('end', () => {
      asked.push({ headers: request.headers, body });
      const { status = 200, body: told } = answer(asked.length);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(told));
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const at = server.address();
  const url = `http://127.0.0.1:${typeof at === 'object' ? at?.port : 0}/token`;
  return { source: { url, clientId: 'kmon-client', clientSecret: secret, scope: 'kafka' }, asked };
}

const login = (source: TokenSource): { security: KafkaSecurity } => ({
  security: { sasl: { mechanism: 'oauthbearer', source, extensions: { logicalCluster: 'lkc-1' } } },
});

test('asks the token endpoint with the client’s credentials, once for all brokers', async () => {
  const clock = new FakeClock(0);
  const { source, asked } = await identityProvider(() => ({
    body: { access_token: tokenOf('kmon', 3_600_000), expires_in: 3600 },
  }));
  const kafka = await cluster({ users, brokers: 3 }, clock);
  const us = link(kafka.bootstrap, { clock, ...login(source) });
  ok((await readMetadata(us)).answer);
  for (const { answer } of await Promise.all([1, 2, 3].map(broker => readListGroups(us, broker)))) ok(answer);
  expect(asked).toHaveLength(1);
  expect(asked[0]?.body).toBe('grant_type=client_credentials&scope=kafka');
  expect(asked[0]?.headers.authorization).toBe(
    `Basic ${Buffer.from(`kmon-client:${secret}`).toString('base64')}`,
  );
});

test('a token is renewed before it expires, and the old one serves while that fails', async () => {
  const clock = new FakeClock(0);
  const { source, asked } = await identityProvider(count =>
    count === 1
      ? { body: { access_token: tokenOf('kmon', 100_000) } }
      : { status: 503, body: { error: 'down' } },
  );
  const kafka = await cluster({ users, brokers: 1 }, clock);
  const us = link(kafka.bootstrap, { clock, ...login(source) });
  ok((await readMetadata(us)).answer);
  const again = async (): ReturnType<typeof readMetadata> => {
    kafka.hangUp(1);
    await until(() => kafka.connections() === 0);
    return readMetadata(us);
  };
  await clock.advance(79_000);
  ok((await again()).answer);
  expect(asked).toHaveLength(1);
  await clock.advance(2_000);
  ok((await again()).answer);
  expect(asked).toHaveLength(2);
  await clock.advance(30_000);
  expect(failed((await again()).answer)).toMatchObject({
    kind: 'malformed',
    detail: expect.stringContaining('/token answered HTTP 503') as string,
  });
});

test('a session that the broker ends is renewed on another connection before that, and nothing is lost', async () => {
  const clock = new FakeClock(0);
  const { source } = await identityProvider(() => ({
    body: { access_token: tokenOf('kmon', clock.now() + 600_000) },
  }));
  const kafka = await cluster({ users, brokers: 1, maxReauthMs: 100_000 }, clock);
  const us = link(kafka.bootstrap, { clock, ...login(source) });
  ok((await readMetadata(us)).answer);
  const logins = (): number => kafka.requests.filter(r => r.name === 'SaslHandshake').length;

  await clock.advance(84_000);
  ok((await readMetadata(us)).answer);
  expect(logins()).toBe(1);

  await kafka.afflict(1, { slow: 500 });
  const under = readListGroups(us, 1);
  await until(() => kafka.requests.at(-1)?.name === 'ListGroups');
  await clock.advance(499);
  await kafka.afflict(1, 'none');
  await clock.advance(1);
  ok((await under).answer);

  await clock.advance(1_000);
  ok((await readMetadata(us)).answer);
  expect(logins()).toBe(2);
  await until(() => kafka.connections() === 1);
  await clock.advance(50_000);
  ok((await readMetadata(us)).answer);
});

test('a question that is under way when its session is renewed is answered on the old connection', async () => {
  const clock = new FakeClock(0);
  const { source } = await identityProvider(() => ({ body: { access_token: tokenOf('kmon', 9e9) } }));
  const kafka = await cluster({ users, brokers: 1, maxReauthMs: 100_000 }, clock);
  const us = link(kafka.bootstrap, { clock, ...login(source) });
  ok((await readMetadata(us)).answer);
  const before = us.counters();
  await clock.advance(84_500);
  await kafka.afflict(1, { slow: 1_000 });
  const under = readListGroups(us, 1);
  await until(() => kafka.requests.at(-1)?.name === 'ListGroups');
  await kafka.afflict(1, 'none');
  await clock.advance(900);
  ok((await readMetadata(us)).answer);
  expect(kafka.connections()).toBe(2);
  await clock.advance(100);
  ok((await under).answer);
  await until(() => kafka.connections() === 1);
  expect(us.counters().bytesReceived).toBeGreaterThan(before.bytesReceived);
});

test('a token that the broker refuses is unauthenticated, is not shown, and is not used again', async () => {
  const clock = new FakeClock(0);
  const token = tokenOf('stranger', 3_600_000);
  const { source, asked } = await identityProvider(() => ({ body: { access_token: token } }));
  const kafka = await cluster({ users, brokers: 3 }, clock);
  const us = link(kafka.bootstrap, { clock, ...login(source) });
  const why = failed((await readMetadata(us)).answer);
  expect(why).toMatchObject({
    kind: 'unauthenticated',
    detail: expect.stringContaining('invalid_token') as string,
  });
  expect(JSON.stringify(why)).not.toContain(token);
  await clock.advance(60_000);
  failed((await readMetadata(us)).answer);
  expect(asked.length).toBeGreaterThan(1);
});

test('a client that the token endpoint refuses: what to check, without the secret', async () => {
  const { source } = await identityProvider(() => ({
    status: 401,
    body: { error: 'invalid_client', error_description: `no client with ${secret}` },
  }));
  const kafka = await cluster({ users, brokers: 2 });
  const why = failed((await readMetadata(link(kafka.bootstrap, login(source)))).answer);
  expect(why.kind).toBe('unauthenticated');
  expect(why.detail).toContain('answered HTTP 401 invalid_client');
  expect(explain(why).nextStep).toContain('clientSecret');
  expect(JSON.stringify(why)).not.toContain(secret);
  expect(kafka.requests).toEqual([]);
});

test('a token endpoint that is not there is named, not the broker', async () => {
  const kafka = await cluster({ users, brokers: 2 });
  const source = { url: 'http://kmon-test.invalid/token', clientId: 'a', clientSecret: 'b' };
  const why = failed((await readMetadata(link(kafka.bootstrap, login(source)))).answer);
  expect(why).toMatchObject({
    kind: 'unreachable',
    detail: expect.stringContaining('the token endpoint http://kmon-test.invalid/token') as string,
  });
});

test('closing does not wait for a token endpoint that hangs', async () => {
  const server = createServer(() => undefined);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  let isAsked = false;
  server.on('request', () => (isAsked = true));
  const at = server.address();
  const url = `http://127.0.0.1:${typeof at === 'object' ? at?.port : 0}/token`;
  const kafka = await cluster({ users, brokers: 1 });
  const us = link(kafka.bootstrap, login({ url, clientId: 'a', clientSecret: 'b' }));
  const asked = readMetadata(us);
  await until(() => isAsked);
  await us.close();
  expect(failed((await asked).answer).kind).toBe('cancelled');
  expect(kafka.connections()).toBe(0);
});

test('a token file is read at every login', async () => {
  const clock = new FakeClock(0);
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'kmon-token-')), 'token');
  const kafka = await cluster({ users, brokers: 1 }, clock);
  const us = link(kafka.bootstrap, { clock, ...login({ file }) });
  expect(failed((await readMetadata(us)).answer)).toMatchObject({
    kind: 'unauthenticated',
    detail: `the token in ${file} cannot be read (ENOENT)`,
  });
  writeFileSync(file, `${tokenOf('kmon', 50_000)}\n`);
  await clock.advance(15_000);
  ok((await readMetadata(us)).answer);
  kafka.hangUp(1);
  await until(() => kafka.connections() === 0);
  await clock.advance(50_000);
  expect(failed((await readMetadata(us)).answer).detail).toContain('has expired');
});
