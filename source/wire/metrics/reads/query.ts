import * as z from 'zod';
import type { Answer } from '../../../core/observation.js';
import type { Labels } from '../labels.js';
import type { PrometheusLink } from '../link.js';

export type Vector = readonly { readonly labels: Labels; readonly value: number }[];

const shape = z.object({
  resultType: z.literal('vector'),
  result: z.array(
    z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) }),
  ),
});

/** The value of each series of `promql` now. NaN and infinities are NaN: not known. */
export async function instantQuery(
  link: PrometheusLink,
  promql: string,
  what: string,
  signal?: AbortSignal,
): Promise<Answer<Vector>> {
  const answer = await link.ask({
    path: '/api/v1/query',
    params: new URLSearchParams({ query: promql }),
    method: 'POST',
    shape,
    what,
    signal,
  });
  if ('failed' in answer) return answer;
  return { ok: answer.ok.result.map(({ metric, value }) => ({ labels: metric, value: finite(value[1]) })) };
}

/** A value as Prometheus prints it; NaN where it is none, or infinite. */
export function finite(text: string): number {
  const n = Number(text);
  return Number.isFinite(n) && text !== '' ? n : NaN;
}
