import * as z from 'zod';
import { failure, type Failure, type FailureKind } from '../../core/failure.js';
import type { HttpReply } from '../http/ask.js';
import { parseJson } from '../http/json.js';
import { redactText } from '../http/redact-text.js';

/** Every error of Connect has this shape (ConnectExceptionMapper). */
const errorBody = z.object({ error_code: z.number().optional(), message: z.string() });

/**
 * What an answer that is not 2xx means. Two statuses mean two things each, told apart by the message:
 * 404 for an unknown connector or for an endpoint that this version lacks ("HTTP 404 Not Found"), and 500 for an
 * error or for "Request timed out" after 90 s.
 */
export function statusFailure(reply: HttpReply, subject: string): Failure {
  const body = parseJson(reply, subject);
  const parsed = 'ok' in body ? errorBody.safeParse(body.ok) : undefined;
  const message = parsed?.success ? parsed.data.message : '';
  const detail = redactText(message || `HTTP ${reply.status}`);
  const spoken = parsed?.success ?? false;
  const kind = kindOf(reply.status, message, spoken);
  if (kind === 'malformed' && 'failed' in body) return body.failed;
  const said = spoken ? `HTTP ${reply.status}: ${detail}` : detail;
  return failure(kind, subject, reply.status === 409 && spoken ? `rebalancing (${said})` : said);
}

function kindOf(status: number, message: string, spoken: boolean): FailureKind {
  switch (status) {
    case 401:
      return 'unauthenticated';
    case 403:
      return 'unauthorised';
    case 404:
      if (!spoken) return 'malformed';
      return /^HTTP 404/i.test(message) ? 'unsupported' : 'absent';
    case 405:
    case 501:
      return 'unsupported';
    case 409:
    case 429:
    case 503:
      return 'busy';
    case 408:
    case 504:
      return 'timeout';
    case 500:
      return /timed out/i.test(message) ? 'timeout' : 'malformed';
    default:
      return 'malformed';
  }
}
