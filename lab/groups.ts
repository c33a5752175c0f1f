/**
 * Real consumers of the lab: two classic groups of several members (one Node process each), a KIP-848 group and a share
 * group (a console consumer each, as kafkajs knows neither).
 */
import { join } from 'node:path';
import * as z from 'zod';
import { withAdmin } from './clients.js';
import { javaArgs, runJavaTool } from './java.js';
import type { Part } from './processes.js';
import { adminBootstrap } from './properties.js';
import { type SettingsFile, settingsFile } from './settings.js';
import { type ClusterName, type LabSite, checkout } from './site.js';
import { sourceTopics } from './topics.js';
import { until } from './wait.js';

export type ClassicGroup = 'billing' | 'search-indexer';

export interface GroupPlan {
  readonly group: string;
  readonly kind: 'classic' | 'consumer' | 'share';
  readonly cluster: ClusterName;
  readonly topic: string;
  readonly members: number;
}

/** Every consumer group of a lab of Kafka 4; the process of each has the group's name. */
export const groups = [
  { group: 'billing', kind: 'classic', cluster: 'eu', topic: 'orders', members: 3 },
  { group: 'search-indexer', kind: 'classic', cluster: 'us', topic: 'eu.orders', members: 4 },
  { group: 'audit', kind: 'consumer', cluster: 'us', topic: 'eu.payments', members: 1 },
  { group: 'fraud-share', kind: 'share', cluster: 'us', topic: 'eu.payments', members: 1 },
] as const satisfies readonly GroupPlan[];

/**
 * The groups of this lab. Share groups exist from Kafka 4 on, and so does the new protocol for production: its preview in 3.9
 * has to be enabled, and replaces the coordinator of all groups by another one than sites of 3.9 run.
 */
export function groupsOf({ kafkaVersion }: Pick<LabSite, 'kafkaVersion'>): readonly GroupPlan[] {
  return groups.filter(plan => plan.kind === 'classic' || Number.parseInt(kafkaVersion, 10) >= 4);
}

/** What the process of a classic group follows while it runs. */
const groupSettings = z.object({
  /** Records a second that the whole group handles at most; null when it takes what comes. */
  maxPerSecond: z.number().positive().nullable().default(null),
  /** Seconds between two departures, each followed by a return half that time later; null when nobody leaves. */
  churnSeconds: z.number().positive().nullable().default(null),
  /** One member that handles so many records a second, whatever the others do. */
  slowMember: z.object({ member: z.int(), maxPerSecond: z.number().positive() }).nullable().default(null),
  /** When it comes, every member goes back by so many records in each of its partitions. */
  rewindBy: z.int().positive().nullable().default(null),
  /** Whether one member gets all partitions but one for each of the others. Read when the process starts. */
  uneven: z.boolean().default(false),
  /** When it changes, every member leaves and comes back, one after the other: a deployment. */
  rolledAt: z.number().nullable().default(null),
});
export type GroupSettings = z.infer<typeof groupSettings>;

export function settingsOf(group: ClassicGroup): SettingsFile<GroupSettings> {
  return settingsFile(group, groupSettings);
}

/** Puts a classic group's process to these settings; what is left out goes back to health. */
export function setGroup(site: LabSite, group: ClassicGroup, settings: Partial<GroupSettings>): void {
  settingsOf(group).write(site, groupSettings.parse(settings));
}

/** Two fetches a second instead of one per batch that arrives. */
const fewFetches = ['fetch.min.bytes=65536', 'fetch.max.wait.ms=500'];

export function groupParts(site: LabSite, java: string): Part[] {
  return groupsOf(site).map(plan => {
    const about = { name: plan.group, address: `${plan.topic}@${plan.cluster} (${plan.kind})` };
    if (plan.kind === 'classic')
      return {
        ...about,
        command: process.execPath,
        args: ['--import', 'tsx', join(checkout, 'lab/run/group.ts'), site.name, plan.group],
      };
    const mainClass =
      plan.kind === 'share'
        ? 'org.apache.kafka.tools.consumer.ConsoleShareConsumer'
        : 'org.apache.kafka.tools.consumer.ConsoleConsumer';
    const properties =
      plan.kind === 'share'
        ? [`group.id=${plan.group}`, ...fewFetches]
        : [
            `group.id=${plan.group}`,
            'group.protocol=consumer',
            'auto.commit.interval.ms=1000',
            ...fewFetches,
          ];
    return {
      ...about,
      command: java,
      quiet: true,
      args: javaArgs(site, {
        mainClass,
        args: [
          '--bootstrap-server',
          adminBootstrap(site, plan.cluster),
          '--topic',
          plan.topic,
          ...properties.flatMap(property => ['--command-property', property]),
        ],
        heapMegabytes: 128,
      }),
    };
  });
}

/**
 * Gives `billing` committed offsets before its first record: the checkpoint connector has no task as long as no group of
 * the source has any.
 */
export async function seedOffsets(site: LabSite): Promise<void> {
  await withAdmin(site, 'eu', async admin => {
    const groupId = 'billing';
    const [committed] = await admin.fetchOffsets({ groupId, topics: ['orders'] });
    if (committed?.partitions.some(({ offset }) => offset !== '-1')) return;
    const partitions = Array.from({ length: sourceTopics.orders }, (_, partition) => ({
      partition,
      offset: '0',
    }));
    await admin.setOffsets({ groupId, topic: 'orders', partitions });
  });
}

/** Waits until the classic groups have all their members and the others are known to their cluster. */
export async function groupsAreReady(site: LabSite): Promise<void> {
  for (const plan of groupsOf(site))
    await until(
      `group ${plan.group}`,
      () =>
        withAdmin(site, plan.cluster, async admin => {
          if (plan.kind !== 'classic') {
            const { groups: known } = await admin.listGroups();
            return known.some(({ groupId }) => groupId === plan.group);
          }
          const [group] = (await admin.describeGroups([plan.group])).groups;
          return group?.state === 'Stable' && group.members.length === plan.members;
        }),
      { timeoutMs: 60_000, everyMs: 500 },
    );
}

/**
 * A job that reads so many records of a topic, from where it left off or from the beginning, commits, and is gone. A Java consumer,
 * which commits the epoch of the leader with each offset, as kafkajs does not.
 */
export async function readToEnd(
  site: LabSite,
  cluster: ClusterName,
  { topic, group, records }: { readonly topic: string; readonly group: string; readonly records: number },
): Promise<void> {
  await runJavaTool(site, 'org.apache.kafka.tools.consumer.ConsoleConsumer', [
    '--bootstrap-server',
    adminBootstrap(site, cluster),
    '--topic',
    topic,
    '--group',
    group,
    '--from-beginning',
    '--max-messages',
    String(records),
    '--timeout-ms',
    '90000',
  ]);
}

/** Harmless when there is none. */
export async function deleteGroup(site: LabSite, cluster: ClusterName, group: string): Promise<void> {
  await withAdmin(site, cluster, async admin => {
    const { groups: known } = await admin.listGroups();
    if (known.some(({ groupId }) => groupId === group)) await admin.deleteGroups([group]);
  });
}
