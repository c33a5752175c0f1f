import type { Answer, QuotaEntity, QuotaKey, QuotaSeen } from '../../../core/observation.js';
import type { KafkaLink, KafkaRequest, Timed } from '../link.js';
import { failureOfCode } from '../protocol-errors.js';
import type { Reader } from '../reader.js';

/**
 * DescribeClientQuotas (48, KIP-546, Kafka 2.6): every quota by user, client id or both. Any broker knows them all. Needs
 * DescribeConfigs on the cluster.
 */
export async function readClientQuotas(
  link: KafkaLink,
  broker: number,
  signal?: AbortSignal,
): Promise<Timed<Answer<readonly QuotaSeen[]>>> {
  const subject = `DescribeClientQuotas of ${link.nameOf(broker)}`;
  const { answer, ...times } = await link.send(broker, describeClientQuotas(subject), signal);
  return { ...times, answer: 'ok' in answer ? answer.ok : answer };
}

function describeClientQuotas(subject: string): KafkaRequest<Answer<readonly QuotaSeen[]>> {
  return {
    key: 48,
    name: 'DescribeClientQuotas',
    versions: [0, 1],
    flexibleFrom: 1,
    encode: body => {
      const [ofAnyEntity, strict] = [[], false];
      body
        .list(ofAnyEntity, () => undefined)
        .flag(strict)
        .tags();
    },
    decode: answer => {
      answer.throttle();
      const failed = failureOfCode(answer.int16(), subject, answer.text());
      const quotas = answer.list(() => quota(answer));
      answer.tags();
      return failed ? { failed } : { ok: quotas.flatMap(q => q ?? []) };
    },
  };
}

const keys: ReadonlySet<string> = new Set<QuotaKey>([
  'producer_byte_rate',
  'consumer_byte_rate',
  'request_percentage',
  'controller_mutation_rate',
]);

function isQuotaKey(key: string): key is QuotaKey {
  return keys.has(key);
}

/** Undefined for one that is for something else than a client. */
function quota(answer: Reader): QuotaSeen | undefined {
  const parts = new Map(
    answer.list(() => {
      const part = [answer.name(), answer.text() ?? null] as const;
      answer.tags();
      return part;
    }),
  );
  const limits: Partial<Record<QuotaKey, number>> = {};
  answer.list(() => {
    const [key, value] = [answer.name(), answer.float64()];
    answer.tags();
    if (isQuotaKey(key)) limits[key] = value;
  });
  answer.tags();
  const entity = entityOf(parts);
  return entity === undefined || Object.keys(limits).length === 0 ? undefined : { entity, limits };
}

function entityOf(parts: ReadonlyMap<string, string | null>): QuotaEntity | undefined {
  const { user, 'client-id': clientId, ...others } = Object.fromEntries(parts);
  if (Object.keys(others).length > 0) return undefined;
  return { ...(user !== undefined && { user }), ...(clientId !== undefined && { clientId }) };
}
