/** Writing a few records, as somebody else than the load. */
import { kafkaClient, labLog } from './clients.js';
import type { ClusterName, LabSite } from './site.js';

/** Writes `each` records with keys to each of the first `partitions` partitions of a topic. */
export async function writeRecords(
  site: LabSite,
  cluster: ClusterName,
  { topic, partitions, each }: { readonly topic: string; readonly partitions: number; readonly each: number },
): Promise<void> {
  const producer = kafkaClient(site, cluster, { clientId: 'writer', log: labLog(site) }).producer();
  try {
    await producer.connect();
    await producer.send({
      topic,
      messages: Array.from({ length: partitions * each }, (_, i) => ({
        key: `key-${i}`,
        partition: i % partitions,
        value: `value ${i}`,
      })),
    });
  } finally {
    await producer.disconnect();
  }
}
