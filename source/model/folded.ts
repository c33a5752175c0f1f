import type { Millis } from '../core/clock.js';
import { lost, seen, type Known } from '../core/known.js';
import type { Answer } from '../core/observation.js';

/** What was answered, or when it was lost and what it was before. */
export function folded<T>(
  before: Known<T> | undefined,
  { answer, answered }: { readonly answer: Answer<T>; readonly answered: Millis },
): Known<T> {
  return 'ok' in answer ? seen(answer.ok, answered) : lost(before, answer.failed, answered);
}
