import type { Failure } from '../../source/core/failure.js';
import type { Answer } from '../../source/core/observation.js';

/** The value of an answer; throws with the failure's words where there is none. */
export function ok<T>(answer: Answer<T>): T {
  if ('ok' in answer) return answer.ok;
  throw new Error(`${answer.failed.kind}: ${answer.failed.subject} (${answer.failed.detail})`);
}

/** The failure of an answer; throws where there is a value. */
export function failed(answer: Answer<unknown>): Failure {
  if ('failed' in answer) return answer.failed;
  throw new Error('it was answered');
}
