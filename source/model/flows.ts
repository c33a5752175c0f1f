import type { ConnectorSeen } from '../core/observation.js';
import type { Copying } from './positions.js';
import type { FlowKind } from './snapshot.js';

/** A cluster as the user named it. */
export type NamedCluster = { readonly name: string; readonly bootstrap: readonly string[] };

export type FlowEnd = { readonly alias: string; readonly cluster?: string };

/** What a connector's configuration says about where its records come from and go to. */
export type FlowIdentity = {
  readonly kind: FlowKind;
  readonly source?: FlowEnd;
  readonly target?: FlowEnd;
  /** Name of a source topic on the target; undefined under a naming policy that kmon does not know. */
  readonly remoteTopic?: (topic: string) => string;
  /** Whether `topics` and `topics.exclude` let a topic through. */
  readonly replicates: (topic: string) => boolean;
  /** The entries of `topics` that are names rather than patterns. */
  readonly literalTopics: readonly string[];
  readonly copying: Copying;
};

/**
 * Reads a connector's configuration as MirrorMaker 2 would (KIP-382). `connectCluster` is the named cluster that the
 * workers themselves use: the framework's producer writes there unless the connector overrides it.
 */
export function identify(
  connector: ConnectorSeen,
  clusters: readonly NamedCluster[],
  connectCluster: string | undefined,
): FlowIdentity {
  const { config } = connector;
  const kind = kindOf(connector);
  const policy = config['replication.policy.class'] ?? 'DefaultReplicationPolicy';
  const alias = config['source.cluster.alias'] ?? '';
  const remote = remoteName(policy, alias, config['replication.policy.separator'] ?? '.');
  const written = named(clusters, undefined, config['producer.override.bootstrap.servers']) ?? connectCluster;
  const source = end(clusters, config, 'source', undefined);
  const target = end(clusters, config, 'target', kind === 'mirror-source' ? written : undefined);
  const filter = topicFilter(config);
  return {
    kind,
    ...(source && { source }),
    ...(target && { target }),
    ...(remote && { remoteTopic: remote }),
    ...filter,
    copying:
      remote === undefined || config['exactly.once.support'] === 'required' ? 'other' : transforming(config),
  };
}

/** Transforms that come with Kafka and neither drop a record nor send it elsewhere. */
const harmless =
  /^org\.apache\.kafka\.connect\.transforms\.(Cast|DropHeaders|ExtractField|Flatten|HeaderFrom|HoistField|InsertField|InsertHeader|MaskField|ReplaceField|SetSchemaMetadata|TimestampConverter|ValueToKey)(\$(Key|Value))?$/;
const dropsOrReroutes = /(^|\.)(Filter|RegexRouter|TimestampRouter)$/;

function transforming(config: Readonly<Record<string, string>>): Copying {
  const classes = list(config['transforms']).map(name => config[`transforms.${name}.type`] ?? '');
  if (classes.some(c => dropsOrReroutes.test(c))) return 'other';
  return classes.every(c => harmless.test(c)) ? 'one-for-one' : 'unproven';
}

function kindOf(connector: ConnectorSeen): FlowKind {
  const name = (connector.config['connector.class'] ?? '').replace(/^.*\./, '').replace(/Connector$/, '');
  if (name === 'MirrorSource') return 'mirror-source';
  if (name === 'MirrorCheckpoint') return 'mirror-checkpoint';
  if (name === 'MirrorHeartbeat') return 'mirror-heartbeat';
  return connector.type === 'sink' ? 'sink' : 'source';
}

function end(
  clusters: readonly NamedCluster[],
  config: Readonly<Record<string, string>>,
  which: 'source' | 'target',
  known: string | undefined,
): FlowEnd | undefined {
  const alias = config[`${which}.cluster.alias`];
  if (alias === undefined) return undefined;
  const cluster = known ?? named(clusters, alias, config[`${which}.cluster.bootstrap.servers`]);
  return cluster === undefined ? { alias } : { alias, cluster };
}

/** A shared address is proof; the same name is the user's own word for it (the addresses may be of another listener). */
function named(
  clusters: readonly NamedCluster[],
  alias: string | undefined,
  bootstrap: string | undefined,
): string | undefined {
  const addresses = new Set(list(bootstrap).map(plain));
  const byAddress = clusters.find(c => c.bootstrap.some(address => addresses.has(plain(address))));
  return (byAddress ?? clusters.find(c => c.name === alias))?.name;
}

function plain(address: string): string {
  return address
    .replace(/^[A-Z_]+:\/\//i, '')
    .replace(/^localhost:/, '127.0.0.1:')
    .toLowerCase();
}

function remoteName(
  policy: string,
  alias: string,
  separator: string,
): ((topic: string) => string) | undefined {
  if (policy.endsWith('IdentityReplicationPolicy')) return topic => topic;
  if (policy.endsWith('DefaultReplicationPolicy')) return topic => `${alias}${separator}${topic}`;
  return undefined;
}

/** MirrorMaker 2's own heartbeats are left out: a record a second of its own, in a compacted topic, is not data. */
function topicFilter(
  config: Readonly<Record<string, string>>,
): Pick<FlowIdentity, 'replicates' | 'literalTopics'> {
  const wanted = list(config['topics'] ?? '.*');
  const exclude = patterns(list(config['topics.exclude'] ?? config['topics.blacklist']), nothing);
  const include = patterns(wanted, anything);
  const own = /(^|[.])heartbeats$/;
  return {
    literalTopics: wanted.filter(entry => /^[\w.-]+$/.test(entry)),
    replicates: topic =>
      !own.test(topic) && include.some(p => p.test(topic)) && !exclude.some(p => p.test(topic)),
  };
}

const anything = /^/;
const nothing = /(?!)/;

/** A Java pattern that JavaScript cannot read lets the topic through: better one too many than none. */
function patterns(entries: readonly string[], unreadable: RegExp): RegExp[] {
  return entries.map(entry => {
    try {
      return new RegExp(`^(?:${entry})$`);
    } catch {
      return unreadable;
    }
  });
}

function list(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map(entry => entry.trim())
    .filter(entry => entry !== '');
}
