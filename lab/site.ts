/**
 * One lab: its name, folder, ports and secrets. Everything else in `lab/` takes a {@link LabSite} and derives the rest.
 *
 * A lab lives in `.lab/<name>/` of the checkout and is described by `site.json` there, written once by the first `up`,
 * so that ports and passwords stay the same for as long as the folder exists.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

/** The two clusters, by the aliases that MirrorMaker 2 uses: `eu` is the source, `us` the target. */
export type ClusterName = 'eu' | 'us';

/** The folder of the checkout. */
export const checkout = resolve(fileURLToPath(new URL('..', import.meta.url)));
const labs = join(checkout, '.lab');

/** Kafka's version when `up` is not told another one. */
export const defaultKafkaVersion = '4.3.1';

/** Node ids of the brokers of each cluster. */
export const nodeIds = { eu: [1], us: [1, 2, 3] } as const satisfies Record<ClusterName, readonly number[]>;

/** Users of the SASL listeners. `mm2-user` reads `eu` and writes to `us`, `kmon` may only look, `nobody` has no ACL at all. */
export type User = 'mm2-user' | 'kmon' | 'nobody';
export const users: readonly User[] = ['mm2-user', 'kmon', 'nobody'];

const siteFile = z.object({
  name: z.string(),
  kafkaVersion: z.string(),
  portBase: z.int(),
  clusterIds: z.object({ eu: z.string(), us: z.string() }),
  passwords: z.object({ 'mm2-user': z.string(), kmon: z.string(), nobody: z.string() }),
});
type SiteFile = z.infer<typeof siteFile>;

/** Ports of a lab, all on 127.0.0.1, all within {@link portsPerLab} of its base. */
export interface Ports {
  /** The listener without authentication, by node id. On `us` its anonymous user is a super user. */
  readonly plain: Readonly<Record<ClusterName, readonly number[]>>;
  /** The SASL/SCRAM-SHA-512 listener, by node id. */
  readonly sasl: Readonly<Record<ClusterName, readonly number[]>>;
  /** The same login within TLS, by node id; `eu` has none. */
  readonly tls: Readonly<Record<ClusterName, readonly number[]>>;
  readonly controller: Readonly<Record<ClusterName, readonly number[]>>;
  /** The JMX exporters. */
  readonly brokerMetrics: Readonly<Record<ClusterName, readonly number[]>>;
  readonly workerMetrics: readonly number[];
  readonly rest: readonly number[];
  readonly prometheus: number;
  readonly nodeExporter: number;
}

/** One lab, as the other files of `lab/` and the end-to-end tests see it. */
export interface LabSite extends SiteFile {
  /** Absolute path of `.lab/<name>`. */
  readonly folder: string;
  readonly ports: Ports;
  /** `host:port` of every broker: `eu` and `us` without authentication (admin), the others the listeners for users. */
  readonly bootstrap: {
    readonly eu: readonly string[];
    readonly us: readonly string[];
    readonly euSasl: readonly string[];
    readonly usSasl: readonly string[];
    readonly usTls: readonly string[];
  };
  /** Base URLs of the Connect workers, no trailing slash. */
  readonly workerUrls: readonly string[];
  readonly prometheusUrl: string;
  readonly paths: {
    /** The kmon context of this lab (`kmon --config …`). */
    readonly config: string;
    /** Java client properties: the read-only monitor, a user without ACLs, a wrong password, the writer; the monitor by TLS. */
    readonly properties: Readonly<Record<'kmon' | 'nobody' | 'wrong' | 'mm2' | 'tls', string>>;
    /** Certificates and keys. */
    readonly tls: string;
    readonly data: string;
    readonly logs: string;
    /** Settings that long-running processes of the lab watch. */
    readonly control: string;
    /** Generated server, worker, exporter and Prometheus configuration. */
    readonly generated: string;
    readonly faults: string;
    /** Jars and classes, shared by all labs of one Kafka version. */
    readonly jars: string;
  };
}

const portsPerLab = 50;
/** Below the range from which Linux takes ports for outgoing connections, so that no client sits on one of ours. */
const firstPort = 21_000;
const portBlocks = 200;

export const address = (port: number): string => `127.0.0.1:${port}`;
const url = (port: number): string => `http://${address(port)}`;

function portsFrom(base: number): Ports {
  const at = (offset: number, count: number): number[] =>
    Array.from({ length: count }, (_, i) => base + offset + i);
  return {
    plain: { eu: at(0, 1), us: at(10, 3) },
    sasl: { eu: at(3, 1), us: at(13, 3) },
    controller: { eu: at(1, 1), us: at(16, 3) },
    brokerMetrics: { eu: at(2, 1), us: at(19, 3) },
    tls: { eu: [], us: at(22, 3) },
    rest: at(30, 2),
    workerMetrics: at(32, 2),
    prometheus: base + 40,
    nodeExporter: base + 41,
  };
}

function siteFrom(file: SiteFile): LabSite {
  const folder = labFolder(file.name);
  const ports = portsFrom(file.portBase);
  return {
    ...file,
    folder,
    ports,
    bootstrap: {
      eu: ports.plain.eu.map(address),
      us: ports.plain.us.map(address),
      euSasl: ports.sasl.eu.map(address),
      usSasl: ports.sasl.us.map(address),
      usTls: ports.tls.us.map(address),
    },
    workerUrls: ports.rest.map(url),
    prometheusUrl: url(ports.prometheus),
    paths: {
      config: join(folder, 'config.yaml'),
      properties: {
        kmon: join(folder, 'us.client.properties'),
        nobody: join(folder, 'us-nobody.client.properties'),
        wrong: join(folder, 'us-wrong.client.properties'),
        mm2: join(folder, 'us-mm2-user.client.properties'),
        tls: join(folder, 'us-tls.client.properties'),
      },
      tls: join(folder, 'tls'),
      data: join(folder, 'data'),
      logs: join(folder, 'logs'),
      control: join(folder, 'control'),
      generated: join(folder, 'generated'),
      faults: join(folder, 'faults.json'),
      jars: join(labs, 'jars', file.kafkaVersion),
    },
  };
}

export function labFolder(name: string): string {
  return join(labs, name);
}

/** Names of the labs that have a folder here, running or not. */
export function labNames(): string[] {
  if (!existsSync(labs)) return [];
  return readdirSync(labs).filter(name => existsSync(join(labs, name, 'site.json')));
}

/** The lab of that name. Throws when no `up` has made it. */
export function openLab(name = 'default'): LabSite {
  const site = findLab(name);
  if (!site) throw new Error(`There is no lab "${name}": npm run lab -- up${nameOption(name)}`);
  return site;
}

export function findLab(name: string): LabSite | undefined {
  const path = join(labFolder(name), 'site.json');
  return existsSync(path) ? siteFrom(siteFile.parse(JSON.parse(readFileSync(path, 'utf8')))) : undefined;
}

/** The option that names a lab on the command line, empty for the default one. */
export function nameOption(name: string): string {
  return name === 'default' ? '' : ` --name ${name}`;
}

export interface NewLab {
  readonly name: string;
  readonly kafkaVersion?: string | undefined;
  /** The first port; without it, a free block is chosen, always the same for the same name where it is free. */
  readonly portBase?: number | undefined;
}

/** The lab of that name, made (its folder and `site.json`; no process yet) when it is not there. */
export async function openOrCreateLab(wanted: NewLab): Promise<LabSite> {
  const existing = findLab(wanted.name);
  if (existing) {
    if (wanted.portBase !== undefined && wanted.portBase !== existing.portBase)
      throw new Error(`Lab "${wanted.name}" has its ports from ${existing.portBase}: down --wipe it first`);
    if (wanted.kafkaVersion !== undefined && wanted.kafkaVersion !== existing.kafkaVersion)
      throw new Error(`Lab "${wanted.name}" runs Kafka ${existing.kafkaVersion}: down --wipe it first`);
    return existing;
  }
  if (!/^[a-z0-9][a-z0-9-]{0,30}$/.test(wanted.name))
    throw new Error(`"${wanted.name}" cannot name a lab: lower-case letters, digits and dashes`);
  if (wanted.name === 'jars' || wanted.name === 'packages')
    throw new Error(`"${wanted.name}" is a folder of all labs: choose another name`);
  const password = (): string => randomBytes(12).toString('hex');
  const site = siteFrom({
    name: wanted.name,
    kafkaVersion: wanted.kafkaVersion ?? defaultKafkaVersion,
    portBase: wanted.portBase ?? (await freePortBase(wanted.name)),
    clusterIds: { eu: clusterId(), us: clusterId() },
    passwords: { 'mm2-user': password(), kmon: password(), nobody: password() },
  });
  const taken = await portsTaken(site);
  if (taken.length > 0) throw new Error(`Ports are taken: ${taken.join(', ')}`);
  saveSite(site);
  return site;
}

/** New cluster ids, for a lab that starts again from empty data folders. */
export function withNewClusters(site: LabSite): LabSite {
  const renewed = siteFrom({
    name: site.name,
    kafkaVersion: site.kafkaVersion,
    portBase: site.portBase,
    passwords: site.passwords,
    clusterIds: { eu: clusterId(), us: clusterId() },
  });
  saveSite(renewed);
  return renewed;
}

function saveSite(site: LabSite): void {
  for (const folder of [
    site.folder,
    site.paths.data,
    site.paths.logs,
    site.paths.control,
    site.paths.generated,
  ])
    mkdirSync(folder, { recursive: true });
  const { name, kafkaVersion, portBase, clusterIds, passwords } = site;
  writeFileSync(
    join(site.folder, 'site.json'),
    `${JSON.stringify({ name, kafkaVersion, portBase, clusterIds, passwords }, null, 2)}\n`,
    { mode: 0o600 },
  );
}

/** A Kafka cluster id: 16 random bytes in base64url. Kafka refuses a leading dash. */
function clusterId(): string {
  for (;;) {
    const id = randomBytes(16).toString('base64url');
    if (!id.startsWith('-')) return id;
  }
}

/** Which block of ports a name asks for first. The default lab has the first block; others are spread by their name. */
export function preferredBlock(name: string): number {
  if (name === 'default') return 0;
  let hash = 0;
  for (const character of name) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return 1 + (hash % (portBlocks - 1));
}

async function freePortBase(name: string): Promise<number> {
  const taken = new Set(labNames().map(other => openLab(other).portBase));
  for (let i = 0; i < portBlocks; i++) {
    const base = firstPort + ((preferredBlock(name) + i) % portBlocks) * portsPerLab;
    if (!taken.has(base) && (await portsTaken({ portBase: base })).length === 0) return base;
  }
  throw new Error('No free block of ports for a lab');
}

/** Those of the lab's ports that something listens on; its own processes too. */
export async function portsTaken({ portBase }: Pick<LabSite, 'portBase'>): Promise<number[]> {
  const ports = Array.from({ length: portsPerLab }, (_, i) => portBase + i);
  const free = await Promise.all(ports.map(portIsFree));
  return ports.filter((_, i) => free[i] !== true);
}

function portIsFree(port: number): Promise<boolean> {
  return new Promise(done => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });
}
