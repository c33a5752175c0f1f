/** Metrics of a lab: the rules of the JMX exporters, Prometheus and node_exporter. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tools } from './install.js';
import type { Part } from './processes.js';
import { type LabSite, address } from './site.js';

/** Seconds between two scrapes. */
const scrapeSeconds = 5;

export function brokerRules(site: LabSite): string {
  return join(site.paths.generated, 'broker-metrics.yml');
}

export function workerRules(site: LabSite): string {
  return join(site.paths.generated, 'worker-metrics.yml');
}

function prometheusConfig(site: LabSite): string {
  return join(site.paths.generated, 'prometheus.yml');
}

/**
 * The exporter's default rule with lower-cased names, which is what many sites run: it drops the suffix `_total`.
 * Brokers leave out what they have per partition and per client request; it is most of the page and most of its cost.
 */
const rules = `lowercaseOutputName: true
lowercaseOutputLabelNames: true
rules:
  - pattern: '.*'
`;
const brokerExclusions = `excludeObjectNames:
  - 'kafka.log:*'
  - 'kafka.cluster:type=Partition,*'
  - 'kafka.network:type=RequestMetrics,*'
  - 'kafka.server:type=DelayedOperationPurgatory,*'
`;

export function writeMonitoring(site: LabSite): void {
  writeFileSync(workerRules(site), rules);
  writeFileSync(brokerRules(site), brokerExclusions + rules);
  const { ports } = site;
  const jobs: Readonly<Record<string, readonly number[]>> = {
    connect: ports.workerMetrics,
    'kafka-eu': ports.brokerMetrics.eu,
    'kafka-us': ports.brokerMetrics.us,
    node: [ports.nodeExporter],
  };
  const scrapes = Object.entries(jobs).map(([job, targets]) => ({
    job_name: job,
    static_configs: [{ targets: targets.map(address) }],
  }));
  // JSON is YAML.
  writeFileSync(
    prometheusConfig(site),
    JSON.stringify(
      {
        global: { scrape_interval: `${scrapeSeconds}s`, scrape_timeout: `${scrapeSeconds - 1}s` },
        scrape_configs: scrapes,
      },
      null,
      2,
    ),
  );
}

export function monitoringParts(site: LabSite, tools: Tools): Part[] {
  return [
    {
      name: 'prometheus',
      address: site.prometheusUrl,
      command: tools.prometheus,
      args: [
        `--config.file=${prometheusConfig(site)}`,
        `--storage.tsdb.path=${join(site.paths.data, 'prometheus')}`,
        '--storage.tsdb.retention.time=6h',
        `--web.listen-address=${address(site.ports.prometheus)}`,
        '--log.level=warn',
      ],
    },
    {
      name: 'node-exporter',
      address: address(site.ports.nodeExporter),
      command: tools.nodeExporter,
      args: [`--web.listen-address=${address(site.ports.nodeExporter)}`, '--log.level=warn'],
    },
  ];
}

/** Whether both answer. Throws while one refuses connections. */
export async function monitoringIsReady(site: LabSite): Promise<boolean> {
  const ready = await fetch(`${site.prometheusUrl}/-/ready`);
  const page = await fetch(`http://${address(site.ports.nodeExporter)}/`);
  return ready.ok && page.ok;
}
