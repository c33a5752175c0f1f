/** Which broker of `us` leads which partition. */
import { withAdmin } from './clients.js';
import { runJavaTool } from './java.js';
import { adminBootstrap } from './properties.js';
import type { LabSite } from './site.js';
import { until } from './wait.js';

/** The broker that leads a partition of `us` where all is even. */
export const evenly = (partition: number): number => 1 + (partition % 3);

/**
 * Lets each broker of `us` lead its share again, whatever moved it: a broker that a slow machine lost for a moment leads nothing from
 * then on, for the lab's clusters hold no election by themselves.
 */
export async function spreadLeaders(site: LabSite): Promise<void> {
  if (!(await isEven(site))) await preferLeaders(site, evenly);
}

async function isEven(site: LabSite): Promise<boolean> {
  const { topics } = await withAdmin(site, 'us', admin => admin.fetchTopicMetadata());
  return topics.every(({ partitions }) =>
    partitions.every(
      ({ partitionId, leader, replicas }) =>
        leader === evenly(partitionId) || !replicas.includes(evenly(partitionId)),
    ),
  );
}

/** Makes the chosen broker the preferred leader of each partition that has a replica there, and elects the preferred ones. */
export async function preferLeaders(site: LabSite, choose: (partition: number) => number): Promise<void> {
  await orderReplicas(site, choose);
  await electPreferred(site);
}

/** Puts the chosen broker first among the replicas of each partition that has one there. Whoever leads goes on leading. */
export async function orderReplicas(site: LabSite, choose: (partition: number) => number): Promise<void> {
  await withAdmin(site, 'us', async admin => {
    const { topics } = await admin.fetchTopicMetadata();
    await admin.alterPartitionReassignments({
      timeout: 30_000,
      topics: topics.map(({ name, partitions }) => ({
        topic: name,
        partitionAssignment: partitions
          .filter(({ partitionId, replicas }) => replicas.includes(choose(partitionId)))
          .map(({ partitionId, replicas }) => {
            const first = choose(partitionId);
            return { partition: partitionId, replicas: [first, ...replicas.filter(id => id !== first)] };
          }),
      })),
    });
  });
}

/**
 * Each partition is led by its preferred replica again: a broker that was away leads nothing until then. A replica that has not caught up
 * yet cannot be elected.
 */
export async function electPreferred(site: LabSite): Promise<void> {
  const elect = (): Promise<string> =>
    runJavaTool(site, 'org.apache.kafka.tools.LeaderElectionCommand', [
      '--bootstrap-server',
      adminBootstrap(site, 'us'),
      '--election-type',
      'PREFERRED',
      '--all-topic-partitions',
    ]);
  await until('the preferred leaders', elect, { timeoutMs: 60_000, everyMs: 2_000 });
}
