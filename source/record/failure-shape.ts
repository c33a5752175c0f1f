import * as z from 'zod';
import { failureKinds, type Failure } from '../core/failure.js';

/** A Failure as a line of a recording has it. */
export const failureShape = z.object({
  kind: z.enum(failureKinds),
  subject: z.string(),
  detail: z.string(),
  nextStep: z.string().exactOptional(),
}) satisfies z.ZodType<Failure>;
