import { z } from 'zod';

/** `~/.config/kmon/config.yaml` as it is written; unknown keys are refused, so that a typing error is not silent. */

const secret = z.union([
  z.string(),
  z.strictObject({ env: z.string() }),
  z.strictObject({ file: z.string() }),
]);

export type SecretSource = z.infer<typeof secret>;

const basicAuth = z.strictObject({ username: z.string(), password: secret });

const addresses = z.union([z.string(), z.array(z.string()).min(1)]);

const cluster = z.strictObject({
  bootstrap: addresses.optional(),
  /** A Java client.properties, relative to this file. */
  properties: z.string().optional(),
  /** The cluster id that is expected here. */
  id: z.string().optional(),
});

const connect = z.strictObject({
  name: z.string().optional(),
  url: z.string().optional(),
  urls: z.array(z.string()).min(1).optional(),
  cluster: z.string().optional(),
  'managed-by': z.enum(['rest', 'strimzi', 'file']).default('rest'),
  'basic-auth': basicAuth.optional(),
});

const metrics = z.strictObject({
  prometheus: z
    .strictObject({
      url: z.string(),
      'basic-auth': basicAuth.optional(),
      'bearer-token': secret.optional(),
    })
    .optional(),
});

const context = z.strictObject({
  clusters: z.record(z.string(), cluster).default({}),
  connect: z.array(connect).default([]),
  metrics: metrics.default({}),
  mode: z.enum(['read-only', 'read-write']).default('read-only'),
  /** Seconds between two passes. */
  interval: z.number().min(0.5).max(300).optional(),
});

export const configFile = z.strictObject({
  'current-context': z.string().optional(),
  contexts: z.record(z.string(), context).default({}),
});

export type ConfigFile = z.infer<typeof configFile>;
export type ContextEntry = z.infer<typeof context>;
