/**
 * `stock.ts JSON`: the same facts by kafkajs's own admin client, one question after the other as it offers them, in a process of
 * its own. The second round counts: connections and code are warm. Prints a line of JSON.
 */
import kafkajs from 'kafkajs';
import * as z from 'zod';

const { bootstrap } = z.object({ bootstrap: z.array(z.string()) }).parse(JSON.parse(process.argv[2] ?? ''));

const admin = new kafkajs.Kafka({
  clientId: 'stock',
  brokers: bootstrap,
  logLevel: kafkajs.logLevel.NOTHING,
  requestTimeout: 60_000,
}).admin();
let requests = 0;
let bytes = 0;
admin.on(admin.events.REQUEST, ({ payload }) => {
  requests++;
  bytes += payload.size;
});
await admin.connect();

/** The sum of all lags. */
async function round(): Promise<number> {
  const { groups } = await admin.listGroups();
  await admin.describeGroups(groups.map(({ groupId }) => groupId));
  const committed: { topic: string; partition: number; offset: number }[] = [];
  for (const { groupId } of groups)
    for (const { topic, partitions } of await admin.fetchOffsets({ groupId }))
      for (const { partition, offset } of partitions)
        committed.push({ topic, partition, offset: Number(offset) });
  const ends = new Map<string, number>();
  for (const topic of new Set(committed.map(each => each.topic)))
    for (const { partition, high } of await admin.fetchTopicOffsets(topic))
      ends.set(`${topic} ${partition}`, Number(high));
  return committed.reduce(
    (sum, { topic, partition, offset }) => sum + (ends.get(`${topic} ${partition}`) ?? NaN) - offset,
    0,
  );
}

await round();
requests = 0;
bytes = 0;
const cpu = process.cpuUsage();
const started = performance.now();
const lag = await round();
const wallSeconds = (performance.now() - started) / 1_000;
const { user, system } = process.cpuUsage(cpu);
await admin.disconnect();

process.stdout.write(
  `${JSON.stringify({
    requests,
    bytesReceived: bytes,
    wallSeconds,
    cpuSeconds: (user + system) / 1e6,
    lag,
    rssBytes: process.resourceUsage().maxRSS * 1_024,
  })}\n`,
);
