/** The replicated topics, and what each user may do. */
import kafkajs, { type Admin } from 'kafkajs';
import { withAdmin } from './clients.js';
import { until } from './wait.js';
import type { Properties } from './properties.js';
import { type ClusterName, type LabSite, type User, nodeIds } from './site.js';

// kafkajs is CommonJS, and Node finds only some of its names.
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ConfigResourceTypes, ResourcePatternTypes } =
  kafkajs;

/** Replicated topics of `eu` and their partitions; on `us` they are `eu.<topic>`. */
export const sourceTopics = { orders: 12, payments: 6 } as const;
export type SourceTopic = keyof typeof sourceTopics;
export const sourceTopicNames = Object.keys(sourceTopics) as SourceTopic[];

/** The name of a replicated topic on `us`, by MirrorMaker's default policy. */
export function targetTopic(topic: SourceTopic): string {
  return `eu.${topic}`;
}

/** Whether every broker of these clusters answers and sees all the others. Throws while one cannot be reached. */
export async function clustersAreComplete(
  site: LabSite,
  clusters: readonly ClusterName[] = ['eu', 'us'],
): Promise<boolean> {
  for (const cluster of clusters)
    for (const broker of site.bootstrap[cluster]) {
      // Asked one by one: a cluster goes on listing a killed broker for some seconds.
      const { brokers, clusterId } = await withAdmin(site, cluster, admin => admin.describeCluster(), [
        broker,
      ]);
      if (clusterId !== site.clusterIds[cluster])
        throw new Error(`${broker} is of cluster ${clusterId}, expected ${site.clusterIds[cluster]}`);
      if (brokers.length !== nodeIds[cluster].length) return false;
    }
  return true;
}

export async function createTopics(site: LabSite): Promise<void> {
  await withAdmin(site, 'eu', async admin => {
    await admin.createTopics({
      waitForLeaders: false,
      topics: sourceTopicNames.map(topic => ({
        topic,
        numPartitions: sourceTopics[topic],
        replicationFactor: 1,
      })),
    });
    await leadersAreKnown(admin, sourceTopicNames);
  });
}

/**
 * Waits until every partition has a leader that knows it is one. kafkajs would wait too (`waitForLeaders`), but gives up where it asks a
 * broker that has not heard of the topic yet; and one broker may tell of a leader that has not heard of it itself.
 */
async function leadersAreKnown(admin: Admin, names: readonly string[]): Promise<void> {
  await until(
    `leaders of ${names.join(', ')}`,
    async () => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [...names] });
      if (!topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0))) return false;
      // Only a leader answers this; any other broker refuses it.
      await Promise.all(names.map(name => admin.fetchTopicOffsets(name)));
      return true;
    },
    { timeoutMs: 30_000 },
  );
}

export interface TopicPlan {
  readonly topic: string;
  readonly partitions: number;
  /** Node ids of the brokers that each partition is on, the preferred leader first; without it, all of the cluster. */
  readonly replicas?: readonly number[];
  readonly config?: Properties;
}

/** Makes a topic, and waits for its leaders; false when it is there already. */
export async function createTopic(
  site: LabSite,
  cluster: ClusterName,
  { topic, partitions, replicas, config = {} }: TopicPlan,
): Promise<boolean> {
  const placed = replicas
    ? {
        replicaAssignment: Array.from({ length: partitions }, (_, partition) => ({
          partition,
          replicas: [...replicas],
        })),
      }
    : { numPartitions: partitions, replicationFactor: nodeIds[cluster].length };
  return withAdmin(site, cluster, async admin => {
    const isNew = await admin.createTopics({
      waitForLeaders: false,
      topics: [
        {
          topic,
          ...placed,
          configEntries: entriesOfConfig(config),
        },
      ],
    });
    if (isNew) await leadersAreKnown(admin, [topic]);
    return isNew;
  });
}

/** Deletes a topic, and waits until it is gone. Harmless when there is none. */
export async function deleteTopic(site: LabSite, cluster: ClusterName, topic: string): Promise<void> {
  await withAdmin(site, cluster, async admin => {
    if ((await admin.listTopics()).includes(topic)) await admin.deleteTopics({ topics: [topic] });
    await until(`${topic} to be gone`, async () => !(await admin.listTopics()).includes(topic), {
      timeoutMs: 30_000,
    });
  });
}

/** Deletes a source topic and makes it anew under its name. */
export async function recreateTopic(site: LabSite, topic: SourceTopic): Promise<void> {
  await deleteTopic(site, 'eu', topic);
  await createTopic(site, 'eu', { topic, partitions: sourceTopics[topic] });
}

/** Gives a topic this configuration and no other of its own; empty puts it back to the broker's. */
export async function setTopicConfig(
  site: LabSite,
  cluster: ClusterName,
  topic: string,
  config: Properties,
): Promise<void> {
  await withAdmin(site, cluster, admin =>
    admin.alterConfigs({
      validateOnly: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries: entriesOfConfig(config) }],
    }),
  );
}

function entriesOfConfig(config: Properties): { name: string; value: string }[] {
  return Object.entries(config).map(([name, value]) => ({ name, value: String(value) }));
}

/** Waits until MirrorMaker has made the target topics with all their partitions. */
export async function targetTopicsExist(site: LabSite): Promise<void> {
  await until(
    'MirrorMaker to create the target topics',
    () =>
      withAdmin(site, 'us', async admin => {
        const existing = await admin.listTopics();
        if (!sourceTopicNames.every(topic => existing.includes(targetTopic(topic)))) return false;
        const { topics } = await admin.fetchTopicMetadata({ topics: sourceTopicNames.map(targetTopic) });
        return sourceTopicNames.every(
          topic =>
            topics.find(({ name }) => name === targetTopic(topic))?.partitions.length === sourceTopics[topic],
        );
      }),
    { timeoutMs: 60_000 },
  );
}

interface Grant {
  readonly cluster: ClusterName;
  readonly user: User;
  readonly resource: kafkajs.AclResourceTypes;
  readonly name: string;
  readonly prefixed?: boolean;
  readonly operations: readonly kafkajs.AclOperationTypes[];
}

const { ALL, CREATE, DESCRIBE, DESCRIBE_CONFIGS, READ, WRITE } = AclOperationTypes;
const { CLUSTER, GROUP, TOPIC, TRANSACTIONAL_ID } = AclResourceTypes;

const kmon = [
  { user: 'kmon', resource: CLUSTER, name: 'kafka-cluster', operations: [DESCRIBE, DESCRIBE_CONFIGS] },
  { user: 'kmon', resource: TOPIC, name: '*', operations: [DESCRIBE, DESCRIBE_CONFIGS] },
  { user: 'kmon', resource: GROUP, name: '*', operations: [DESCRIBE] },
] as const;

/** What MirrorMaker reads by: without it, it may still see the topics. */
const readSource: Grant = { cluster: 'eu', user: 'mm2-user', resource: TOPIC, name: '*', operations: [READ] };

/** What a read-only monitor needs, what MirrorMaker needs, and nothing for `nobody`. */
const grants: readonly Grant[] = [
  ...kmon.flatMap(grant => [
    { ...grant, cluster: 'eu' as const },
    { ...grant, cluster: 'us' as const },
  ]),
  {
    cluster: 'eu',
    user: 'mm2-user',
    resource: CLUSTER,
    name: 'kafka-cluster',
    operations: [DESCRIBE, CREATE],
  },
  { cluster: 'eu', user: 'mm2-user', resource: TOPIC, name: '*', operations: [DESCRIBE, DESCRIBE_CONFIGS] },
  readSource,
  {
    cluster: 'eu',
    user: 'mm2-user',
    resource: TOPIC,
    name: 'mm2-offset-syncs.',
    prefixed: true,
    operations: [ALL],
  },
  { cluster: 'eu', user: 'mm2-user', resource: GROUP, name: '*', operations: [DESCRIBE] },
  {
    cluster: 'us',
    user: 'mm2-user',
    resource: CLUSTER,
    name: 'kafka-cluster',
    operations: [DESCRIBE, CREATE],
  },
  // The replicated topics, and the checkpoints.
  { cluster: 'us', user: 'mm2-user', resource: TOPIC, name: 'eu.', prefixed: true, operations: [ALL] },
  { cluster: 'us', user: 'mm2-user', resource: TOPIC, name: 'heartbeats', operations: [ALL] },
  { cluster: 'us', user: 'mm2-user', resource: GROUP, name: '*', operations: [DESCRIBE] },
  // Under exactly-once its producers commit their offsets in the same transaction.
  { cluster: 'us', user: 'mm2-user', resource: TRANSACTIONAL_ID, name: '*', operations: [ALL] },
  {
    cluster: 'us',
    user: 'mm2-user',
    resource: TOPIC,
    name: 'connect-mm2-offsets',
    operations: [ALL],
  },
];

function entriesOf(grant: Grant, permissionType = AclPermissionTypes.ALLOW): kafkajs.AclEntry[] {
  return grant.operations.map(operation => ({
    resourceType: grant.resource,
    resourceName: grant.name,
    resourcePatternType: grant.prefixed ? ResourcePatternTypes.PREFIXED : ResourcePatternTypes.LITERAL,
    principal: `User:${grant.user}`,
    host: '*',
    operation,
    permissionType,
  }));
}

/** Creating an ACL that is there already changes nothing. */
export async function createAcls(site: LabSite): Promise<void> {
  for (const cluster of ['eu', 'us'] as const) {
    const acl = grants.filter(grant => grant.cluster === cluster).flatMap(grant => entriesOf(grant));
    await withAdmin(site, cluster, admin => admin.createAcls({ acl }));
  }
}

/** Takes from MirrorMaker that it may read the source; {@link createAcls} gives it back. */
export async function revokeSourceRead(site: LabSite): Promise<void> {
  await withAdmin(site, 'eu', admin => admin.deleteAcls({ filters: entriesOf(readSource) }));
}

/** What is denied outweighs all that is granted. The checkpoints stay: they are another connector's. */
const writes = sourceTopicNames.flatMap(topic =>
  entriesOf(
    { cluster: 'us', user: 'mm2-user', resource: TOPIC, name: targetTopic(topic), operations: [WRITE] },
    AclPermissionTypes.DENY,
  ),
);

/** MirrorMaker may not write what it replicates, until {@link allowTargetWrite}. */
export async function denyTargetWrite(site: LabSite): Promise<void> {
  await withAdmin(site, 'us', admin => admin.createAcls({ acl: writes }));
}

/** Harmless when nothing is denied. */
export async function allowTargetWrite(site: LabSite): Promise<void> {
  await withAdmin(site, 'us', admin => admin.deleteAcls({ filters: writes }));
}
