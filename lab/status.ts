/** What a lab consists of and which of it is alive. */
import { activeFaults, type ActiveFault } from './faults/state.js';
import { currentLoad, loadPart, type LoadSettings } from './load.js';
import { partsOf } from './parts.js';
import { type Running, running } from './processes.js';
import type { ClusterName, LabSite } from './site.js';
import { streamsPart } from './streams.js';

export interface PartStatus {
  readonly part: string;
  readonly address: string;
  /** `down` when no process of it lives, `stopped` when it is frozen by SIGSTOP. */
  readonly state: Running['state'] | 'down';
  readonly pid?: number;
  /** When it started, milliseconds since the epoch. */
  readonly since?: number;
}

/** The machine-readable description of a lab (`status --json`). Addresses are `host:port`, paths absolute. */
export interface LabStatus {
  readonly name: string;
  readonly kafkaVersion: string;
  readonly folder: string;
  readonly config: string;
  readonly bootstrap: LabSite['bootstrap'];
  readonly clusterIds: Readonly<Record<ClusterName, string>>;
  readonly workerUrls: readonly string[];
  readonly prometheusUrl: string;
  /** Java client properties files. */
  readonly properties: LabSite['paths']['properties'];
  readonly parts: readonly PartStatus[];
  /** Null when no load runs. */
  readonly load: LoadSettings | null;
  readonly faults: readonly ActiveFault[];
}

export function status(site: LabSite): LabStatus {
  const alive = new Map(running(site).map(process => [process.part, process]));
  const { brokers, groups, monitoring, workers } = partsOf(site);
  const onDemand = [streamsPart(site)].filter(({ name }) => alive.has(name));
  const parts = [...brokers, ...workers, ...monitoring, ...groups, loadPart(site), ...onDemand].map(
    ({ name, address }): PartStatus => {
      const process = alive.get(name);
      return process
        ? { part: name, address, state: process.state, pid: process.pid, since: process.since }
        : { part: name, address, state: 'down' };
    },
  );
  return {
    name: site.name,
    kafkaVersion: site.kafkaVersion,
    folder: site.folder,
    config: site.paths.config,
    bootstrap: site.bootstrap,
    clusterIds: site.clusterIds,
    workerUrls: site.workerUrls,
    prometheusUrl: site.prometheusUrl,
    properties: site.paths.properties,
    parts,
    load: currentLoad(site) ?? null,
    faults: activeFaults(site),
  };
}

/** The same for people. */
export function statusText(lab: LabStatus): string {
  const rows = [
    ['part', 'state', 'pid', 'since', 'address'],
    ...lab.parts.map(({ part, state, pid, since, address }) => [
      part,
      state,
      pid === undefined ? '–' : String(pid),
      since === undefined ? '–' : new Date(since).toLocaleTimeString('en-GB'),
      address,
    ]),
  ];
  const load = lab.load
    ? `${lab.load.rate} records/s × ${lab.load.bytes} B${lab.load.hotShare > 0 ? `, ${Math.round(lab.load.hotShare * 100)} % of orders with one key` : ''}`
    : 'none (npm run lab -- load)';
  const faults = lab.faults.map(
    ({ name, since }) => `${name} since ${new Date(since).toLocaleTimeString('en-GB')}`,
  );
  return [
    `lab ${lab.name}, Kafka ${lab.kafkaVersion}, ${lab.folder}`,
    '',
    table(rows),
    '',
    `load    ${load}`,
    `faults  ${faults.join(', ') || 'none'}`,
    `context ${lab.config}`,
  ].join('\n');
}

/** Columns as wide as their widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => (row[column] ?? '').length)));
  return rows
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
