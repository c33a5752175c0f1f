import * as z from 'zod';
import type { Remembered } from '../session/memory.js';

const number = z.number().nullable();
const interval = z.object({ low: z.number(), high: z.number() }).nullable();
const rebalances = z.object({ total: z.number(), since: z.number() });
const either = {
  lag: interval,
  lagless: z.literal(true).optional(),
  rebalances,
  assignment: z.string().nullable(),
};

/**
 * The file as it is written. What a newer kmon added is left out when it is read, so a file of another version is not written to:
 * it would lose that.
 */
export const stateShape = z.object({
  version: z.literal(1),
  /** For people who look into the file. */
  context: z.string(),
  marks: z.array(
    z.object({
      at: z.number(),
      label: z.string().optional(),
      baseline: z.object({
        complete: z.boolean(),
        flows: z.array(z.object({ id: z.string(), ...either, poll: number, write: number, arrival: number })),
        groups: z.array(z.object({ id: z.string(), ...either, consume: number })),
        topics: z
          .array(z.object({ id: z.string(), arrival: number, bytes: number, underReplicated: number }))
          .optional(),
        machines: z
          .array(z.object({ id: z.string(), cpu: number, heap: number, network: number, work: number }))
          .optional(),
        findings: z.array(
          z.object({
            key: z.string(),
            verdict: z.string(),
            severity: z.enum(['critical', 'warning', 'info']),
          }),
        ),
      }),
    }),
  ),
  pinned: z.array(z.string()),
  last: z
    .object({
      at: z.string(),
      open: z.record(z.string(), z.string()),
      lists: z.record(z.string(), z.object({ sort: z.string().optional() })),
    })
    .optional(),
});

/** What the text of a file holds, or what is wrong with it. */
export function rememberedIn(text: string): Remembered | { readonly wrong: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { wrong: 'it is not JSON' };
  }
  const parsed = stateShape.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const at = issue?.path.map(String).join('.') || 'the whole of it';
    return { wrong: at === 'version' ? 'another version of kmon wrote it' : `${at} is not what kmon writes` };
  }
  const { marks, pinned, last } = parsed.data;
  return {
    marks: marks.map(({ label, baseline, at }) => ({
      at,
      ...(label !== undefined && { label }),
      baseline: {
        complete: baseline.complete,
        flows: baseline.flows.map(withoutAbsent),
        groups: baseline.groups.map(withoutAbsent),
        ...(baseline.topics && { topics: baseline.topics }),
        ...(baseline.machines && { machines: baseline.machines }),
        findings: baseline.findings,
      },
    })),
    pinned,
    ...(last && { last }),
  };
}

function withoutAbsent<T extends { readonly lagless?: true | undefined }>({
  lagless,
  ...rest
}: T): Omit<T, 'lagless'> & { readonly lagless?: true } {
  return { ...rest, ...(lagless && { lagless }) };
}
