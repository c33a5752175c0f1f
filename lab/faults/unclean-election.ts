import { setTimeout as sleep } from 'node:timers/promises';
import { withAdmin } from '../clients.js';
import { connectorsRun } from '../connectors.js';
import { deleteGroup, readToEnd } from '../groups.js';
import { electPreferred } from '../leaders.js';
import { startParts } from '../parts.js';
import { signal } from '../processes.js';
import type { LabSite } from '../site.js';
import { clustersAreComplete, createTopic, deleteTopic } from '../topics.js';
import { until } from '../wait.js';
import { writeRecords } from '../write.js';
import type { Fault } from './fault.js';

const topic = 'refunds';
const group = 'refund-mailer';
const partitions = 2;
const [leader, follower] = [2, 3];

/** Records of each partition: what both replicas have, what the leader alone gets, and what the next leader takes in after. */
const shared = 200;
const alone = 100;
const after = 40;

/** Who watches reads Metadata every ten seconds, and must see who is in sync before that changes, and who leads. */
const lonelyMs = 15_000;

const brokerOf = (node: number): string => `us-${node}`;

export const uncleanElection: Fault = {
  name: 'unclean-election',
  about:
    `${topic} may elect who is not in sync: its follower is killed, ${group} reads what the leader alone has, the leader is killed too, ` +
    'and the follower leads with a shorter log',
  prepare: async site => {
    const isNew = await createTopic(site, 'us', {
      topic,
      partitions,
      replicas: [leader, follower],
      config: { 'min.insync.replicas': 1, 'unclean.leader.election.enable': true },
    });
    if (!isNew) return;
    await writeRecords(site, 'us', { topic, partitions, each: shared });
    await readToEnd(site, 'us', { topic, group, records: partitions * shared });
  },
  inject: async (site, say) => {
    signal(site, 'SIGKILL', [brokerOf(follower)]);
    await until(`${brokerOf(follower)} to be out of sync`, () => areInSync(site, [leader]), {
      timeoutMs: 90_000,
    });
    // All that are in sync is the leader alone: even acks=all is answered by it.
    await writeRecords(site, 'us', { topic, partitions, each: alone });
    await readToEnd(site, 'us', { topic, group, records: partitions * alone });
    await sleep(lonelyMs);
    signal(site, 'SIGKILL', [brokerOf(leader)]);
    // Of three controllers one is left, so that nobody is elected until the follower is back.
    startParts(site, [brokerOf(follower)]);
    await until(`${brokerOf(follower)} to lead ${topic}`, () => isLedBy(site, follower), {
      timeoutMs: 90_000,
    });
    await sleep(lonelyMs);
    await writeRecords(site, 'us', { topic, partitions, each: after });
    startParts(site, [brokerOf(leader)]);
    await until('both replicas to be in sync', () => areInSync(site, [leader, follower]), {
      timeoutMs: 90_000,
    });
    say(`${partitions * alone} records that were acknowledged and read are gone`);
  },
  heal: async site => {
    startParts(site, [leader, follower].map(brokerOf));
    await until('all brokers', () => clustersAreComplete(site), { timeoutMs: 60_000 });
    await deleteGroup(site, 'us', group);
    await deleteTopic(site, 'us', topic);
    await electPreferred(site);
    await connectorsRun(site);
  },
};

/** Whether every partition has these replicas in sync and no others. */
async function areInSync(site: LabSite, nodes: readonly number[]): Promise<boolean> {
  return (await partitionsOf(site)).every(
    ({ isr }) => isr.length === nodes.length && nodes.every(node => isr.includes(node)),
  );
}

async function isLedBy(site: LabSite, node: number): Promise<boolean> {
  return (await partitionsOf(site)).every(partition => partition.leader === node);
}

type Led = { readonly leader: number; readonly isr: readonly number[] };

async function partitionsOf(site: LabSite): Promise<readonly Led[]> {
  const { topics } = await withAdmin(site, 'us', admin => admin.fetchTopicMetadata({ topics: [topic] }));
  const [described] = topics;
  if (described === undefined) throw new Error(`${topic} is not there`);
  return described.partitions;
}
