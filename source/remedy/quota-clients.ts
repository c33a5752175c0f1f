import type { QuotaKey, QuotaSeen } from '../core/observation.js';
import { isKnown, latest, valueOf } from '../core/known.js';
import { quotasFor, type QuotaLevel } from '../model/quotas.js';
import type { ClientIdentity, FlowView, Snapshot } from '../model/snapshot.js';
import type { Offered } from './action.js';
import { clusterOf } from './kafka-action.js';
import { nameOfTarget, type QuotaEntity, type Target } from './plan.js';

export type QuotaTarget = Extract<Target, { kind: 'quota' }>;

/** The limits of bytes that kmon changes, and on which side of a flow each holds. */
export type Direction = {
  readonly key: Extract<QuotaKey, 'producer_byte_rate' | 'consumer_byte_rate'>;
  readonly name: 'produce' | 'fetch';
};

export const produce: Direction = { key: 'producer_byte_rate', name: 'produce' };
export const fetch: Direction = { key: 'consumer_byte_rate', name: 'fetch' };

/** As whom a flow is under the quotas of one direction, and in which cluster; undefined where that is not known. */
export function clientOf(
  { clients, source, target }: FlowView,
  { name }: Direction,
): { readonly cluster: string; readonly client: ClientIdentity } | undefined {
  const cluster = name === 'produce' ? target?.cluster : source?.cluster;
  const client = name === 'produce' ? clients.writes : clients.reads;
  return cluster === undefined || client === undefined ? undefined : { cluster, client };
}

/** All levels for a client, by precedence, of its first client id for which there are any: a default one where none is known. */
export function levelsFor(
  quotas: readonly QuotaSeen[],
  { user, clientIds }: ClientIdentity,
  { key }: Direction,
): readonly QuotaLevel[] {
  if (user === undefined) return [];
  const ids = clientIds.length > 0 ? clientIds : [''];
  for (const clientId of ids) {
    const levels = quotasFor(quotas, { user, clientId }, key);
    if (levels.length > 0) return levels;
  }
  return [];
}

/** The entities whose quota holds for a flow, one for all its clients mostly, and why there is none to change. */
export function quotaOffers(
  snapshot: Snapshot,
  flow: FlowView,
  direction: Direction,
  title: string,
): readonly Offered[] {
  const who = clientOf(flow, direction);
  if (who === undefined) return [];
  const { cluster, client } = who;
  const seen = clusterOf(snapshot, cluster)?.quotas;
  const unnamed: Offered = {
    target: { kind: 'quota', cluster, ...(client.user !== undefined && { user: client.user }) },
  };
  if (seen === undefined || !isKnown(seen))
    return [{ ...unnamed, disabled: `the quotas of ${cluster} are not known` }];
  if (client.user === undefined) return [{ ...unnamed, disabled: 'as whom its clients log in is not known' }];
  const [first] = levelsFor(seen.value, client, direction);
  if (first === undefined)
    return [{ ...unnamed, disabled: `no ${direction.name} quota holds for ${client.user} on ${cluster}` }];
  const target: QuotaTarget = { kind: 'quota', cluster, ...entityOf(first) };
  return [{ target, title: `${title} of ${nameOfTarget(target)} on ${cluster}` }];
}

/**
 * The flows that the entity's quota holds for, as the model knows them; the one that writes most first: it is the one that a
 * quota is felt by, and checkpoints and heartbeats log in as the same user.
 */
export function flowsUnder(
  snapshot: Snapshot,
  target: QuotaTarget,
  direction: Direction,
): readonly FlowView[] {
  const quotas = valueOf(clusterOf(snapshot, target.cluster)?.quotas ?? noQuotas) ?? [];
  const under = snapshot.flows.filter(flow => {
    const who = clientOf(flow, direction);
    if (who === undefined || who.cluster !== target.cluster) return false;
    const [first] = levelsFor(quotas, who.client, direction);
    return first !== undefined && isSame(entityOf(first), target);
  });
  const writes = (flow: FlowView): number => latest(flow.write.now)?.value ?? -1;
  return under.sort((a, b) => writes(b) - writes(a));
}

const noQuotas = { value: [], at: 0 };

function entityOf({ entity: { user, clientId } }: QuotaLevel): QuotaEntity {
  return { ...(user !== undefined && { user }), ...(clientId !== undefined && { client: clientId }) };
}

function isSame(a: QuotaEntity, b: QuotaEntity): boolean {
  return a.user === b.user && a.client === b.client;
}
