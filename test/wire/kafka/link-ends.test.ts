import { expect, test } from 'vitest';
import { readListGroups } from '../../../source/wire/kafka/reads/list-groups.js';
import { readMetadata } from '../../../source/wire/kafka/reads/metadata.js';
import { FakeClock } from '../../support/fake-clock.js';
import { failed, ok } from '../../support/answers.js';
import { cluster, link, until } from './support.js';

/** Timers, sockets and look-ups that keep this process alive. */
const handles = (): readonly string[] =>
  process.getActiveResourcesInfo().filter(name => /Timeout|TCP|TLS|GetAddrInfo|Pipe/.test(name));

test('a closed link leaves no timer, socket or look-up behind, whatever was under way', async () => {
  const kafka = await cluster({ brokers: 3 });
  const before = handles().length;
  const us = link(kafka.bootstrap);
  ok((await readMetadata(us)).answer);
  ok((await readListGroups(us, 1)).answer);
  await kafka.afflict(2, 'hung');
  await kafka.afflict(3, 'down');
  const open = Promise.all([2, 2, 3].map(broker => readListGroups(us, broker)));
  await until(() => kafka.requests.some(r => r.broker === 2));
  await us.close();
  for (const { answer } of await open) failed(answer);
  await until(() => kafka.connections() === 0 && handles().length <= before);
  expect(handles().length).toBeLessThanOrEqual(before);
});

test('a broker that flaps is connected to at the pace of its pause, however often it is asked', async () => {
  const clock = new FakeClock(0);
  const kafka = await cluster({ brokers: 1 });
  const us = link(kafka.bootstrap, { clock });
  ok((await readMetadata(us)).answer);
  await kafka.afflict(1, 'closing');
  const greetings = (): number => kafka.requests.filter(r => r.name === 'ApiVersions').length;
  const before = greetings();
  for (let second = 0; second < 60; second++) {
    for (let i = 0; i < 20; i++) failed((await readListGroups(us, 1)).answer);
    await clock.advance(1_000);
  }
  // Pauses of 1, 2, 4, then 8 s: at 0 on the standing connection, then at 1, 3, 7, 15, 23, 31, 39, 47 and 55 s.
  expect(greetings() - before).toBe(9);
});

test('dead bootstrap addresses before a living one cost nothing but their own attempt', async () => {
  const kafka = await cluster({ brokers: 3 });
  await kafka.afflict(1, 'down');
  const us = link(['kmon-test.invalid:9092', ...kafka.bootstrap]);
  ok((await readMetadata(us)).answer);
  expect(us.stranded()).toBeUndefined();
});

test('a quota that is used up is said so: the connection stays, and nothing is asked meanwhile', async () => {
  const kafka = await cluster({ brokers: 1 });
  for (const broker of kafka.state.brokers) broker.faults[16] = 'hung';
  const us = link(kafka.bootstrap, { requestTimeout: 2_000 });
  ok((await readMetadata(us)).answer);
  // Brokers read nothing from a connection that they hold back: what waits in it is late.
  const waiting = readListGroups(us, 1);
  kafka.state.throttleMs = 60_000;
  ok((await readMetadata(us)).answer);
  expect(failed((await waiting).answer)).toMatchObject({
    kind: 'busy',
    detail: expect.stringContaining('quota'),
  });
  const asked = kafka.requests.length;
  expect(failed((await readMetadata(us)).answer).kind).toBe('busy');
  expect([kafka.requests.length, kafka.connections()]).toEqual([asked, 1]);
});

test('who is held back for a moment asks after it', async () => {
  const kafka = await cluster({ brokers: 1 });
  const us = link(kafka.bootstrap);
  kafka.state.throttleMs = 200;
  const { answered } = await readMetadata(us);
  const next = await readMetadata(us);
  ok(next.answer);
  expect(next.asked - answered).toBeGreaterThanOrEqual(195);
});
