import { onTestFinished } from 'vitest';
import { systemClock, type Clock } from '../../../source/core/clock.js';
import { startKafka, type SimulatedKafka } from '../../../source/simulator/kafka/start.js';
import type { KafkaSetting } from '../../../source/simulator/kafka/state.js';
import type { KafkaEndpoint } from '../../../source/wire/kafka/endpoint.js';
import { openKafka, type KafkaLink } from '../../../source/wire/kafka/link.js';
import { ok } from '../../support/answers.js';
import { readMetadata } from '../../../source/wire/kafka/reads/metadata.js';

/** A simulated cluster that ends with the test. */
export async function cluster(setting: KafkaSetting, clock: Clock = systemClock): Promise<SimulatedKafka> {
  const kafka = await startKafka(setting, { clock });
  onTestFinished(() => kafka.stop());
  return kafka;
}

/** A link that ends with the test. */
export function link(
  bootstrap: readonly string[],
  { clock = systemClock, ...rest }: Partial<KafkaEndpoint> & { readonly clock?: Clock } = {},
): KafkaLink {
  const endpoint: KafkaEndpoint = {
    cluster: 'us',
    bootstrap,
    security: {},
    clientId: 'kmon',
    requestTimeout: 5_000,
    connectTimeout: 3_000,
    ...rest,
  };
  const opened = openKafka(endpoint, { clock });
  onTestFinished(() => opened.close());
  return opened;
}

/** A simulated cluster, and a link that has read its metadata. */
export async function acquainted(
  setting: KafkaSetting,
  options?: Parameters<typeof link>[1],
): Promise<{ kafka: SimulatedKafka; us: KafkaLink }> {
  const kafka = await cluster(setting);
  const us = link(kafka.bootstrap, options);
  ok((await readMetadata(us)).answer);
  return { kafka, us };
}

/** Waits for what the other side of a socket does; the test's own time-out ends it. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise<void>(resolve => setImmediate(resolve));
}
