import { latest } from '../../core/known.js';
import type { GroupView, Snapshot } from '../../model/snapshot.js';

/** Commands of Kafka's own tools, with the names filled in. */
export function byHandGroup({ cluster, group }: GroupView, snapshot: Snapshot): string[] {
  const describe = `${tool('kafka-consumer-groups.sh', cluster, snapshot)} --describe --group ${quoted(group)}`;
  return [describe, `${describe} --members --verbose`, `${describe} --state`];
}

/** Sets nothing: it prints what it would set, and asks for an inactive group. */
export function byHandReset({ cluster, group }: GroupView, topic: string, snapshot: Snapshot): string {
  const groups = tool('kafka-consumer-groups.sh', cluster, snapshot);
  return `${groups} --group ${quoted(group)} --topic ${quoted(topic)} --reset-offsets --to-offset <offset> --dry-run`;
}

export function byHandTopic(cluster: string, topic: string, snapshot: Snapshot): string {
  return `${tool('kafka-topics.sh', cluster, snapshot)} --describe --topic ${quoted(topic)}`;
}

export function byHandLeaders(cluster: string, snapshot: Snapshot): string[] {
  return [
    `${tool('kafka-topics.sh', cluster, snapshot)} --describe`,
    `${tool('kafka-leader-election.sh', cluster, snapshot)} --election-type preferred --all-topic-partitions`,
  ];
}

function tool(name: string, cluster: string, { clusters }: Snapshot): string {
  const seen = clusters.find(c => c.name === cluster);
  const broker = seen && latest(seen.brokers)?.value[0]?.address;
  return `${name} --bootstrap-server ${broker ?? `<${cluster}>`}`;
}

function quoted(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}
