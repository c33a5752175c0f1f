import type { Answer, Timing } from './answer.js';

/** The limits of a client, by Kafka's own keys: bytes/s a broker, and percent of the time of one of its threads. */
export type QuotaKey =
  'producer_byte_rate' | 'consumer_byte_rate' | 'request_percentage' | 'controller_mutation_rate';

/**
 * Whom a quota is for: a user, a client id or both. Null is the default of its kind, for all who have none of their own;
 * absent means whichever.
 */
export type QuotaEntity = { readonly user?: string | null; readonly clientId?: string | null };

export type QuotaSeen = {
  readonly entity: QuotaEntity;
  readonly limits: Readonly<Partial<Record<QuotaKey, number>>>;
};

/** The quotas of a cluster (DescribeClientQuotas 48, KIP-546). Those by address limit connections, and are left out. */
export type QuotasSeen = Timing & {
  readonly kind: 'quotas';
  readonly cluster: string;
  readonly answer: Answer<readonly QuotaSeen[]>;
};
