/** The replicated topics, and what each user of `us` may do. */
import kafkajs from 'kafkajs';
import { withAdmin } from './clients.js';
import { until } from './wait.js';
import { type ClusterName, type LabSite, type User, nodeIds } from './site.js';

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
  await withAdmin(site, 'eu', admin =>
    admin.createTopics({
      waitForLeaders: true,
      topics: sourceTopicNames.map(topic => ({
        topic,
        numPartitions: sourceTopics[topic],
        replicationFactor: 1,
      })),
    }),
  );
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

// kafkajs is CommonJS, and Node finds only some of its names.
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

interface Grant {
  readonly user: User;
  readonly resource: kafkajs.AclResourceTypes;
  readonly name: string;
  readonly prefixed?: boolean;
  readonly operations: readonly kafkajs.AclOperationTypes[];
}

const { ALL, CREATE, DESCRIBE, DESCRIBE_CONFIGS } = AclOperationTypes;
const { CLUSTER, GROUP, TOPIC } = AclResourceTypes;

/** What a read-only monitor needs, what MirrorMaker needs, and nothing for `nobody`. */
const grants: readonly Grant[] = [
  { user: 'kmon', resource: CLUSTER, name: 'kafka-cluster', operations: [DESCRIBE, DESCRIBE_CONFIGS] },
  { user: 'kmon', resource: TOPIC, name: '*', operations: [DESCRIBE, DESCRIBE_CONFIGS] },
  { user: 'kmon', resource: GROUP, name: '*', operations: [DESCRIBE] },
  { user: 'mm2-user', resource: CLUSTER, name: 'kafka-cluster', operations: [DESCRIBE, CREATE] },
  // The replicated topics, and the checkpoints.
  { user: 'mm2-user', resource: TOPIC, name: 'eu.', prefixed: true, operations: [ALL] },
  { user: 'mm2-user', resource: TOPIC, name: 'heartbeats', operations: [ALL] },
  { user: 'mm2-user', resource: GROUP, name: '*', operations: [DESCRIBE] },
];

/** Creating an ACL that is there already changes nothing. */
export async function createAcls(site: LabSite): Promise<void> {
  const acl = grants.flatMap(grant =>
    grant.operations.map(operation => ({
      resourceType: grant.resource,
      resourceName: grant.name,
      resourcePatternType: grant.prefixed ? ResourcePatternTypes.PREFIXED : ResourcePatternTypes.LITERAL,
      principal: `User:${grant.user}`,
      host: '*',
      operation,
      permissionType: AclPermissionTypes.ALLOW,
    })),
  );
  await withAdmin(site, 'us', admin => admin.createAcls({ acl }));
}
