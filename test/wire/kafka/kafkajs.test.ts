import Connection from 'kafkajs/src/network/connection.js';
import { expect, onTestFinished, test } from 'vitest';
import { openKafka } from '../../../source/wire/kafka/link.js';
import { selfTest } from '../../../source/wire/kafka/kafkajs.js';
import { readMetadata } from '../../../source/wire/kafka/reads/metadata.js';
import { systemClock } from '../../../source/core/clock.js';
import { failed } from '../../support/answers.js';
import { acquainted } from './support.js';

test('the installed kafkajs is the one that kmon is made for', () => {
  expect(selfTest()).toBeUndefined();
});

test('with another kafkajs every question is answered “unsupported”, with the reason', async () => {
  const send = Object.getOwnPropertyDescriptor(Connection.prototype, 'send') ?? {};
  Reflect.deleteProperty(Connection.prototype, 'send');
  onTestFinished(() => void Object.defineProperty(Connection.prototype, 'send', send));
  const us = openKafka(
    {
      cluster: 'us',
      bootstrap: ['127.0.0.1:9'],
      security: {},
      clientId: 'kmon',
      requestTimeout: 1,
      connectTimeout: 1,
    },
    { clock: systemClock },
  );
  expect(failed((await readMetadata(us)).answer)).toEqual({
    kind: 'unsupported',
    subject: 'the installed kafkajs (kmon is made for 2.2.4)',
    detail: 'it lacks Connection.send',
  });
});

test('an idle connection arms no timer: kafkajs would check an empty queue every millisecond for ever', async () => {
  let timers = 0;
  const real = globalThis.setTimeout;
  const { us } = await acquainted({ brokers: 1 });
  globalThis.setTimeout = new Proxy(real, {
    apply: (target, self, args) => {
      if (new Error().stack?.includes('requestQueue')) timers++;
      return Reflect.apply(target, self, args) as unknown;
    },
  });
  onTestFinished(() => {
    globalThis.setTimeout = real;
  });
  await readMetadata(us);
  expect(timers).toBe(0);
});
