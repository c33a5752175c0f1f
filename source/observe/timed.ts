import type { Clock } from '../core/clock.js';
import type { Answer, Timing } from '../core/observation.js';

/** Stamps a question that does not stamp itself. */
export async function timed<T>(
  clock: Clock,
  ask: () => Promise<Answer<T>>,
): Promise<Timing & { readonly answer: Answer<T> }> {
  const asked = clock.now();
  const answer = await ask();
  return { asked, answered: clock.now(), answer };
}
