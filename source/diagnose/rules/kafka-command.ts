import { latest } from '../../core/known.js';
import { quoted } from '../../core/shell.js';
import type { GroupView, Snapshot } from '../../model/snapshot.js';

/** One of Kafka's own tools against a cluster, with the address filled in where it is known. */
export function kafkaCommand(tool: string, cluster: string | undefined, { clusters }: Snapshot): string {
  const seen = clusters.find(c => c.name === cluster);
  const broker = seen && latest(seen.brokers)?.value[0]?.address;
  return `${tool} --bootstrap-server ${broker ?? `<${cluster ?? 'cluster'}>`}`;
}

/** Each knows its own kind, and calls the others' groups not found. */
function groupTool({ type }: GroupView): string {
  switch (type) {
    case 'share':
      return 'kafka-share-groups.sh';
    case 'streams':
      return 'kafka-streams-groups.sh';
    case 'classic':
    case 'consumer':
    case 'unknown':
      return 'kafka-consumer-groups.sh';
  }
}

export function describeGroup(group: GroupView, snapshot: Snapshot): string {
  return `${kafkaCommand(groupTool(group), group.cluster, snapshot)} --describe --group ${quoted(group.group)}`;
}

/** The group with its members and its state. */
export function describeMembers(group: GroupView, snapshot: Snapshot): string[] {
  const describe = describeGroup(group, snapshot);
  return [describe, `${describe} --members --verbose`, `${describe} --state`];
}

/** Sets nothing: it prints what it would set, and asks for an inactive group. */
export function tryReset(group: GroupView, topic: string, snapshot: Snapshot): string {
  const groups = kafkaCommand(groupTool(group), group.cluster, snapshot);
  const scope = group.type === 'streams' ? '--input-topic' : '--topic';
  // The tool for share groups knows no single offset (KIP-932).
  const to = group.type === 'share' ? '--to-datetime <YYYY-MM-DDThh:mm:ss.sss>' : '--to-offset <offset>';
  return `${groups} --group ${quoted(group.group)} ${scope} ${quoted(topic)} --reset-offsets ${to} --dry-run`;
}

export function describeTopic(
  cluster: string | undefined,
  topic: string | undefined,
  snapshot: Snapshot,
): string {
  const name = topic === undefined ? '<topic>' : quoted(topic);
  return `${kafkaCommand('kafka-topics.sh', cluster, snapshot)} --describe --topic ${name}`;
}

/** The topic, and whatever else of the cluster cannot be written or read. */
export function describeAvailability(
  cluster: string | undefined,
  topic: string | undefined,
  snapshot: Snapshot,
): string[] {
  return [
    describeTopic(cluster, topic, snapshot),
    `${kafkaCommand('kafka-topics.sh', cluster, snapshot)} --describe --unavailable-partitions`,
  ];
}

export function electPreferred(cluster: string, snapshot: Snapshot): string[] {
  return [
    `${kafkaCommand('kafka-topics.sh', cluster, snapshot)} --describe`,
    `${kafkaCommand('kafka-leader-election.sh', cluster, snapshot)} --election-type preferred --all-topic-partitions`,
  ];
}

/** Proposes an even order; the same replicas in another order move no data, and lead once they are elected. */
export function reorderReplicas(cluster: string, snapshot: Snapshot): string[] {
  const reassign = kafkaCommand('kafka-reassign-partitions.sh', cluster, snapshot);
  return [
    `${kafkaCommand('kafka-topics.sh', cluster, snapshot)} --describe`,
    `${reassign} --reassignment-json-file <the same replicas in another order> --execute`,
    `${kafkaCommand('kafka-leader-election.sh', cluster, snapshot)} --election-type preferred --all-topic-partitions`,
  ];
}

/** Raises the retention of a topic: what is removed once is gone. */
export function keepLonger(cluster: string | undefined, topic: string, snapshot: Snapshot): string[] {
  const configs = kafkaCommand('kafka-configs.sh', cluster, snapshot);
  const entity = `--entity-type topics --entity-name ${quoted(topic)}`;
  return [
    `${configs} --describe ${entity}`,
    `${configs} --alter ${entity} --add-config retention.ms=<ms>,retention.bytes=-1`,
  ];
}
