import * as z from 'zod';

/** A number at the mark and now; null where it was or is not known. */
const rate = z.strictObject({ then: z.number().nullable(), now: z.number().nullable() });
const interval = z.strictObject({ low: z.number(), high: z.number() });

/** What of a verdict is about the time since a mark. */
export const sinceShape = z
  .strictObject({
    mark: z.strictObject({ at: z.string(), label: z.string().nullable() }),
    from: z.enum(['mark', 'recording']).describe('where it is known from what everything was like then'),
    seconds: z.number().describe('since then'),
    newFindings: z
      .array(z.string())
      .describe('keys of those that did not fire then, or not so; only these count for the verdict'),
    endedFindings: z.array(z.string()).describe('keys of those that fired then and are not there now'),
    changes: z.array(
      z.strictObject({
        subject: z.strictObject({ kind: z.enum(['flow', 'group']), id: z.string(), name: z.string() }),
        is: z.enum(['there', 'new', 'gone']).describe('new: not there at the mark, so not compared'),
        lag: z
          .strictObject({
            then: interval.nullable(),
            now: interval.nullable(),
            least: z.number().nullable().describe('records that it grew by, at least'),
            most: z.number().nullable(),
            limit: z.number().describe('growth beyond it is worse: `mark-lag-time`, `mark-lag-records`'),
          })
          .nullable()
          .describe('null where there is no lag to tell'),
        rates: z.record(z.string(), rate).describe('records/s: poll, write, arrival of a flow; consume'),
        rebalances: z
          .strictObject({
            seen: z.number(),
            all: z.boolean().describe('false where no kmon looked all the time: there may be more'),
            limit: z.number().describe('more is worse: `mark-rebalances`'),
          })
          .nullable(),
        worse: z.array(z.string()).describe('why this makes the verdict a warning; empty where it does not'),
      }),
    ),
  })
  .nullable()
  .describe('with --since-mark or --since: what changed since; else null');

export type SinceReport = NonNullable<z.infer<typeof sinceShape>>;
