import type { KafkaState, SimulatedQuota } from '../kafka/state.js';
import { lead } from './brokers.js';
import { mirrorUser } from './publish-connect.js';
import { copyOf, type Quota, type SiteState } from './state.js';

/**
 * Both ways between the engine and the target cluster, for what a client may change there: the quota of MirrorMaker 2, replicas
 * and who leads. A quota that a scene sets shows in the cluster, and one that a client sets throttles; the later counts.
 */
export class KafkaTie {
  private shown: Quota | undefined;

  constructor(private readonly cluster: KafkaState) {}

  /** What clients changed since the last step takes its course. */
  obey(state: SiteState): void {
    if (state.quota === this.shown) {
      const { limit, of } = limitOf(this.cluster.quotas) ?? {};
      const isOther = limit !== state.quota?.bytesPerSecond || of !== state.quota?.of;
      if (isOther)
        state.quota = limit === undefined || of === undefined ? undefined : { bytesPerSecond: limit, of };
      this.shown = state.quota;
    }
    for (const p of state.partitions) {
      const topic = this.cluster.topics[copyOf(p.topic)];
      const copy = topic?.partitions[p.partition];
      if (copy === undefined) continue;
      p.unclean = topic?.configs?.['unclean.leader.election.enable'] === 'true';
      p.replicas = [...copy.replicas];
      const isAlive = state.brokers.some(b => b.id === copy.leader && b.downSince === undefined);
      if (isAlive && p.isr.includes(copy.leader)) lead(p, copy.leader);
    }
  }

  publish({ quota }: SiteState): void {
    if (quota === this.shown) return;
    this.shown = quota;
    const others = this.cluster.quotas.filter(q => rankOf(q) === undefined);
    this.cluster.quotas = quota === undefined ? others : [...others, quotaOf(quota)];
  }
}

function quotaOf({ bytesPerSecond, of }: Quota): SimulatedQuota {
  const entity = of === 'user' ? { user: mirrorUser } : { 'client-id': null };
  return { entity, values: { [key]: bytesPerSecond } };
}

const key = 'producer_byte_rate';

/** What holds for MirrorMaker 2's producers: the quota of their user, or that of every client id. */
function limitOf(
  quotas: readonly SimulatedQuota[],
): { readonly limit: number; readonly of: Quota['of'] } | undefined {
  const [first] = quotas
    .flatMap(q => {
      const [rank, limit] = [rankOf(q), q.values[key]];
      return rank === undefined || limit === undefined ? [] : [{ rank, limit }];
    })
    .sort((a, b) => a.rank - b.rank);
  return first && { limit: first.limit, of: first.rank <= 1 ? 'user' : 'client' };
}

/** By Kafka's precedence; undefined of one that is not for MirrorMaker 2, or for single clients of it. */
function rankOf({ entity }: SimulatedQuota): number | undefined {
  const { user, 'client-id': client, ip } = entity;
  if (ip !== undefined) return undefined;
  if (client === undefined) return user === mirrorUser ? 0 : user === null ? 1 : undefined;
  return client === null && user === undefined ? 2 : undefined;
}
