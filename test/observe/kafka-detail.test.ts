import { setMaxListeners } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../source/core/clock.js';
import type { ObservationKind } from '../../source/core/observation.js';
import { KafkaDetail } from '../../source/observe/kafka-detail.js';
import { KafkaSweep } from '../../source/observe/kafka-sweep.js';
import { startKafka } from '../../source/simulator/kafka/start.js';
import { openKafka } from '../../source/wire/kafka/link.js';

/** What a cluster of three brokers was asked for in its first round and the one after, and how long after the begin of that one, ms. */
async function secondRound(): Promise<readonly { readonly kind: ObservationKind; readonly at: number }[]> {
  const kafka = await startKafka({ topics: { orders: 6 } });
  const link = openKafka(
    {
      cluster: 'us',
      bootstrap: kafka.bootstrap,
      security: {},
      clientId: 'kmon',
      requestTimeout: 5_000,
      connectTimeout: 1_000,
    },
    { clock: systemClock },
  );
  onTestFinished(async () => {
    await link.close();
    await kafka.stop();
  });
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  const beat = { signal, asking: () => undefined };
  let at = 0;
  let seen: { kind: ObservationKind; at: number }[] = [];
  const sweep = new KafkaSweep('us', link, systemClock, () => undefined);
  await sweep.pass(beat);
  const detail = new KafkaDetail(link, sweep, ({ kind }) => seen.push({ kind, at }));
  const round = async (): Promise<void> => {
    for (let step = 0; step < 11; step++) {
      await detail.pass(beat);
      at += detail.interval();
    }
  };
  await round();
  [seen, at] = [[], 0];
  await round();
  return seen;
}

test('quotas are asked for four times a minute, for they explain what is seen next; the rest once', async () => {
  const seen = await secondRound();
  const quotas = seen.filter(({ kind }) => kind === 'quotas').map(({ at }) => at);
  expect(quotas).toHaveLength(4);
  const gaps = quotas.map((at, i) => (quotas[i + 1] ?? 60_000) - at);
  expect(Math.max(...gaps)).toBeLessThan(20_000);
  for (const kind of ['acls', 'reassignments'] as const)
    expect(seen.filter(one => one.kind === kind)).toHaveLength(1);
  expect(seen.filter(one => one.kind === 'broker-configs')).toHaveLength(3);
});
