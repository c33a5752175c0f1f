import { latest } from '../../core/known.js';
import type { Snapshot } from '../../model/snapshot.js';

/** One of Kafka's own tools against a cluster, with the address filled in where it is known. */
export function kafkaCommand(tool: string, cluster: string | undefined, { clusters }: Snapshot): string {
  const seen = clusters.find(c => c.name === cluster);
  const broker = seen && latest(seen.brokers)?.value[0]?.address;
  return `${tool} --bootstrap-server ${broker ?? `<${cluster ?? 'cluster'}>`}`;
}

export function describeGroup(cluster: string, group: string, snapshot: Snapshot): string {
  return `${kafkaCommand('kafka-consumer-groups.sh', cluster, snapshot)} --describe --group '${group}'`;
}

export function describeTopic(cluster: string | undefined, topic: string, snapshot: Snapshot): string {
  return `${kafkaCommand('kafka-topics.sh', cluster, snapshot)} --describe --topic ${topic}`;
}

/** Raises the retention of a topic: what is removed once is gone. */
export function keepLonger(cluster: string | undefined, topic: string, snapshot: Snapshot): string[] {
  const configs = kafkaCommand('kafka-configs.sh', cluster, snapshot);
  return [
    `${configs} --describe --entity-type topics --entity-name ${topic}`,
    `${configs} --alter --entity-type topics --entity-name ${topic} --add-config retention.ms=<ms>,retention.bytes=-1`,
  ];
}
