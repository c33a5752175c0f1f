import type { HttpAccess } from '../wire/http/endpoint.js';
import type { PrometheusEndpoint, ScrapeEndpoint } from '../wire/metrics/endpoint.js';
import { nearest } from '../core/nearest.js';
import { inUnit } from '../core/quantity.js';
import { addressOf, brokerMapOf, pairOf } from './broker-map.js';
import { readClientProperties } from './client-properties.js';
import type { ClusterContext, ConnectContext, Context } from './context.js';
import type { Flags } from './flags.js';
import { urlOf } from './http-access.js';
import { byDefault, flag, type Ledger, type Origin } from './ledger.js';
import { auditPath, statePath } from './paths.js';
import { ConfigProblem } from './problem.js';
import type { ConnectEntry } from './schema.js';
import type { Settable } from './settable.js';

const defaults = { interval: 2, requestTimeout: 5_000, connectTimeout: 3_000 } as const;

/** What both ways of describing a context share. */
export class Site {
  constructor(
    protected readonly flags: Flags,
    protected readonly env: NodeJS.ProcessEnv,
    protected readonly ledger: Ledger,
    protected readonly settable: Settable,
  ) {
    if (flags.proxy !== undefined && flags.proxy !== 'env')
      throw new ConfigProblem(`--proxy: "${flags.proxy}" is not known`, 'use --proxy env, or leave it out');
    if (flags.interval !== undefined && !(flags.interval >= 0.5 && flags.interval <= 300))
      throw new ConfigProblem('--interval is not between 0.5 and 300 seconds', 'for example --interval 2');
  }

  protected auditFile(): string {
    const file = this.flags.audit ?? auditPath(this.env);
    this.ledger.note('audit', file, this.flags.audit === undefined ? byDefault : flag('--audit'));
    return file;
  }

  protected stateFile(name: string, identity: readonly string[] = []): string {
    const file = statePath(this.env, name, identity);
    this.ledger.note('state', file, byDefault);
    return file;
  }

  /** ms */
  protected interval(ofFile: number | undefined, origin: Origin): number {
    const seconds = this.flags.interval ?? ofFile ?? defaults.interval;
    const from =
      this.flags.interval !== undefined ? flag('--interval') : ofFile !== undefined ? origin : byDefault;
    this.ledger.note('interval', `${seconds}s`, from);
    return seconds * 1000;
  }

  /** Of the past as much is kept as the model does by itself, where nothing is set. */
  protected history(
    ofFile: { readonly moments?: number | undefined; readonly partitions?: number | undefined },
    originOf: (key: string) => Origin,
  ): Context['history'] {
    const { moments, partitions } = ofFile;
    if (moments !== undefined)
      this.ledger.note('history.moments', inUnit(moments, 'bytes'), originOf('moments'));
    if (partitions !== undefined)
      this.ledger.note('history.partitions', inUnit(partitions, 'count'), originOf('partitions'));
    return { ...(moments !== undefined && { moments }), ...(partitions !== undefined && { partitions }) };
  }

  protected mode(ofFile: Context['mode'] | undefined, origin: Origin): Context['mode'] {
    const [mode, given]: readonly [Context['mode'], Origin] =
      this.flags.dryRun === true
        ? ['read-only', flag('--dry-run')]
        : this.flags.readWrite === true
          ? ['read-write', flag('--read-write')]
          : [ofFile ?? 'read-only', ofFile === undefined ? byDefault : origin];
    this.ledger.note('mode', mode, given);
    return mode;
  }

  /** Those that are set; all of them are told, so that one sees what is in force. */
  protected thresholds(
    ofFile: Readonly<Record<string, number | undefined>>,
    origin: (name: string) => Origin,
  ): Context['thresholds'] {
    const set: Record<string, number> = {};
    for (const [name, { value: usual, unit }] of Object.entries(this.settable)) {
      const given = ofFile[name];
      if (given !== undefined) set[name] = given;
      const isUsual = given === undefined || given === usual;
      const beside = isUsual ? '' : ` (default ${inUnit(usual, unit)})`;
      this.ledger.note(
        `thresholds.${name}`,
        inUnit(given ?? usual, unit) + beside,
        given === undefined ? byDefault : origin(name),
      );
    }
    return set;
  }

  protected brokerMap(
    ofFile: Iterable<readonly [string, string]> = [],
    where = '--broker-map',
  ): ClusterContext['endpoint']['brokerMap'] {
    const given = (this.flags.brokerMap ?? []).map(pairOf);
    const map = { ...brokerMapOf(ofFile, where), ...brokerMapOf(given, '--broker-map') };
    return Object.keys(map).length > 0 ? map : undefined;
  }

  /** What `--sample` names of a cluster: `orders` is meant of every one, `eu/orders` of one. */
  private sampled(cluster: string): readonly string[] {
    return (this.flags.sample ?? []).flatMap(argument => {
      const [topic, of] = argument.split('/').reverse();
      return topic === undefined || topic === '' || (of !== undefined && of !== cluster) ? [] : [topic];
    });
  }

  protected cluster(
    name: string,
    given: {
      readonly bootstrap: string | readonly string[] | undefined;
      readonly properties: string | undefined;
      readonly id?: string | undefined;
      readonly sampled: readonly string[];
      readonly brokerMap: ClusterContext['endpoint']['brokerMap'];
    },
    where: string,
    from: (key: string) => Origin,
  ): ClusterContext {
    const { bootstrap, properties, id, brokerMap } = given;
    const sampled = [...new Set([...given.sampled, ...this.sampled(name)])];
    const client = properties === undefined ? undefined : readClientProperties(properties, this.ledger);
    const list =
      typeof bootstrap === 'string' ? bootstrap.split(',') : (bootstrap ?? client?.bootstrap ?? []);
    const addresses = list.map(a => a.trim()).filter(Boolean);
    if (addresses.length === 0)
      throw new ConfigProblem(
        `${where}: cluster "${name}" has no bootstrap address`,
        'write bootstrap: [host:port, …], or bootstrap.servers in its properties file',
      );
    const checked = addresses.map(address => addressOf(address, where));
    const security = client?.security ?? {};
    const key = `clusters.${name}`;
    this.ledger.note(
      `${key}.bootstrap`,
      checked,
      bootstrap === undefined && properties !== undefined
        ? { is: 'file', file: properties, path: 'bootstrap.servers' }
        : from('bootstrap'),
    );
    if (properties !== undefined) {
      this.ledger.note(`${key}.properties`, properties, from('properties'));
      const inProperties = (name: string): Origin => ({ is: 'file', file: properties, path: name });
      const protocol = `${security.sasl ? 'SASL_' : ''}${security.tls ? 'SSL' : 'PLAINTEXT'}`;
      this.ledger.note(`${key}.security`, protocol, inProperties('security.protocol'));
      if (security.sasl)
        this.ledger.note(
          `${key}.mechanism`,
          security.sasl.mechanism.toUpperCase(),
          inProperties('sasl.mechanism'),
        );
    }
    if (id !== undefined) this.ledger.note(`${key}.id`, id, from('id'));
    if (sampled.length > 0)
      this.ledger.note(
        `${key}.sample`,
        sampled,
        given.sampled.length > 0 ? from('sample') : flag('--sample'),
      );
    for (const [advertised, reachable] of Object.entries(brokerMap ?? {}))
      this.ledger.note(`${key}.broker-map`, `${advertised} → ${reachable}`, from('broker-map'));
    return {
      name,
      endpoint: {
        cluster: name,
        bootstrap: checked,
        security,
        ...(brokerMap && { brokerMap }),
        clientId: 'kmon',
        requestTimeout: defaults.requestTimeout,
        connectTimeout: defaults.connectTimeout,
      },
      ...(id !== undefined && { expectedId: id }),
      sampled,
    };
  }

  protected connect(
    entry: Pick<ConnectEntry, 'name' | 'url' | 'urls' | 'cluster' | 'managed-by'>,
    index: number,
    clusters: readonly ClusterContext[],
    access: HttpAccess,
    where: string,
    from: (key: string) => Origin,
  ): ConnectContext {
    const given = entry.urls ?? (entry.url === undefined ? [] : [entry.url]);
    if (given.length === 0) throw new ConfigProblem(`${where}: no url`, 'write url: http://worker:8083');
    const parts = given.map(url => urlOf(url, where));
    const { cluster } = entry;
    const names = clusters.map(c => c.name);
    if (cluster !== undefined && !names.includes(cluster)) {
      const meant = nearest(cluster, names);
      throw new ConfigProblem(
        `${where}: cluster "${cluster}" is not described in this context`,
        meant === undefined ? `it describes: ${names.join(', ') || 'none'}` : `did you mean ${meant}?`,
      );
    }
    const name = entry.name ?? cluster ?? (index === 0 ? 'connect' : `connect-${index + 1}`);
    const urls = parts.map(p => p.url);
    this.ledger.note(`connect.${name}.urls`, urls, from(entry.urls ? 'urls' : 'url'));
    if (cluster !== undefined) this.ledger.note(`connect.${name}.cluster`, cluster, from('cluster'));
    const managedBy = entry['managed-by'] ?? 'rest';
    this.ledger.note(
      `connect.${name}.managed-by`,
      managedBy,
      entry['managed-by'] === undefined ? byDefault : from('managed-by'),
    );
    this.noteAccess(`connect.${name}`, access, from);
    const inUrl = parts.find(p => p.auth)?.auth;
    return {
      name,
      endpoint: {
        connect: name,
        urls,
        ...(inUrl && { basicAuth: inUrl }),
        ...access,
        requestTimeout: defaults.requestTimeout,
      },
      ...(cluster !== undefined && { cluster }),
      managedBy,
    };
  }

  protected prometheus(
    url: string,
    access: HttpAccess,
    where: string,
    from: (key: string) => Origin,
  ): PrometheusEndpoint {
    return { name: 'prometheus', ...this.page('metrics.prometheus', url, access, where, from) };
  }

  protected scrape(
    url: string,
    access: HttpAccess,
    where: string,
    from: (key: string) => Origin,
  ): ScrapeEndpoint {
    const page = this.page('metrics.scrape', url, access, where, from);
    return { name: new URL(page.url).host, ...page };
  }

  /** Two pages of one host are told apart by their paths. */
  protected distinct(pages: readonly ScrapeEndpoint[]): readonly ScrapeEndpoint[] {
    const hosts = pages.map(p => p.name);
    return pages.map(page =>
      hosts.indexOf(page.name) === hosts.lastIndexOf(page.name)
        ? page
        : { ...page, name: page.name + new URL(page.url).pathname },
    );
  }

  private page(
    key: string,
    text: string,
    access: HttpAccess,
    where: string,
    from: (key: string) => Origin,
  ): Omit<PrometheusEndpoint, 'name'> {
    const { url, auth } = urlOf(text, where);
    this.ledger.note(`${key}.url`, url, from('url'));
    this.noteAccess(key, access, from);
    return { url, ...(auth && { basicAuth: auth }), ...access, requestTimeout: defaults.requestTimeout };
  }

  private noteAccess(key: string, access: HttpAccess, from: (key: string) => Origin): void {
    if (access.proxy === undefined) return;
    const origin = this.flags.proxy === undefined ? from('proxy') : flag('--proxy');
    this.ledger.note(`${key}.proxy`, access.proxy, origin);
  }
}
