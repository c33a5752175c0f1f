/** The two Connect workers, next to the target cluster. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { javaArgs } from './java.js';
import { workerRules } from './monitoring.js';
import type { Part } from './processes.js';
import { adminBootstrap, toProperties, type Properties } from './properties.js';
import { type LabSite, address } from './site.js';

export const workerNames = ['worker-1', 'worker-2'] as const;

/** The group that the workers form on `us`. */
const connectGroup = 'connect-mm2';

export function workerParts(site: LabSite, java: string): Part[] {
  return workerNames.map((name, index) => ({
    name,
    address: site.workerUrls[index] ?? '',
    command: java,
    args: javaArgs(site, {
      mainClass: 'org.apache.kafka.connect.cli.ConnectDistributed',
      args: [propertiesPath(site, name)],
      heapMegabytes: 512,
      exporter: { port: site.ports.workerMetrics[index] ?? 0, rules: workerRules(site) },
    }),
  }));
}

function propertiesPath(site: LabSite, worker: string): string {
  return join(site.paths.generated, `${worker}.properties`);
}

/** Writes what the workers are configured with when they start; `change` is of one situation. */
export function writeWorkers(site: LabSite, change: Properties = {}): void {
  workerNames.forEach((name, index) => {
    const properties = { ...workerProperties(site, index), ...change };
    writeFileSync(propertiesPath(site, name), toProperties(properties));
  });
}

function workerProperties(site: LabSite, index: number): Properties {
  const listener = address(site.ports.rest[index] ?? 0);
  return {
    'bootstrap.servers': adminBootstrap(site, 'us'),
    'group.id': connectGroup,
    'client.id': workerNames[index] ?? '',
    listeners: `http://${listener}`,
    'rest.advertised.host.name': '127.0.0.1',
    'rest.advertised.port': site.ports.rest[index] ?? 0,
    'config.storage.topic': `${connectGroup}-configs`,
    'offset.storage.topic': `${connectGroup}-offsets`,
    'status.storage.topic': `${connectGroup}-status`,
    'config.storage.replication.factor': 3,
    'offset.storage.replication.factor': 3,
    'status.storage.replication.factor': 3,
    'offset.storage.partitions': 5,
    'status.storage.partitions': 3,
    'key.converter': 'org.apache.kafka.connect.converters.ByteArrayConverter',
    'value.converter': 'org.apache.kafka.connect.converters.ByteArrayConverter',
    // As in production: what the offsets endpoint shows is up to a minute old.
    'offset.flush.interval.ms': 60_000,
    // Five minutes by default; nobody wants to wait that long for the tasks of a killed worker to move.
    'scheduled.rebalance.max.delay.ms': 10_000,
    // Loads plugins by their service files alone instead of scanning every jar, some seconds of each start.
    'plugin.discovery': 'service_load',
  };
}
