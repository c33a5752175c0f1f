import type { Answer } from '../../core/observation.js';

/** The same answer with its value turned into another; `f` may find out that it is none. */
export function mapAnswer<A, B>(answer: Answer<A>, f: (value: A) => Answer<B>): Answer<B> {
  return 'ok' in answer ? f(answer.ok) : answer;
}
