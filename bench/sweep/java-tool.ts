/** `kafka-consumer-groups --describe --all-groups`, as its shell script starts it. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseLag } from '../../lab/lag.js';
import type { LabSite } from '../../lab/site.js';

export interface ToolCost {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly lag: number;
}

/** `bin/kafka-run-class.sh` and `bin/kafka-consumer-groups.sh` of Kafka 4.3. */
const flags = [
  '-Xmx256M',
  '-server',
  '-XX:+UseG1GC',
  '-XX:MaxGCPauseMillis=20',
  '-XX:InitiatingHeapOccupancyPercent=35',
  '-XX:+ExplicitGCInvokesConcurrent',
  '-XX:MaxInlineLevel=15',
  '-Djava.awt.headless=true',
];

export async function runJavaTool(site: LabSite, java: string): Promise<ToolCost> {
  const command = [
    java,
    ...flags,
    '-cp',
    `${join(site.paths.jars, 'libs')}/*`,
    'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
    '--bootstrap-server',
    site.bootstrap.us.join(','),
    '--describe',
    '--all-groups',
    // Milliseconds for each of its questions; the 5 s that it would wait are not enough.
    '--timeout',
    '600000',
  ];
  // The shell's own `time` counts the CPU of what it waits for; its line is the last of the errors.
  const { stdout, stderr } = await promisify(execFile)(
    'bash',
    ['-c', 'TIMEFORMAT="%3R %3U %3S"; time "$@"', 'bash', ...command],
    { maxBuffer: 256 << 20, env: { ...process.env, LC_ALL: 'C' } },
  );
  const [wallSeconds = NaN, user = NaN, system = NaN] = (stderr.trimEnd().split('\n').at(-1) ?? '')
    .split(' ')
    .map(Number);
  const lag = parseLag(stdout).reduce((sum, each) => sum + (each.lag ?? NaN), 0);
  return { wallSeconds, cpuSeconds: user + system, lag };
}
