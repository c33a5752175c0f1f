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

/** `kafka-consumer-groups --describe --all-groups` (classic and KIP-848 groups, no others); 2–4 s. */
export async function lagByJavaTool(site: LabSite, cluster: ClusterName): Promise<ToolLag[]> {
  return parseLag(
    await describeAll(site, cluster, 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand'),
  );
}

/** `kafka-streams-groups --describe --all-groups --verbose`: the same of the groups of Kafka Streams. */
export async function streamsLagByJavaTool(site: LabSite, cluster: ClusterName): Promise<ToolLag[]> {
  return parseLag(
    await describeAll(site, cluster, 'org.apache.kafka.tools.streams.StreamsGroupCommand', '--verbose'),
  );
}

function describeAll(
  site: LabSite,
  cluster: ClusterName,
  tool: string,
  ...more: readonly string[]
): Promise<string> {
  return runJavaTool(site, tool, [
    '--bootstrap-server',
    adminBootstrap(site, cluster),
    '--describe',
    '--all-groups',
    ...more,
  ]);
}

/** Rows under headings, one heading before each group; the tools differ in which columns they have. */
export function parseLag(output: string): ToolLag[] {
  let columns: readonly string[] = [];
  return output.split('\n').flatMap(line => {
    const cells = line.trim().split(/\s+/);
    if (cells[0] === 'GROUP') columns = cells;
    const cell = (column: string): string => cells[columns.indexOf(column)] ?? '';
    if (!/^\d+$/.test(cell('PARTITION'))) return [];
    return [
      {
        group: cell('GROUP'),
        topic: cell('TOPIC'),
        partition: Number(cell('PARTITION')),
        committed: numberOrNull(cell('CURRENT-OFFSET')),
        end: numberOrNull(cell('LOG-END-OFFSET')),
        lag: numberOrNull(cell(columns.includes('LAG') ? 'LAG' : 'OFFSET-LAG')),
      },
    ];
  });
}

function numberOrNull(text: string): number | null {
  return /^-?\d+$/.test(text) ? Number(text) : null;
}
