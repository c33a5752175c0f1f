import type { QuotaEntity, QuotaKey } from '../../../core/observation.js';
import type { KafkaLink, KafkaRequest } from '../link.js';
import { writeOnce, type Said, type Verdict, type Written } from '../written.js';

/** New limits of one entity; null takes one away, and the next by precedence holds. */
export type QuotaChange = {
  readonly entity: QuotaEntity;
  readonly limits: Readonly<Partial<Record<QuotaKey, number | null>>>;
};

/**
 * AlterClientQuotas (49, KIP-546, Kafka 2.6): sets and removes quotas. Any broker takes it (before KRaft too). Needs AlterConfigs
 * on the cluster.
 */
export function alterQuotas(
  link: KafkaLink,
  broker: number,
  changes: readonly QuotaChange[],
  { validateOnly = false }: { readonly validateOnly?: boolean } = {},
  signal?: AbortSignal,
): Promise<Written<QuotaChange>> {
  const keyOf = ({ entity }: QuotaChange): string => named(partsOf(entity));
  return writeOnce(link, broker, alterClientQuotas(changes, validateOnly), changes, keyOf, signal);
}

type Part = readonly [type: string, name: string | null];

function partsOf({ user, clientId }: QuotaEntity): readonly Part[] {
  const parts: Part[] = [];
  if (user !== undefined) parts.push(['user', user]);
  if (clientId !== undefined) parts.push(['client-id', clientId]);
  return parts;
}

/** `user mm2-user, client-id <default>`; the broker may give the parts in another order. */
function named(parts: readonly Part[]): string {
  return [...parts]
    .sort(([a], [b]) => (a < b ? 1 : -1))
    .map(([type, name]) => `${type} ${name ?? '<default>'}`)
    .join(', ');
}

function alterClientQuotas(changes: readonly QuotaChange[], validateOnly: boolean): KafkaRequest<Said> {
  return {
    key: 49,
    name: 'AlterClientQuotas',
    versions: [0, 1],
    flexibleFrom: 1,
    encode: body => {
      body.list(changes, ({ entity, limits }) => {
        body.list(partsOf(entity), ([type, name]) => body.text(type).text(name).tags());
        body.list(Object.entries(limits), ([key, limit]) => {
          body
            .text(key)
            .float64(limit ?? 0)
            .flag(limit === null)
            .tags();
        });
        body.tags();
      });
      body.flag(validateOnly).tags();
    },
    decode: answer => {
      answer.throttle();
      const items = answer.list((): readonly [string, Verdict] => {
        const verdict = { code: answer.int16(), message: answer.text() };
        const parts = answer.list((): Part => {
          const part = [answer.name(), answer.text() ?? null] as const;
          answer.tags();
          return part;
        });
        answer.tags();
        return [named(parts), verdict];
      });
      return { throttled: answer.throttled, items: new Map(items) };
    },
  };
}
