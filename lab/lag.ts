/** Consumer lag as Kafka's own command line tool sees it, to judge kmon's by. */
import { runJavaTool } from './java.js';
import { adminBootstrap } from './properties.js';
import type { ClusterName, LabSite } from './site.js';

/** One partition of one group. Offsets and lag are records; null where the tool prints `-`. */
export interface ToolLag {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly committed: number | null;
  readonly end: number | null;
  readonly lag: number | null;
}

/** `kafka-consumer-groups --describe --all-groups` (classic and KIP-848 groups, not share groups); 2–4 s. */
export async function lagByJavaTool(site: LabSite, cluster: ClusterName): Promise<ToolLag[]> {
  return parseLag(
    await runJavaTool(site, 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand', [
      '--bootstrap-server',
      adminBootstrap(site, cluster),
      '--describe',
      '--all-groups',
    ]),
  );
}

/** Lines that begin `GROUP TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG`, a heading before each group. */
export function parseLag(output: string): ToolLag[] {
  return output
    .split('\n')
    .map(line => line.trim().split(/\s+/))
    .flatMap(([group = '', topic = '', partition = '', committed, end, lag]) => {
      if (!/^\d+$/.test(partition)) return [];
      return [
        {
          group,
          topic,
          partition: Number(partition),
          committed: numberOrNull(committed),
          end: numberOrNull(end),
          lag: numberOrNull(lag),
        },
      ];
    });
}

function numberOrNull(text: string | undefined): number | null {
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : null;
}
