import * as z from 'zod';
import type { Millis } from '../core/clock.js';
import type { Endpoint } from '../core/endpoint.js';
import { failureShape } from './failure-shape.js';

/**
 * One tick: here a snapshot was taken and judged. A replay that does the same at the same places shows the same frames.
 * It carries what a frame shows besides what was observed.
 */
export type Tick = {
  readonly at: Millis;
  readonly startedAt: Millis;
  readonly endpoints: readonly Endpoint[];
  readonly cost: { readonly requests: number; readonly seconds: number };
};

const status = z.discriminatedUnion('is', [
  z.object({ is: z.literal('asking'), what: z.string(), since: z.number() }),
  z.object({ is: z.literal('live'), lastAnswer: z.number() }),
  z.object({
    is: z.literal('failing'),
    failure: failureShape,
    since: z.number(),
    nextTry: z.number(),
    lastAnswer: z.number().exactOptional(),
  }),
]);

export const tickShape = z.object({
  at: z.number(),
  startedAt: z.number(),
  endpoints: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['kafka', 'connect', 'prometheus']),
      address: z.string(),
      status,
    }),
  ),
  cost: z.object({ requests: z.number(), seconds: z.number() }),
}) satisfies z.ZodType<Tick>;
