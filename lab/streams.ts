/**
 * A group of Kafka Streams' own protocol (KIP-1071) on `us`, on demand: an application that counts the records of a small topic, with
 * two members. It is no part of the healthy load: a JVM that most who use the lab have no need of.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withAdmin } from './clients.js';
import { deleteGroup } from './groups.js';
import { findTools } from './install.js';
import { javaArgs, runJavaTool } from './java.js';
import { type Part, end, logTail, runningPart, signal, start } from './processes.js';
import { adminBootstrap, toProperties } from './properties.js';
import { type ClusterName, type LabSite, checkout } from './site.js';
import { createTopic, deleteTopic } from './topics.js';
import { until } from './wait.js';
import { writeRecords } from './write.js';

const cluster: ClusterName = 'us';

/** The application: its process, its id and its group have the name. */
export const streams = {
  group: 'sales-totals',
  topic: 'sales',
  /** Between its two subtopologies; Kafka makes it with as many partitions. */
  repartition: 'sales-totals-by-digit-repartition',
  changelog: 'sales-totals-totals-changelog',
  partitions: 4,
  members: 2,
} as const;

/** Records of each partition of `sales` when the application starts. */
const recordsEach = 100;

/** Streams groups are for production since Kafka 4.2, whose brokers have them without being told. */
export function hasStreams({ kafkaVersion }: Pick<LabSite, 'kafkaVersion'>): boolean {
  const [major = 0, minor = 0] = kafkaVersion.split('.').map(Number);
  return major > 4 || (major === 4 && minor >= 2);
}

function propertiesPath(site: LabSite): string {
  return join(site.paths.generated, `${streams.group}.properties`);
}

function statePath(site: LabSite): string {
  return join(site.paths.data, streams.group);
}

/** The process of the application; `up` does not start it. */
export function streamsPart(site: LabSite, java: string = findTools().java): Part {
  return {
    name: streams.group,
    address: `${streams.topic}@${cluster} (streams)`,
    command: java,
    args: javaArgs(site, {
      mainClass: join(checkout, 'lab/java/kmon/lab/Totals.java'),
      args: [propertiesPath(site), streams.topic],
      heapMegabytes: 128,
    }),
  };
}

/**
 * Starts the application, and waits until it has read and committed all that its topics hold. Throws where Kafka is too old, and
 * with what its log says where it ends.
 */
export async function startStreams(site: LabSite): Promise<void> {
  if (!hasStreams(site))
    throw new Error(`Kafka ${site.kafkaVersion} has no streams groups: 4.2 or later has`);
  const { group, topic, repartition, partitions } = streams;
  await createTopic(site, cluster, { topic, partitions });
  if (await isEmpty(site, topic)) await writeSales(site, recordsEach);
  const stringSerde = 'org.apache.kafka.common.serialization.Serdes$StringSerde';
  const properties = {
    'application.id': group,
    'bootstrap.servers': adminBootstrap(site, cluster),
    'group.protocol': 'streams',
    'num.stream.threads': streams.members,
    'default.key.serde': stringSerde,
    'default.value.serde': stringSerde,
    'commit.interval.ms': 1_000,
    'state.dir': statePath(site),
  };
  writeFileSync(propertiesPath(site), toProperties(properties));
  start(site, streamsPart(site));
  const outcome = await until(
    `group ${group}`,
    async () => {
      if (runningPart(site, group) === undefined) return 'ended';
      const isReady =
        (await hasReadAll(site, topic)) && (await hasReadAll(site, repartition)) && (await isSettled(site));
      return isReady && 'ready';
    },
    { timeoutMs: 120_000, everyMs: 500 },
  );
  if (outcome === 'ended') throw new Error(`${group} ended. Its log says:\n${logTail(site, group)}`);
}

/** The application stands still: for the 45 s of their session its members are in the group, and commit nothing. */
export function freezeStreams(site: LabSite): void {
  signal(site, 'SIGSTOP', [streams.group]);
}

/** Writes so many records more into each partition of the topic that the application reads. */
export function writeSales(site: LabSite, each: number): Promise<void> {
  return writeRecords(site, cluster, { topic: streams.topic, partitions: streams.partitions, each });
}

async function isEmpty(site: LabSite, topic: string): Promise<boolean> {
  const ends = await withAdmin(site, cluster, admin => admin.fetchTopicOffsets(topic));
  return ends.every(({ offset }) => offset === '0');
}

async function hasReadAll(site: LabSite, topic: string): Promise<boolean> {
  return withAdmin(site, cluster, async admin => {
    const ends = await admin.fetchTopicOffsets(topic);
    const [committed] = await admin.fetchOffsets({ groupId: streams.group, topics: [topic] });
    return ends.every(({ partition, offset }) =>
      committed?.partitions.some(of => of.partition === partition && of.offset === offset),
    );
  });
}

/** Whether all its members share the work: who joins first may have read all before the other comes. Kafka's own tool; 2 s. */
async function isSettled(site: LabSite): Promise<boolean> {
  const { group, members } = streams;
  const says = await runJavaTool(site, 'org.apache.kafka.tools.streams.StreamsGroupCommand', [
    '--bootstrap-server',
    adminBootstrap(site, cluster),
    '--describe',
    '--group',
    group,
    '--state',
  ]);
  return new RegExp(`\\bStable\\s+${members}\\b`).test(says);
}

/** Ends the application, and removes its group and its topics; false when it did not run. */
export async function stopStreams(site: LabSite): Promise<boolean> {
  // Who is killed is a member until its session is over; and who is frozen would be killed.
  signal(site, 'SIGCONT', [streams.group]);
  const ended = await end(site, [streams.group]);
  await until(
    `the members of ${streams.group} to have left`,
    () => deleteGroup(site, cluster, streams.group).then(() => true),
    { timeoutMs: 60_000 },
  );
  for (const topic of [streams.topic, streams.repartition, streams.changelog])
    await deleteTopic(site, cluster, topic);
  for (const path of [propertiesPath(site), statePath(site)]) rmSync(path, { recursive: true, force: true });
  return ended.length > 0;
}
