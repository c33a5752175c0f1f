import { expect, onTestFinished, test } from 'vitest';
import { explain } from '../../../source/core/failure.js';
import type { Observation } from '../../../source/core/observation.js';
import { KafkaSweep } from '../../../source/observe/kafka-sweep.js';
import { systemClock } from '../../../source/core/clock.js';
import type { SimulatedKafka } from '../../../source/simulator/kafka/start.js';
import { readListGroups } from '../../../source/wire/kafka/reads/list-groups.js';
import { readMetadata } from '../../../source/wire/kafka/reads/metadata.js';
import { failed, ok } from '../../support/answers.js';
import { cluster, link } from './support.js';

/** A cluster behind a bastion: its brokers advertise names that do not exist here. */
async function behindBastion(brokers: number): Promise<{
  readonly kafka: SimulatedKafka;
  readonly door: readonly string[];
  readonly brokerMap: Record<string, string>;
}> {
  const kafka = await cluster({ brokers, topics: { orders: 3 }, groups: { billing: {} } });
  const brokerMap: Record<string, string> = {};
  kafka.state.brokers.forEach((broker, i) => {
    Object.assign(broker, { host: `b${broker.id}.kmon-test.invalid`, port: 9092 });
    brokerMap[`${broker.host}:9092`] = kafka.bootstrap[i] ?? '';
  });
  return { kafka, door: kafka.bootstrap.slice(0, 1), brokerMap };
}

test('the bootstrap address answers, the advertised brokers cannot be reached: named, with what to do', async () => {
  const { kafka, door } = await behindBastion(3);
  const us = link(door);
  ok((await readMetadata(us)).answer);
  expect(us.stranded()).toBeUndefined();
  const why = failed((await readListGroups(us, 1)).answer);
  expect(why.kind).toBe('unreachable');
  expect(why.subject).toBe('ListGroups of broker 1 (b1.kmon-test.invalid:9092)');
  expect(why.detail).toContain('the bootstrap address answers, but none of its 3 brokers can be reached');
  expect(explain(why).nextStep).toContain('--broker-map b1.kmon-test.invalid:9092=HOST:PORT');
  expect(us.stranded()).toMatchObject({ kind: 'unreachable', subject: 'the brokers of us' });
  ok((await readMetadata(us)).answer);
  ok((await readMetadata(us)).answer);
  expect(kafka.connections()).toBe(1);
  expect(us.counters().requests).toBe(5);
});

test('a whole sweep says so, and still tells what the bootstrap address knows', async () => {
  const { door } = await behindBastion(3);
  const seen: Observation[] = [];
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const sweep = new KafkaSweep('us', link(door), systemClock, o => seen.push(o));
  const asking = (): void => undefined;
  expect(await sweep.pass({ signal: stop.signal, asking })).toMatchObject({
    kind: 'unreachable',
    detail: expect.stringContaining('where they advertise themselves') as string,
  });
  expect(seen.find(o => o.kind === 'cluster')?.answer).toHaveProperty('ok');
});

test('--broker-map leads to them, each under its own name', async () => {
  const { kafka, door, brokerMap } = await behindBastion(3);
  const us = link(door, { brokerMap });
  ok((await readMetadata(us)).answer);
  for (const broker of [1, 2, 3]) ok((await readListGroups(us, broker)).answer);
  expect(us.stranded()).toBeUndefined();
  expect(us.nameOf(2)).toBe(`broker 2 (b2.kmon-test.invalid:9092 via ${kafka.bootstrap[1]})`);
});

test('one broker of three that went down is down, not outside', async () => {
  const kafka = await cluster({ brokers: 3 });
  const us = link(kafka.bootstrap);
  ok((await readMetadata(us)).answer);
  ok((await readListGroups(us, 2)).answer);
  await kafka.afflict(3, 'down');
  expect(failed((await readListGroups(us, 3)).answer).kind).toBe('refused');
  expect(us.stranded()).toBeUndefined();
});

test('a broker that was reached before and then is not is down, not outside', async () => {
  const kafka = await cluster({ brokers: 1 });
  const us = link(kafka.bootstrap);
  ok((await readMetadata(us)).answer);
  await kafka.afflict(1, 'down');
  expect(failed((await readListGroups(us, 1)).answer).kind).toBe('refused');
});
