import type { Millis } from '../core/clock.js';
import { failure, type Failure } from '../core/failure.js';
import type { Answer } from '../core/observation.js';
import type { ConnectLink } from '../wire/connect/link.js';
import type { KafkaLink } from '../wire/kafka/link.js';
import { nameOfTarget, placeOf, type Target } from './plan.js';
import type { World } from './world.js';
import { readConnector } from './worlds/connector.js';
import { readGroup } from './worlds/group.js';
import { readLeaders } from './worlds/leaders.js';
import { readQuota } from './worlds/quota.js';
import { readTopic } from './worlds/topic.js';

export type ManagedBy = 'rest' | 'strimzi' | 'file';

export type GateConnect = {
  readonly link: ConnectLink;
  /** Who owns the connectors' configuration: what an operator owns, it would put back. */
  readonly managedBy: ManagedBy;
  /** The Kafka cluster that this Connect must write to; another one refuses every change. */
  readonly expectedClusterId?: string;
};

export type GateCluster = {
  readonly link: KafkaLink;
  /** The cluster that must answer there; another one refuses every change. */
  readonly expectedClusterId?: string;
};

/** Where all that can be changed is. */
export type Places = {
  readonly connects: ReadonlyMap<string, GateConnect>;
  readonly clusters: ReadonlyMap<string, GateCluster>;
};

/** Why nothing of this context's may change the target. */
export function closed(
  places: Places,
  target: Target,
): { readonly reason: string; readonly owner?: 'strimzi' | 'file' } | undefined {
  if (target.kind !== 'connector') {
    const isThere = places.clusters.has(target.cluster);
    return isThere ? undefined : { reason: `this context has no cluster ${target.cluster}` };
  }
  const connect = places.connects.get(target.connect);
  if (connect === undefined) return { reason: `this context has no Connect cluster ${target.connect}` };
  const owner = connect.managedBy;
  return owner === 'rest' ? undefined : { reason: ownedBy(owner), owner };
}

/** The one way in which a target is read, for a plan and for all that follows. `time`: also what it was then. */
export async function read(
  places: Places,
  target: Target,
  time: Millis | undefined,
  signal: AbortSignal,
): Promise<Answer<World>> {
  if (target.kind === 'connector') {
    const connect = places.connects.get(target.connect);
    if (connect === undefined) return { failed: nowhere(target) };
    return readConnector(connect.link, target.connector, signal);
  }
  const link = places.clusters.get(target.cluster)?.link;
  if (link === undefined) return { failed: nowhere(target) };
  switch (target.kind) {
    case 'topic':
      return readTopic(link, target.topic, signal);
    case 'quota':
      return readQuota(link, target, signal);
    case 'group':
      return readGroup(link, target.group, time, signal);
    case 'cluster':
      return readLeaders(link, signal);
  }
}

/** Why it is another Kafka cluster than it must be; undefined where it is the right one. */
export function clusterDiffers(places: Places, target: Target, basis: World, now: World): string | undefined {
  const place =
    target.kind === 'connector' ? places.connects.get(target.connect) : places.clusters.get(target.cluster);
  const wanted = place?.expectedClusterId ?? basis.clusterId;
  if (now.clusterId === wanted) return undefined;
  const who =
    target.kind === 'connector'
      ? 'this Connect writes to Kafka cluster'
      : `${target.cluster} is Kafka cluster`;
  return `${who} ${now.clusterId}, not ${wanted}`;
}

export function nowhere(target: Target): Failure {
  return failure('absent', nameOfTarget(target), `this context has no ${placeOf(target)}`);
}

function ownedBy(owner: Exclude<ManagedBy, 'rest'>): string {
  return owner === 'strimzi'
    ? 'the Strimzi operator owns this configuration and would put it back'
    : 'a file owns this configuration and would put it back';
}
