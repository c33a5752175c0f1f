import * as z from 'zod';
import type { Clock } from '../../core/clock.js';
import { failure, type FailureKind } from '../../core/failure.js';
import type { Answer } from '../../core/observation.js';
import { httpClient, type HttpReply } from '../http/ask.js';
import { parseJson, shaped } from '../http/json.js';
import { redactText } from '../http/redact-text.js';
import type { PrometheusEndpoint } from './endpoint.js';

/** A question to Prometheus' HTTP API: `what` names it in a Failure. */
export type ApiQuestion<T> = {
  readonly path: string;
  readonly params: URLSearchParams;
  readonly method?: 'GET' | 'POST';
  readonly shape: z.ZodType<T>;
  readonly what: string;
  readonly signal?: AbortSignal | undefined;
};

export type PrometheusLink = {
  readonly name: string;
  readonly clock: Clock;
  /** The `data` of the answer, or why there is none. Never rejects. */
  readonly ask: <T>(question: ApiQuestion<T>) => Promise<Answer<T>>;
  readonly close: () => void;
};

const maxBytes = 32 * 1024 * 1024;

const envelope = z.object({
  status: z.string(),
  data: z.unknown().optional(),
  errorType: z.string().optional(),
  error: z.string().optional(),
});

export function openPrometheus(
  endpoint: PrometheusEndpoint,
  { clock, maxAnswer = maxBytes }: { readonly clock: Clock; readonly maxAnswer?: number },
): PrometheusLink {
  const http = httpClient({
    clock,
    maxBytes: maxAnswer,
    access: endpoint,
  });
  const base = endpoint.url.replace(/\/+$/, '');

  return {
    name: endpoint.name,
    clock,
    async ask(q) {
      const subject = `${q.what} of ${endpoint.name}`;
      const post = q.method === 'POST';
      const search = q.params.size === 0 || post ? '' : `?${q.params.toString()}`;
      const question = {
        method: q.method ?? 'GET',
        url: base + q.path + search,
        subject,
        deadline: endpoint.requestTimeout,
        follow: !post,
        signal: q.signal,
        ...(post && { form: q.params }),
      };
      let got = await http.ask(question);
      // A kept connection that the server closed while it was idle is found out only by asking on it.
      if ('failed' in got && got.failed.kind === 'malformed')
        got = await http.ask({ ...question, fresh: true });
      if ('failed' in got) return got;
      const data = understand(got.reply, subject);
      return 'failed' in data ? data : shaped(q.shape, data.ok, subject);
    },
    close: () => {
      http.close();
    },
  };
}

function understand(reply: HttpReply, subject: string): Answer<unknown> {
  const body = parseJson(reply, subject);
  const said = 'ok' in body ? envelope.safeParse(body.ok) : undefined;
  if (reply.status >= 200 && reply.status < 300) {
    if ('failed' in body) return body;
    if (said?.success && said.data.status === 'success') return { ok: said.data.data };
    return { failed: failure('malformed', subject, 'the answer is not one of Prometheus') };
  }
  const words = said?.success ? redactText(said.data.error ?? '') : '';
  // Prometheus' own page for a path that it does not have.
  if (reply.status === 404 && /^404 page not found\s*$/.test(reply.text))
    return { failed: failure('unsupported', subject, 'HTTP 404: this Prometheus has no such endpoint') };
  const kind = kindOf(reply.status, said?.success ? said.data.errorType : undefined, words);
  if (kind === 'malformed' && 'failed' in body) return body;
  return {
    failed: failure(kind, subject, words ? `HTTP ${reply.status}: ${words}` : `HTTP ${reply.status}`),
  };
}

function kindOf(status: number, errorType: string | undefined, words: string): FailureKind {
  if (errorType === 'timeout') return 'timeout';
  if (/exceeded maximum resolution|would load too many samples|too many (samples|series)/.test(words))
    return 'too-large';
  if (errorType === 'canceled') return 'busy';
  switch (status) {
    case 401:
      return 'unauthenticated';
    case 403:
      return 'unauthorised';
    case 404:
    case 405:
      return errorType === undefined ? 'malformed' : 'unsupported';
    case 408:
    case 504:
      return 'timeout';
    case 429:
    case 503:
      return 'busy';
    default:
      return 'malformed';
  }
}
