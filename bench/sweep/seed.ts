/** Fills a cluster for the bench: topics, a few records in each partition, and groups that have committed and left. */
import Cluster from 'kafkajs/src/cluster/index.js';
import socketFactory from 'kafkajs/src/network/socketFactory.js';
import { kafkaClient, labLog, withAdmin } from '../../lab/clients.js';
import type { LabSite } from '../../lab/site.js';
import { until } from '../../lab/wait.js';
import { committed, groupName, records, type Size, topicName } from './size.js';

/** Topics with one replica, and {@link records} records in every partition. */
export async function seedTopics(site: LabSite, { topics, partitions }: Size): Promise<void> {
  const names = Array.from({ length: topics }, (_, i) => topicName(i));
  await withAdmin(site, 'us', async admin => {
    // One request for all would take the controller longer than a client waits.
    for (const some of chunks(names, 5))
      await admin.createTopics({
        // They take a while to be there, and asking too early is an error; writing waits for them.
        waitForLeaders: false,
        topics: some.map(topic => ({ topic, numPartitions: partitions, replicationFactor: 1 })),
      });
  });
  const producer = kafkaClient(site, 'us', { clientId: 'bench', log: labLog(site) }).producer();
  await producer.connect();
  // A record goes to a partition once: kafkajs repeats a batch whose answer was lost, so what counts is read afterwards.
  for (const some of chunks(names, 4))
    await Promise.all(
      some.map(topic =>
        // Leaders of new partitions refuse records for up to half a minute.
        until(`records in ${topic}`, () => writeTo(topic), { timeoutMs: 180_000, everyMs: 1_000 }),
      ),
    );
  await producer.disconnect();

  async function writeTo(topic: string): Promise<true> {
    const ends = await withAdmin(site, 'us', admin => admin.fetchTopicOffsets(topic));
    const messages = ends.flatMap(({ partition, high }) =>
      Array.from({ length: records - Number(high) }, () => ({ partition, value: 'x' })),
    );
    if (messages.length > 0) await producer.send({ topic, messages });
    return true;
  }
}

/** Commits the offsets of groups `from` … `to` − 1 as an administrator does: no member, generation −1. */
export async function seedGroups(site: LabSite, size: Size, from: number, to: number): Promise<void> {
  const cluster = new Cluster({
    logger: kafkaClient(site, 'us', { log: labLog(site) }).logger(),
    brokers: site.bootstrap.us,
    clientId: 'bench',
    socketFactory: socketFactory(),
    connectionTimeout: 5_000,
    requestTimeout: 30_000,
    enforceRequestTimeout: true,
    metadataMaxAge: 300_000,
    allowAutoTopicCreation: false,
    retry: { retries: 5, initialRetryTime: 100 },
  });
  await cluster.connect();
  await cluster.refreshMetadata();
  const commit = async (group: number): Promise<true> => {
    const groupId = groupName(group);
    const coordinator = await cluster.findGroupCoordinator({ groupId });
    await coordinator.offsetCommit({
      groupId,
      groupGenerationId: -1,
      memberId: '',
      topics: [
        {
          topic: topicName(group % size.topics),
          partitions: Array.from({ length: size.partitions }, (_, partition) => ({
            partition,
            offset: String(committed(group, partition)),
          })),
        },
      ],
    });
    return true;
  };
  const groups = Array.from({ length: to - from }, (_, i) => from + i);
  for (const some of chunks(groups, 10))
    await Promise.all(
      some.map(group =>
        // Coordinators move about while a cluster is young.
        until(`commits of ${groupName(group)}`, () => commit(group), { timeoutMs: 120_000, everyMs: 500 }),
      ),
    );
  await cluster.disconnect();
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}
