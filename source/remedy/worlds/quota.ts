import type { Answer, QuotaKey, QuotaSeen } from '../../core/observation.js';
import type { KafkaLink } from '../../wire/kafka/link.js';
import { readClientQuotas } from '../../wire/kafka/reads/client-quotas.js';
import { readReplicas } from '../../wire/kafka/reads/replicas.js';
import type { QuotaEntity } from '../plan.js';
import type { InKafka } from './kafka.js';

/** The quotas that clients of an entity may be under now: its own, and those of other levels of precedence. */
export type QuotaWorld = InKafka & {
  readonly kind: 'quota';
  /** Its own limits. */
  readonly limits: Readonly<Partial<Record<QuotaKey, number>>>;
  readonly quotas: readonly QuotaSeen[];
};

export async function readQuota(
  link: KafkaLink,
  entity: QuotaEntity,
  signal: AbortSignal,
): Promise<Answer<QuotaWorld>> {
  const cluster = (await readReplicas(link, 'none', signal)).answer;
  if ('failed' in cluster) return cluster;
  const { clusterId, controller, brokers } = cluster.ok;
  const { answer } = await readClientQuotas(link, controller, signal);
  if ('failed' in answer) return answer;
  const quotas = answer.ok.filter(({ entity: other }) => mayMeet(entity, other));
  const own = quotas.find(
    ({ entity: other }) => other.user === entity.user && other.clientId === entity.client,
  );
  return { ok: { kind: 'quota', clusterId, controller, brokers, quotas, limits: own?.limits ?? {} } };
}

/** A limit of the entity itself, by its key. */
export function quotaShows({ limits }: QuotaWorld, key: string): string | undefined {
  const limit = new Map<string, number>(Object.entries(limits)).get(key);
  return limit === undefined ? undefined : String(limit);
}

/** The quotas that are not as they were, each by its entity. */
export function quotaDiffers(before: QuotaWorld, now: QuotaWorld): readonly string[] {
  const [was, is] = [byEntity(before), byEntity(now)];
  const all = new Set([...was.keys(), ...is.keys()]);
  return [...all].filter(entity => was.get(entity) !== is.get(entity)).sort();
}

/** `user mm2-user`, `client-id <default>`, `user mm2-user and client-id mm2`: in the words of Kafka's tools. */
export function entityInWords({ user, clientId }: QuotaSeen['entity']): string {
  const parts = [
    ...(user === undefined ? [] : [`user ${user ?? '<default>'}`]),
    ...(clientId === undefined ? [] : [`client-id ${clientId ?? '<default>'}`]),
  ];
  return parts.join(' and ');
}

function byEntity({ quotas }: QuotaWorld): ReadonlyMap<string, string> {
  return new Map(
    quotas.map(({ entity, limits }) => [
      `quota of ${entityInWords(entity)}`,
      JSON.stringify(Object.entries(limits).sort(([a], [b]) => (a < b ? -1 : 1))),
    ]),
  );
}

/** Whether one client can be under both. */
function mayMeet(entity: QuotaEntity, other: QuotaSeen['entity']): boolean {
  return meets(entity.user, other.user) && meets(entity.client, other.clientId);
}

function meets(a: string | null | undefined, b: string | null | undefined): boolean {
  return a === undefined || a === null || b === undefined || b === null || a === b;
}
