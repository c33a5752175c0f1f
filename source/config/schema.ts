import * as z from 'zod';
import { examples, quantityOf } from '../core/quantity.js';
import type { Settable } from './settable.js';
import { looks } from './looks.js';

/** `~/.config/kmon/config.yaml` as it is written; unknown keys are refused, so that a typing error is not silent. */

const secret = z.union([
  z.string(),
  z.strictObject({ env: z.string() }),
  z.strictObject({ file: z.string() }),
]);

export type SecretSource = z.infer<typeof secret>;

const basicAuth = z.strictObject({ username: z.string(), password: secret });

const addresses = z.union([z.string(), z.array(z.string()).min(1)]);

/** Advertised address → where it is reached instead. */
const brokerMap = z.record(z.string(), z.string());

const cluster = z.strictObject({
  bootstrap: addresses.optional(),
  /** A Java client.properties, relative to this file. */
  properties: z.string().optional(),
  /** The cluster id that is expected here. */
  id: z.string().optional(),
  'broker-map': brokerMap.optional(),
  /** Topics whose newest records kmon may read, to tell hot keys and broken order; only hashes of keys are kept. */
  sample: z.array(z.string()).min(1).optional(),
});

/** How an HTTP service is spoken to. */
const access = {
  'basic-auth': basicAuth.optional(),
  'bearer-token': secret.optional(),
  /** PEM files, relative to this file. */
  tls: z
    .strictObject({
      ca: z.string().optional(),
      cert: z.string().optional(),
      key: z.string().optional(),
      passphrase: secret.optional(),
    })
    .optional(),
  /** `env`: through what HTTP_PROXY, HTTPS_PROXY and NO_PROXY name. */
  proxy: z.enum(['env', 'none']).optional(),
};

const connect = z.strictObject({
  name: z.string().optional(),
  url: z.string().optional(),
  urls: z.array(z.string()).min(1).optional(),
  cluster: z.string().optional(),
  'managed-by': z.enum(['rest', 'strimzi', 'file']).optional(),
  ...access,
});

const metricsPage = z.strictObject({ url: z.string(), ...access });

const metrics = z.strictObject({
  prometheus: metricsPage.optional(),
  /** Pages of exporters: a URL, or one with how it is spoken to. */
  scrape: z.array(z.union([z.string(), metricsPage])).default([]),
});

/** A number in the unit of the setting, from what people write: `85%`, `100ms`, `30m`, `1.5k`. */
const quantity = ({ unit }: Pick<Settable[string], 'unit'>) =>
  z.unknown().transform((written, context): number => {
    const value = quantityOf(String(written), unit);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: `write it with its unit, for example ${examples[unit]}` });
    return z.NEVER;
  });

/** How much memory the past may take. */
const history = z.strictObject({
  /** What everything looked like, for stepping back: 8 MB are two hours of 200 groups. */
  moments: quantity({ unit: 'bytes' }).optional(),
  /** Partitions whose lag has a past: those with the most lag, where there are more. A thousand take 1.3 MB. */
  partitions: quantity({ unit: 'count' }).optional(),
});

const contextKeys = {
  clusters: z.record(z.string(), cluster).default({}),
  connect: z.array(connect).default([]),
  metrics: metrics.default({ scrape: [] }),
  /** For every cluster of this context. */
  'broker-map': brokerMap.default({}),
  /** For every HTTP endpoint of this context that says nothing of its own. */
  proxy: access.proxy,
  mode: z.enum(['read-only', 'read-write']).optional(),
  /** Seconds between two passes. */
  interval: z.number().min(0.5).max(300).optional(),
  history: history.default({}),
};

/** `7` is a key as well as `x`. */
const key = z.union([z.string(), z.number()]).transform(String);

/** The file as a whole; `settable` are the thresholds that a context may set. */
export const configFile = (settable: Settable) =>
  z.strictObject({
    'current-context': z.string().optional(),
    /** Keys of the screen by the name of the action, one or several; `docs/keys.md` lists the actions. */
    keys: z.record(z.string(), z.union([key, z.array(key)])).default({}),
    theme: z.enum(looks.theme).optional(),
    glyphs: z.enum(looks.glyphs).optional(),
    contexts: z
      .record(
        z.string(),
        z.strictObject({
          ...contextKeys,
          /** What the rules compare with, where it is not kmon's default; `docs/diagnosis.md` lists them. */
          thresholds: z
            .strictObject(
              Object.fromEntries(
                Object.entries(settable).map(([name, one]) => [name, quantity(one).optional()]),
              ),
            )
            .default({}),
        }),
      )
      .default({}),
  });

/** Every key that may stand somewhere in the file, to tell a typing error by. */
export const knownKeys: readonly string[] = [
  ...new Set(
    [cluster, connect, metrics, metricsPage, basicAuth, history]
      .flatMap(schema => Object.keys(schema.shape))
      .concat(
        Object.keys(contextKeys),
        Object.keys(looks),
        'thresholds',
        'keys',
        'current-context',
        'contexts',
      )
      .concat('ca', 'cert', 'key', 'passphrase', 'env', 'file'),
  ),
];

export type ConfigFile = z.infer<ReturnType<typeof configFile>>;
export type ConnectEntry = z.infer<typeof connect>;
export type AccessEntry = Pick<ConnectEntry, 'basic-auth' | 'bearer-token' | 'tls' | 'proxy'>;
