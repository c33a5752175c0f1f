import net from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { versionsOf } from '../../../source/model/broker-apis.js';
import type { KafkaSecurity, PasswordLogin } from '../../../source/wire/kafka/endpoint.js';
import { readBrokerApis } from '../../../source/wire/kafka/reads/broker-apis.js';
import { readListGroups } from '../../../source/wire/kafka/reads/list-groups.js';
import { readMetadata } from '../../../source/wire/kafka/reads/metadata.js';
import { FakeClock } from '../../support/fake-clock.js';
import { failed, ok } from '../../support/answers.js';
import { acquainted, cluster, link, until } from './support.js';

const groupsOf = (broker: number, requests: readonly { broker: number; name: string }[]): number =>
  requests.filter(r => r.broker === broker && r.name === 'ListGroups').length;

test('nothing is connected before the first question', async () => {
  const kafka = await cluster({});
  const us = link(kafka.bootstrap);
  expect(kafka.connections()).toBe(0);
  await readMetadata(us);
  expect(kafka.connections()).toBe(1);
});

test('one connection a broker, whatever is asked', async () => {
  const { kafka, us } = await acquainted({ brokers: 3 });
  for (let i = 0; i < 3; i++) await Promise.all([1, 2, 3].map(broker => readListGroups(us, broker)));
  expect(kafka.connections()).toBe(3);
});

test('requests are pipelined: the second does not wait for the first answer', async () => {
  const clock = new FakeClock();
  const kafka = await cluster({ brokers: 1 }, clock);
  const us = link(kafka.bootstrap);
  ok((await readMetadata(us)).answer);
  await kafka.afflict(1, { slow: 1_000 });
  const asked = Promise.all(Array.from({ length: 5 }, () => readListGroups(us, 1)));
  await until(() => groupsOf(1, kafka.requests) === 5);
  await clock.advance(5_000);
  for (const { answer } of await asked) ok(answer);
});

test('an answer is stamped around the request, without the time to connect', async () => {
  const clock = new FakeClock(1_000);
  const kafka = await cluster({});
  const seen = await readMetadata(link(kafka.bootstrap, { clock }));
  expect(seen).toMatchObject({ asked: 1_000, answered: 1_000 });
});

test('what a broker speaks is known from its greeting, and asks nothing more of it', async () => {
  const { kafka, us } = await acquainted({ brokers: 2, newest: { 1: 11, 23: -1 } });
  const upgraded = kafka.state.brokers[1];
  if (upgraded === undefined) throw new Error('there is no second broker');
  upgraded.newest[1] = 12;
  ok((await readListGroups(us, 1)).answer);
  const before = us.counters().requests;
  const first = ok((await readBrokerApis(us, 1)).answer);
  expect(us.counters().requests).toBe(before);
  expect([...first.key]).toEqual([...first.key].sort((a, b) => a - b));
  expect(versionsOf(first, 1)).toEqual({ oldest: 4, newest: 11 });
  expect(versionsOf(first, 23)).toBeUndefined();
  expect(versionsOf(ok((await readBrokerApis(us, 2)).answer), 1)).toEqual({ oldest: 4, newest: 12 });
});

test('what a broker that is gone speaks is unknown, with the reason', async () => {
  const { kafka, us } = await acquainted({ brokers: 2 });
  await kafka.afflict(2, 'down');
  expect(failed((await readBrokerApis(us, 2)).answer)).toMatchObject({ kind: 'refused' });
});

test('a broker that the metadata did not name is absent', async () => {
  const { us } = await acquainted({ brokers: 3 });
  expect(failed((await readListGroups(us, 7)).answer)).toMatchObject({
    kind: 'absent',
    subject: 'ListGroups of broker 7',
  });
});

test('an address that is none is named', async () => {
  const us = link(['broker-1']);
  expect(failed((await readMetadata(us)).answer)).toMatchObject({
    kind: 'absent',
    detail: 'no usable address in broker-1',
  });
});

test('when every bootstrap address refuses, the first one is the reason', async () => {
  const kafka = await cluster({ brokers: 2 });
  await kafka.stop();
  const us = link(kafka.bootstrap);
  expect(failed((await readMetadata(us)).answer)).toMatchObject({
    kind: 'refused',
    subject: `Metadata of ${kafka.bootstrap[0]}`,
  });
});

test('a host without an address is unreachable', async () => {
  const us = link(['kmon-test.invalid:9092']);
  expect(failed((await readMetadata(us)).answer).kind).toBe('unreachable');
});

test('bootstrap addresses are tried in turn; one that hangs costs the connect time-out, once', async () => {
  const clock = new FakeClock();
  const kafka = await cluster({ brokers: 2 });
  await kafka.afflict(1, 'hung');
  const us = link(kafka.bootstrap, { clock });
  const asked = readMetadata(us);
  await until(() => kafka.requests.some(r => r.broker === 1));
  await clock.advance(3_000);
  ok((await asked).answer);
  ok((await readMetadata(us)).answer);
  expect(kafka.requests.filter(r => r.broker === 1)).toHaveLength(1);
});

test('a bootstrap connection is given up when the cluster advertises another name', async () => {
  const kafka = await cluster({ brokers: 1 });
  const us = link([`localhost:${kafka.state.brokers[0]?.port}`]);
  ok((await readMetadata(us)).answer);
  await until(() => kafka.connections() === 0);
  ok((await readListGroups(us, 1)).answer);
  expect(kafka.connections()).toBe(1);
  expect(us.counters().requests).toBe(4);
});

test('a hung broker costs only its own items, and the time-out only once a pause', async () => {
  const clock = new FakeClock();
  const { kafka, us } = await acquainted({ brokers: 3 }, { clock });
  ok((await readListGroups(us, 2)).answer);

  await kafka.afflict(2, 'hung');
  const hanging = [readListGroups(us, 2), readListGroups(us, 2)];
  ok((await readListGroups(us, 1)).answer);
  ok((await readListGroups(us, 3)).answer);
  await until(() => groupsOf(2, kafka.requests) === 3);
  await clock.advance(5_000);
  for (const [i, late] of (await Promise.all(hanging)).entries()) {
    const detail = i === 0 ? 'none within 5000ms' : 'none within 5000ms to ListGroups on its connection';
    expect(failed(late.answer)).toMatchObject({ kind: 'timeout', detail });
  }

  expect(failed((await readListGroups(us, 2)).answer).kind).toBe('timeout');
  expect(groupsOf(2, kafka.requests)).toBe(3);

  await kafka.afflict(2, 'none');
  await clock.advance(4_000);
  ok((await readListGroups(us, 2)).answer);
});

test('what fails only because another request on its connection is late says so', async () => {
  const clock = new FakeClock();
  const { kafka, us } = await acquainted({ brokers: 1 }, { clock });
  await kafka.afflict(1, 'hung');
  const late = readListGroups(us, 1);
  await until(() => groupsOf(1, kafka.requests) === 1);
  await clock.advance(4_000);
  const behind = readListGroups(us, 1);
  await until(() => groupsOf(1, kafka.requests) === 2);
  await clock.advance(1_000);
  expect(failed((await late).answer).detail).toBe('none within 5000ms');
  expect(failed((await behind).answer)).toMatchObject({
    kind: 'timeout',
    detail: 'none within 5000ms to ListGroups on its connection',
  });
});

test('what is asked aside neither waits behind what hangs nor rests after it, and is counted', async () => {
  const clock = new FakeClock();
  const { kafka, us } = await acquainted({ brokers: 1 }, { clock });
  await kafka.afflict(1, 'hung');
  const hanging = readListGroups(us, 1);
  await until(() => groupsOf(1, kafka.requests) === 1);
  await kafka.afflict(1, 'none');
  const aside = us.aside();
  ok((await readListGroups(aside, 1)).answer);
  await clock.advance(5_000);
  expect(failed((await hanging).answer).kind).toBe('timeout');
  expect(failed((await readListGroups(us, 1)).answer).kind).toBe('timeout');
  const before = us.counters().requests;
  ok((await readListGroups(aside, 1)).answer);
  expect(us.counters().requests).toBe(before + 1);
  await us.close();
  expect(failed((await readListGroups(aside, 1)).answer).kind).toBe('cancelled');
});

test('a link aside knows the brokers that its link has learnt of since', async () => {
  const kafka = await cluster({ brokers: 2 });
  const us = link(kafka.bootstrap);
  const aside = us.aside();
  expect(failed((await readListGroups(aside, 2)).answer).kind).toBe('absent');
  ok((await readMetadata(us)).answer);
  ok((await readListGroups(aside, 2)).answer);
});

test('the pause of a broker that goes on hanging doubles up to half a minute', async () => {
  const clock = new FakeClock();
  const { kafka, us } = await acquainted({ brokers: 2 }, { clock });
  await kafka.afflict(2, 'hung');
  for (const pause of [4_000, 8_000, 16_000, 30_000, 30_000]) {
    const before = kafka.requests.length;
    const asked = readListGroups(us, 2);
    await until(() => kafka.requests.length > before);
    await clock.advance(3_000);
    expect(failed((await asked).answer).kind).toBe('timeout');
    await clock.advance(pause - 1);
    expect(failed((await readListGroups(us, 2)).answer).kind).toBe('timeout');
    expect(kafka.requests.length).toBe(before + 1);
    await clock.advance(1);
  }
});

test('a broker that is down refuses; the others answer; it is found again after its restart', async () => {
  const clock = new FakeClock();
  const { kafka, us } = await acquainted({ brokers: 3 }, { clock });
  await kafka.afflict(3, 'down');
  const ask = (broker: number): ReturnType<typeof readListGroups> => readListGroups(us, broker);
  const [one, two, three] = await Promise.all([ask(1), ask(2), ask(3)]);
  ok(one.answer);
  ok(two.answer);
  expect(failed(three.answer)).toMatchObject({
    kind: 'refused',
    subject: `ListGroups of broker 3 (${kafka.bootstrap[2]})`,
  });

  await kafka.afflict(3, 'none');
  expect(failed((await readListGroups(us, 3)).answer).kind).toBe('refused');
  await clock.advance(1_000);
  ok((await readListGroups(us, 3)).answer);
});

test('“any” goes to another broker when the one that it used is gone', async () => {
  const { kafka, us } = await acquainted({ brokers: 3 });
  await kafka.afflict(1, 'down');
  ok((await readMetadata(us)).answer);
});

test('a connection that the broker ended while idle is opened again', async () => {
  const { kafka, us } = await acquainted({ brokers: 1 });
  kafka.hangUp(1);
  await until(() => kafka.connections() === 0);
  ok((await readListGroups(us, 1)).answer);
});

test('a broker that dies with a question open has closed the connection', async () => {
  const { kafka, us } = await acquainted({ brokers: 1 });
  await kafka.afflict(1, 'hung');
  const asked = readListGroups(us, 1);
  await until(() => groupsOf(1, kafka.requests) === 1);
  kafka.hangUp(1);
  expect(failed((await asked).answer)).toMatchObject({
    kind: 'refused',
    detail: 'the broker closed the connection',
  });
});

test('a broker that hangs up on every request is left alone for a while', async () => {
  const { kafka, us } = await acquainted({ brokers: 1 });
  await kafka.afflict(1, 'closing');
  expect(failed((await readListGroups(us, 1)).answer).kind).toBe('refused');
  expect(failed((await readListGroups(us, 1)).answer).kind).toBe('refused');
  expect(groupsOf(1, kafka.requests)).toBe(1);
});

test('a cancelled question is answered at once, and leaves the connection to the others', async () => {
  const { kafka, us } = await acquainted({ brokers: 1 });
  await kafka.afflict(1, 'hung');
  const stop = new AbortController();
  const asked = readListGroups(us, 1, stop.signal);
  await until(() => groupsOf(1, kafka.requests) === 1);
  stop.abort();
  expect(failed((await asked).answer).kind).toBe('cancelled');
  expect(kafka.connections()).toBe(1);
});

test('a question that is cancelled while connecting is answered at once', async () => {
  const kafka = await cluster({ brokers: 1 });
  await kafka.afflict(1, 'hung');
  const stop = new AbortController();
  const asked = readMetadata(link(kafka.bootstrap), stop.signal);
  await until(() => kafka.requests.length === 1);
  stop.abort();
  expect(failed((await asked).answer).kind).toBe('cancelled');
});

test('closing ends at once, whatever hangs, and later questions are cancelled', async () => {
  const { kafka, us } = await acquainted({ brokers: 2 });
  await kafka.afflict(1, 'hung');
  await kafka.afflict(2, 'hung');
  const open = Promise.all([readListGroups(us, 1), readListGroups(us, 2), readMetadata(us)]);
  await until(() => kafka.requests.filter(r => r.broker === 2).length > 0);
  await us.close();
  for (const { answer } of await open) expect(failed(answer).kind).toBe('cancelled');
  await until(() => kafka.connections() === 0);
  expect(failed((await readListGroups(us, 1)).answer).kind).toBe('cancelled');
  expect(failed((await readMetadata(us)).answer).kind).toBe('cancelled');
});

test('the counters tell what asking costs, also of connections that are gone', async () => {
  const { kafka, us } = await acquainted({ brokers: 1 });
  const before = us.counters();
  expect(before).toMatchObject({ requests: 2 });
  expect(before.bytesReceived).toBeGreaterThan(100);
  expect(before.bytesSent).toBeGreaterThan(30);
  kafka.hangUp(1);
  await until(() => kafka.connections() === 0);
  ok((await readListGroups(us, 1)).answer);
  const after = us.counters();
  expect(after.requests).toBe(4);
  expect(after.bytesReceived).toBeGreaterThan(before.bytesReceived);
});

const login = (mechanism: PasswordLogin['mechanism'], password: string): { security: KafkaSecurity } => ({
  security: { sasl: { mechanism, username: 'kmon', password } },
});

const users = { kmon: { password: 'right-5b1d', sees: 'all' } } as const;

test.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)('logs in with %s', async mechanism => {
  const kafka = await cluster({ users, brokers: 2 });
  const us = link(kafka.bootstrap, login(mechanism, 'right-5b1d'));
  ok((await readMetadata(us)).answer);
  ok((await readListGroups(us, 2)).answer);
});

test.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)(
  'a wrong password for %s is unauthenticated, is not shown, and is not tried at every address',
  async mechanism => {
    const kafka = await cluster({ users, brokers: 3 });
    const us = link(kafka.bootstrap, login(mechanism, 'wrong-77aa'));
    const why = failed((await readMetadata(us)).answer);
    expect(why.kind).toBe('unauthenticated');
    expect(why.detail).toContain('invalid credentials');
    expect(JSON.stringify(why)).not.toContain('wrong-77aa');
    expect(new Set(kafka.requests.map(r => r.broker)).size).toBe(1);
  },
);

test('no credentials where the listener asks for them: unauthenticated', async () => {
  const kafka = await cluster({ users });
  expect(failed((await readMetadata(link(kafka.bootstrap))).answer)).toMatchObject({
    kind: 'unauthenticated',
    detail: expect.stringContaining('SASL') as string,
  });
});

test('credentials for a listener that wants none: unauthenticated', async () => {
  const kafka = await cluster({});
  const us = link(kafka.bootstrap, login('plain', 'right-5b1d'));
  expect(failed((await readMetadata(us)).answer).kind).toBe('unauthenticated');
});

test('an API that the broker lacks is unsupported', async () => {
  const { kafka, us } = await acquainted({ brokers: 1 });
  const broker = kafka.state.brokers[0];
  if (broker) broker.newest[16] = -1;
  kafka.hangUp(1);
  await until(() => kafka.connections() === 0);
  expect(failed((await readListGroups(us, 1)).answer)).toMatchObject({
    kind: 'unsupported',
    detail: 'the broker does not offer it',
  });
});

test('a broker that no longer speaks any version of kmon’s is unsupported', async () => {
  const { kafka, us } = await acquainted({ brokers: 1 });
  const broker = kafka.state.brokers[0];
  Object.assign(broker?.newest ?? {}, { 16: 9 });
  Object.assign(broker?.oldest ?? {}, { 16: 7 });
  kafka.hangUp(1);
  await until(() => kafka.connections() === 0);
  expect(failed((await readListGroups(us, 1)).answer)).toMatchObject({
    kind: 'unsupported',
    detail: 'the broker offers versions 7–9, kmon knows 1, 2, 3, 4, 5',
  });
});

test.each([
  ['an HTTP server', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'malformed'],
  ['a TLS port', Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x50]), 'tls'],
  ['a negative length', Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4]), 'malformed'],
  ['an answer that ends too soon', Buffer.from([0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 9]), 'malformed'],
])('%s instead of a broker', async (_, garbage, kind) => {
  const kafka = await cluster({ brokers: 1 });
  await kafka.afflict(1, { garbage });
  expect(failed((await readMetadata(link(kafka.bootstrap))).answer).kind).toBe(kind);
});

test('TLS to a port that speaks plain text', async () => {
  const kafka = await cluster({ brokers: 1 });
  const us = link(kafka.bootstrap, { security: { tls: {} } });
  expect(failed((await readMetadata(us)).answer).kind).toBe('tls');
});

test('something that hangs up at the first byte', async () => {
  const server = net.createServer(socket => socket.once('data', () => socket.end()));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const at = server.address();
  const us = link([`127.0.0.1:${typeof at === 'object' ? at?.port : 0}`]);
  expect(failed((await readMetadata(us)).answer)).toMatchObject({
    kind: 'refused',
    detail: expect.stringContaining('does it speak TLS?') as string,
  });
});
