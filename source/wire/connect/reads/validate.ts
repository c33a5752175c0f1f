import * as z from 'zod';
import { redactText } from '../../http/redact-text.js';
import type { Answer } from '../../../core/observation.js';
import type { ConnectLink } from '../link.js';
import { mapAnswer } from '../map-answer.js';
import { RawConfig } from '../raw-config.js';

const shape = z.object({
  error_count: z.number(),
  configs: z
    .array(
      z.object({ value: z.object({ name: z.string(), errors: z.array(z.string()).default([]) }).nullish() }),
    )
    .default([]),
});

export type Validation = {
  readonly errorCount: number;
  /** Redacted. */
  readonly errors: readonly { readonly key: string; readonly message: string }[];
};

/**
 * What Connect would say to this configuration, without storing it (PUT /connector-plugins/{class}/config/validate).
 * It runs the override policy too, so that a forbidden `producer.override.*` is found out here.
 */
export async function validateConfig(
  link: ConnectLink,
  config: RawConfig,
  signal?: AbortSignal,
): Promise<Answer<Validation>> {
  const connectorClass = config.shown('connector.class') ?? '';
  const answer = await link.read({
    method: 'PUT',
    path: `/connector-plugins/${encodeURIComponent(connectorClass)}/config/validate`,
    body: RawConfig.bodyOf(config),
    shape,
    signal,
  });
  const secrets = RawConfig.secretsOf(config);
  return mapAnswer(answer, ({ error_count: errorCount, configs }) => {
    const errors = configs.flatMap(({ value }) =>
      value ? value.errors.map(message => ({ key: value.name, message: redactText(message, secrets) })) : [],
    );
    return { ok: { errorCount, errors } };
  });
}
