/** Reading the ends of partitions, and the records there, without joining a group. */
import Cluster from 'kafkajs/src/cluster/index.js';
import { kafkaClient, labLog } from './clients.js';
import type { Home } from './processes.js';
import type { ClusterName, LabSite } from './site.js';
import { sockets } from './sockets.js';

/** A record as read from a partition. */
export interface ReadRecord {
  readonly offset: number;
  readonly value: Buffer | null;
}

/** A connection to one cluster that reads the ends of partitions. Open it once, ask often, close it. */
export class PartitionReader {
  readonly #cluster: Cluster;
  #connected = false;

  constructor(site: Home & Pick<LabSite, 'bootstrap'>, cluster: ClusterName) {
    const logger = kafkaClient(site, cluster, { log: labLog(site) }).logger();
    this.#cluster = new Cluster({
      logger,
      brokers: site.bootstrap[cluster],
      clientId: 'lab-truth',
      socketFactory: sockets(),
      connectionTimeout: 2_000,
      requestTimeout: 5_000,
      enforceRequestTimeout: true,
      metadataMaxAge: 30_000,
      allowAutoTopicCreation: false,
      retry: { retries: 2, initialRetryTime: 100 },
    });
  }

  /** End offset of every partition of these topics (a map a topic). Throws when a topic does not exist. */
  async ends(topics: readonly string[]): Promise<Map<string, Map<number, number>>> {
    if (!this.#connected) {
      await this.#cluster.connect();
      this.#connected = true;
    }
    await this.#cluster.addMultipleTargetTopics([...topics]);
    await this.#cluster.refreshMetadataIfNecessary();
    const asked = topics.map(topic => ({
      topic,
      partitions: this.#cluster
        .findTopicPartitionMetadata(topic)
        .map(({ partitionId }) => ({ partition: partitionId })),
      fromBeginning: false,
    }));
    const answered = await this.#cluster.fetchTopicsOffset(asked);
    return new Map(
      answered.map(({ topic, partitions }) => [
        topic,
        new Map(partitions.map(({ partition, offset }) => [partition, Number(offset)])),
      ]),
    );
  }

  /**
   * The last records before these ends (as {@link ends} gave them), a few per partition, oldest first; nothing for an
   * empty partition. One request per leader.
   */
  async lastRecords(
    ends: ReadonlyMap<string, ReadonlyMap<number, number>>,
  ): Promise<Map<string, Map<number, ReadRecord[]>>> {
    const byLeader = new Map<number, Map<string, Map<number, number>>>();
    for (const [topic, partitions] of ends)
      for (const { partitionId, leader } of this.#cluster.findTopicPartitionMetadata(topic)) {
        const end = partitions.get(partitionId) ?? 0;
        if (end === 0) continue;
        const ofLeader = entry(byLeader, leader, () => new Map<string, Map<number, number>>());
        entry(ofLeader, topic, () => new Map<number, number>()).set(partitionId, end);
      }
    const found = new Map<string, Map<number, ReadRecord[]>>();
    await Promise.all(
      [...byLeader].map(async ([leader, wanted]) => {
        const broker = await this.#cluster.findBroker({ nodeId: String(leader) });
        const { responses } = await broker.fetch({
          maxWaitTime: 100,
          minBytes: 1,
          maxBytes: 16 << 20,
          isolationLevel: 0,
          topics: [...wanted].map(([topic, partitions]) => ({
            topic,
            partitions: [...partitions].map(([partition, end]) => ({
              partition,
              fetchOffset: String(end - 1),
              maxBytes: 1 << 20,
            })),
          })),
        });
        for (const { topicName, partitions } of responses)
          for (const { partition, errorCode, messages } of partitions) {
            if (errorCode !== 0)
              throw new Error(`Reading ${topicName}-${partition} failed with code ${errorCode}`);
            entry(found, topicName, () => new Map<number, ReadRecord[]>()).set(
              partition,
              messages.map(({ offset, value }) => ({ offset: Number(offset), value })),
            );
          }
      }),
    );
    return found;
  }

  /** Learns where the partitions are led now. */
  async findLeaders(): Promise<void> {
    await this.#cluster.refreshMetadata();
  }

  async close(): Promise<void> {
    await this.#cluster.disconnect();
  }
}

/** Whether a reading failed because partitions have, or are getting, other leaders: after a broker came back, for one. */
export function isOfMovedLeader(error: unknown): boolean {
  return error instanceof Error && /not the leader|no leader|failed with code 6\b/.test(error.message);
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
