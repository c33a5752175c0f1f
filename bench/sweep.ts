/**
 * `npm run bench -- sweep [--groups N] [--topics N] [--partitions N]`: what one whole pass over a cluster costs it, beside what
 * kafkajs's own admin client asks for the same facts. Counted on a simulated cluster in this process: requests that the
 * brokers received, and CPU seconds of the whole process, which for both includes the brokers' side. The ratios of one
 * run are what counts. Prints JSON.
 */
import { setMaxListeners } from 'node:events';
import { parseArgs } from 'node:util';
import kafkajs from 'kafkajs';
import { systemClock } from '../source/core/clock.js';
import { KafkaSweep } from '../source/observe/kafka-sweep.js';
import { startKafka, type SimulatedKafka } from '../source/simulator/kafka/start.js';
import { openKafka } from '../source/wire/kafka/link.js';

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    groups: { type: 'string', default: '200' },
    topics: { type: 'string', default: '100' },
    partitions: { type: 'string', default: '10' },
  },
});
const size = {
  groups: Number(values.groups),
  topics: Number(values.topics),
  partitions: Number(values.partitions),
};

const topics = Array.from({ length: size.topics }, (_, i) => `topic-${i}`);
const groups = Array.from({ length: size.groups }, (_, i) => `group-${i}`);
const kafka = await startKafka({
  brokers: 3,
  topics: Object.fromEntries(topics.map(topic => [topic, size.partitions])),
  groups: Object.fromEntries(
    groups.map((group, i) => [
      group,
      {
        committed: {
          [topics[i % topics.length] ?? '']: Object.fromEntries(
            Array.from({ length: size.partitions }, (_, p) => [p, 0]),
          ),
        },
      },
    ]),
  ),
});

type Cost = { requests: number; cpuSeconds: number };

/** The cost of the second run: connections and code are warm, as they are for a monitor nearly all the time. */
async function measure(of: SimulatedKafka, work: () => Promise<unknown>): Promise<Cost> {
  await work();
  of.requests.length = 0;
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { requests: of.requests.length, cpuSeconds: (user + system) / 1e6 };
}

const link = openKafka(
  {
    cluster: 'bench',
    bootstrap: kafka.bootstrap,
    security: {},
    clientId: 'kmon',
    requestTimeout: 30_000,
    connectTimeout: 5_000,
  },
  { clock: systemClock },
);
const sweep = new KafkaSweep('bench', link, systemClock, () => undefined);
const { signal } = new AbortController();
setMaxListeners(0, signal);
const kmon = await measure(kafka, () => sweep.pass({ signal, asking: () => undefined }));
await link.close();

const admin = new kafkajs.Kafka({
  brokers: [...kafka.bootstrap],
  logLevel: kafkajs.logLevel.NOTHING,
}).admin();
await admin.connect();
const stock = await measure(kafka, async () => {
  const listed = await admin.listGroups();
  await admin.describeGroups(listed.groups.map(g => g.groupId));
  for (const { groupId } of listed.groups) await admin.fetchOffsets({ groupId });
  for (const topic of topics) await admin.fetchTopicOffsets(topic);
});
await admin.disconnect();
await kafka.stop();

const ratio = (a: number, b: number): number => Number((a / b).toFixed(1));
process.stdout.write(
  `${JSON.stringify(
    {
      ...size,
      kmon,
      stockAdmin: stock,
      stockOverKmon: {
        requests: ratio(stock.requests, kmon.requests),
        cpu: ratio(stock.cpuSeconds, kmon.cpuSeconds),
      },
    },
    null,
    2,
  )}\n`,
);
