import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse as parseYaml, YAMLParseError } from 'yaml';
import type { KafkaEndpoint, KafkaSecurity } from '../wire/kafka/endpoint.js';
import type { PrometheusEndpoint } from '../wire/metrics/endpoint.js';
import { readClientProperties } from './client-properties.js';
import type { ClusterContext, ConnectContext, Context } from './context.js';
import { named, type Flags } from './flags.js';
import { auditPath, configPath } from './paths.js';
import { ConfigProblem } from './problem.js';
import { configFile, type ConfigFile, type ContextEntry, type SecretSource } from './schema.js';

const defaults = { interval: 2, requestTimeout: 5_000, connectTimeout: 3_000 } as const;

/**
 * The context of this run from its layers: flags over environment over file. Addresses on the command line make a
 * context of their own (the file is then not read); `--context` or `current-context` choose one of the file.
 * Throws ConfigProblem.
 */
export function loadContext(flags: Flags, env: NodeJS.ProcessEnv): Context {
  const audit = flags.audit ?? auditPath(env);
  const byAddress = (flags.bootstrap?.length ?? 0) + (flags.connect?.length ?? 0) > 0 || flags.prometheus;
  if (byAddress) {
    if (flags.context !== undefined)
      throw new ConfigProblem(
        '--context and addresses (-b, --connect, --prometheus) cannot be given together',
        'use either a context of the configuration file or addresses',
      );
    return fromFlags(flags, audit);
  }
  const file = flags.config ?? configPath(env);
  if (!existsSync(file)) {
    if (flags.config !== undefined || flags.context !== undefined || env['KMON_CONFIG'] !== undefined)
      throw new ConfigProblem(
        `${file}: no such file`,
        'check --config, or give addresses: kmon -b broker:9092',
      );
    throw new ConfigProblem(
      'no address given, and there is no configuration file',
      [
        'the shortest command that works:  kmon -b broker:9092',
        'with MirrorMaker 2 and metrics:   kmon -b broker:9092 --connect http://worker:8083 --prometheus http://prometheus:9090',
        `or describe your sites once in ${file}, then: kmon --context NAME`,
      ].join('\n'),
    );
  }
  return fromFile(readConfigFile(file), file, flags, env, audit);
}

function readConfigFile(file: string): ConfigFile {
  let raw: unknown;
  try {
    raw = parseYaml(readFileSync(file, 'utf8')) ?? {};
  } catch (error) {
    // A YAML error quotes the offending lines, which may hold a password: only the place is told.
    const at =
      error instanceof YAMLParseError && error.linePos
        ? ` at line ${error.linePos[0].line}, column ${error.linePos[0].col}`
        : '';
    throw new ConfigProblem(`${file}: not valid YAML${at}`, 'correct the file at that place');
  }
  const parsed = configFile.safeParse(raw);
  if (parsed.success) return parsed.data;
  const first = parsed.error.issues[0];
  throw new ConfigProblem(
    `${file}: ${first?.path.join('.') || 'top level'}: ${first?.message ?? 'not valid'}`,
    'the README describes every key of this file',
  );
}

function fromFile(
  file: ConfigFile,
  where: string,
  flags: Flags,
  env: NodeJS.ProcessEnv,
  auditFile: string,
): Context {
  const name = flags.context ?? env['KMON_CONTEXT'] ?? file['current-context'];
  const known = Object.keys(file.contexts);
  if (name === undefined)
    throw new ConfigProblem(
      `${where}: no current-context is set`,
      `choose one: kmon --context ${known[0] ?? 'NAME'}${known.length > 1 ? ` (there are ${known.join(', ')})` : ''}`,
    );
  const entry = file.contexts[name];
  if (entry === undefined)
    throw new ConfigProblem(
      `${where}: there is no context "${name}"`,
      known.length > 0 ? `there are: ${known.join(', ')}` : 'add one under contexts:',
    );
  const folder = path.dirname(where);
  const reader = new SecretReader(folder, env);
  const clusters = Object.entries(entry.clusters).map(([cluster, c]) =>
    clusterOf(
      cluster,
      c.bootstrap,
      c.properties === undefined ? undefined : path.resolve(folder, c.properties),
      c.id,
      where,
    ),
  );
  const prometheus = entry.metrics.prometheus;
  const context: Context = {
    name,
    clusters,
    connects: entry.connect.map((c, i) =>
      connectOf(c, i, clusters, reader, `${where}: contexts.${name}.connect[${i}]`),
    ),
    ...(prometheus && {
      prometheus: prometheusOf(
        prometheus.url,
        prometheus['basic-auth'] && {
          username: prometheus['basic-auth'].username,
          password: reader.read(prometheus['basic-auth'].password),
        },
        prometheus['bearer-token'] && reader.read(prometheus['bearer-token']),
      ),
    }),
    mode: flags.readWrite === true ? 'read-write' : entry.mode,
    interval: 1000 * (flags.interval ?? entry.interval ?? defaults.interval),
    auditFile,
  };
  if (context.clusters.length + context.connects.length === 0 && !context.prometheus)
    throw new ConfigProblem(
      `${where}: context "${name}" names no endpoint`,
      'add clusters, connect or metrics to it',
    );
  return context;
}

function fromFlags(flags: Flags, auditFile: string): Context {
  const files = new Map<string | undefined, string>();
  for (const argument of flags.properties ?? []) {
    const { name, value } = named(argument);
    files.set(name, value);
  }
  const bootstraps = (flags.bootstrap ?? []).map(named);
  const clusters = bootstraps.map(({ name, value }, i) => {
    const cluster = name ?? (i === 0 ? 'kafka' : `kafka-${i + 1}`);
    return clusterOf(cluster, value, files.get(name) ?? files.get(undefined), undefined, '-b');
  });
  const connects = (flags.connect ?? []).map((argument, i) => {
    const { name, value } = named(argument);
    const urls = value.split(',').filter(Boolean);
    const target = clusters.find(c => c.name === name);
    return connectOf(
      { urls, 'managed-by': 'rest', ...(name && { name }), ...(target && { cluster: target.name }) },
      i,
      clusters,
      undefined,
      '--connect',
    );
  });
  return {
    name: bootstraps.some(b => b.name !== undefined)
      ? clusters.map(c => c.name).join(', ')
      : (clusters[0]?.endpoint.bootstrap[0] ?? connects[0]?.endpoint.urls[0] ?? 'prometheus'),
    clusters,
    connects,
    ...(flags.prometheus !== undefined && { prometheus: prometheusOf(flags.prometheus) }),
    mode: flags.readWrite === true ? 'read-write' : 'read-only',
    interval: 1000 * (flags.interval ?? defaults.interval),
    auditFile,
  };
}

function clusterOf(
  name: string,
  bootstrap: string | readonly string[] | undefined,
  properties: string | undefined,
  id: string | undefined,
  where: string,
): ClusterContext {
  const client = properties === undefined ? undefined : readClientProperties(properties);
  const list = typeof bootstrap === 'string' ? bootstrap.split(',') : (bootstrap ?? client?.bootstrap ?? []);
  const addresses = list.map(a => a.trim()).filter(Boolean);
  if (addresses.length === 0)
    throw new ConfigProblem(
      `${where}: cluster "${name}" has no bootstrap address`,
      'write bootstrap: [host:port, …], or bootstrap.servers in its properties file',
    );
  for (const address of addresses)
    if (!/^[^\s:]+:\d{1,5}$/.test(address))
      throw new ConfigProblem(`${where}: "${address}" is not host:port`, 'for example broker-1:9092');
  const security: KafkaSecurity = client?.security ?? {};
  const endpoint: KafkaEndpoint = {
    cluster: name,
    bootstrap: addresses,
    security,
    clientId: 'kmon',
    requestTimeout: defaults.requestTimeout,
    connectTimeout: defaults.connectTimeout,
  };
  return { name, endpoint, ...(id !== undefined && { expectedId: id }) };
}

function connectOf(
  entry: ContextEntry['connect'][number],
  index: number,
  clusters: readonly ClusterContext[],
  reader: SecretReader | undefined,
  where: string,
): ConnectContext {
  const given = entry.urls ?? (entry.url === undefined ? [] : [entry.url]);
  if (given.length === 0) throw new ConfigProblem(`${where}: no url`, 'write url: http://worker:8083');
  const parts = given.map(url => urlOf(url, where));
  const cluster = entry.cluster;
  if (cluster !== undefined && !clusters.some(c => c.name === cluster))
    throw new ConfigProblem(
      `${where}: cluster "${cluster}" is not described in this context`,
      `it describes: ${clusters.map(c => c.name).join(', ') || 'none'}`,
    );
  const auth = entry['basic-auth'];
  const inUrl = parts.find(p => p.auth)?.auth;
  const basicAuth =
    auth && reader ? { username: auth.username, password: reader.read(auth.password) } : inUrl;
  const name = entry.name ?? cluster ?? (index === 0 ? 'connect' : `connect-${index + 1}`);
  return {
    name,
    endpoint: {
      connect: name,
      urls: parts.map(p => p.url),
      ...(basicAuth && { basicAuth }),
      requestTimeout: defaults.requestTimeout,
    },
    ...(cluster !== undefined && { cluster }),
    managedBy: entry['managed-by'],
  };
}

function prometheusOf(
  url: string,
  basicAuth?: { username: string; password: string },
  bearerToken?: string,
): PrometheusEndpoint {
  const parts = urlOf(url, 'prometheus');
  const auth = basicAuth ?? parts.auth;
  return {
    name: 'prometheus',
    url: parts.url,
    ...(auth && { basicAuth: auth }),
    ...(bearerToken !== undefined && { bearerToken }),
    requestTimeout: defaults.requestTimeout,
  };
}

/** Takes user and password out of a URL, so that the URL can be shown. */
function urlOf(
  text: string,
  where: string,
): { readonly url: string; readonly auth?: { readonly username: string; readonly password: string } } {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    throw new ConfigProblem(`${where}: not a URL`, 'write it with its scheme: http://host:port');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new ConfigProblem(
      `${where}: ${url.protocol}// is not a scheme kmon speaks`,
      'write it with its scheme: http://host:port',
    );
  const auth = url.username
    ? { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
    : undefined;
  url.username = '';
  url.password = '';
  return { url: url.toString().replace(/\/+$/, ''), ...(auth && { auth }) };
}

class SecretReader {
  constructor(
    private readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  read(source: SecretSource): string {
    if (typeof source === 'string') return source;
    if ('env' in source) {
      const value = this.env[source.env];
      if (value === undefined)
        throw new ConfigProblem(
          `the environment variable ${source.env} is not set`,
          'export it, or name a file instead',
        );
      return value;
    }
    const file = path.resolve(this.folder, source.file);
    try {
      return readFileSync(file, 'utf8').trim();
    } catch {
      throw new ConfigProblem(
        `${file}: the secret cannot be read`,
        'check the path and its permissions; it is relative to the configuration file',
      );
    }
  }
}
