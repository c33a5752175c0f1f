import type { QuotaEntity, QuotaKey, QuotaSeen } from '../core/observation.js';

/** A quota that is set for a client. */
export type QuotaLevel = {
  readonly entity: QuotaEntity;
  readonly limit: number;
  /** Whether all client ids of the user have it together on each broker; else each client id has it to itself. */
  readonly shared: boolean;
};

/**
 * The quotas of `key` that are set for a client, by Kafka's precedence: the first of them holds, the others come into force
 * in turn when it is removed. None: it is not limited.
 *
 *     user + client id > user + default client > user >
 *     default user + client id > default user + default client > default user > client id > default client
 *
 * A default gives as much to each user (or client id) that it is for.
 */
export function quotasFor(
  quotas: readonly QuotaSeen[],
  client: { readonly user: string; readonly clientId: string },
  key: QuotaKey,
): readonly QuotaLevel[] {
  const levels = quotas.flatMap(({ entity, limits }): readonly (QuotaLevel & { rank: number })[] => {
    const limit = limits[key];
    const rank = rankOf(entity, client);
    if (limit === undefined || rank === undefined) return [];
    return [{ entity, limit, shared: entity.clientId === undefined, rank }];
  });
  return levels
    .sort((a, b) => a.rank - b.rank)
    .map(({ entity, limit, shared }) => ({ entity, limit, shared }));
}

/** Undefined where the quota is not for this client. */
function rankOf(
  entity: QuotaEntity,
  client: { readonly user: string; readonly clientId: string },
): number | undefined {
  const [user, clientId] = [fit(entity.user, client.user), fit(entity.clientId, client.clientId)];
  if (user === undefined || clientId === undefined) return undefined;
  return user * 3 + clientId;
}

/** 0 for its own name, 1 for the default, 2 for whichever. */
function fit(name: string | null | undefined, own: string): number | undefined {
  if (name === undefined) return 2;
  if (name === null) return 1;
  return name === own ? 0 : undefined;
}
