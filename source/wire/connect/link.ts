import type * as z from 'zod';
import type { Clock, Millis } from '../../core/clock.js';
import { failure, type Failure } from '../../core/failure.js';
import type { Answer } from '../../core/observation.js';
import { httpClient, type HttpClient, type HttpReply } from '../http/ask.js';
import { neverArrived } from '../http/failures.js';
import { parseJson, shaped } from '../http/json.js';
import type { ConnectEndpoint } from './endpoint.js';
import { statusFailure } from './failures.js';

/** A question that changes nothing; `PUT` only for `/connector-plugins/{class}/config/validate`. */
export type ReadQuestion<T> = {
  readonly method?: 'GET' | 'PUT';
  readonly path: string;
  readonly body?: unknown;
  readonly shape: z.ZodType<T>;
  readonly signal?: AbortSignal | undefined;
};

export type WriteQuestion<T> = {
  readonly method: 'PUT' | 'PATCH' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  /** An answer without a body, as that to a pause, is `undefined`. */
  readonly shape: z.ZodType<T>;
  readonly signal?: AbortSignal | undefined;
};

/** What is known after a write: done, not done, or not known (then re-read before anything else). */
export type WriteResult<T> =
  { readonly done: T; readonly url: string } | { readonly undone: Failure } | { readonly uncertain: Failure };

/** A Connect cluster: any of its workers answers for all of them. Neither call ever rejects. */
export type ConnectLink = {
  readonly connect: string;
  /** The worker that answered last, else the first; without user or password. */
  readonly url: () => string;
  /** Asks the worker that answered last, then the others in turn. */
  readonly read: <T>(question: ReadQuestion<T>) => Promise<Answer<T>>;
  /**
   * Sends once, on a fresh connection, to one worker; another worker is tried only when nothing accepted the connection.
   * For `writes/` only.
   */
  readonly write: <T>(question: WriteQuestion<T>) => Promise<WriteResult<T>>;
  /** `host:port` of every worker, as given. */
  readonly workers: readonly string[];
  /** What time it is on one of them, to the second; that worker alone is asked. */
  readonly date: (worker: string, signal?: AbortSignal) => Promise<Answer<Millis>>;
  readonly close: () => void;
};

/** An answer of 1,000 connectors with their configuration is about 4 MiB. */
const maxBytes = 32 * 1024 * 1024;

/** Connect gives up a request after 90 s (RestServer.DEFAULT_REST_REQUEST_TIMEOUT_MS); a write waits a little longer. */
const writeTimeout = 95_000;

export function openConnect(
  endpoint: ConnectEndpoint,
  { clock, maxAnswer = maxBytes }: { readonly clock: Clock; readonly maxAnswer?: number },
): ConnectLink {
  const http: HttpClient = httpClient({
    clock,
    maxBytes: maxAnswer,
    access: endpoint,
  });
  const urls = endpoint.urls.map(url => url.replace(/\/+$/, ''));
  let preferred = 0;

  function inTurn(): readonly number[] {
    return urls.map((_, i) => (preferred + i) % urls.length);
  }

  function subjectOf(method: string, path: string, url: string): string {
    return `${method} ${path.replace(/\?.*$/, '')} of connect ${endpoint.connect} (${hostOf(url)})`;
  }

  async function read<T>(q: ReadQuestion<T>): Promise<Answer<T>> {
    const method = q.method ?? 'GET';
    let last: Failure = failure('absent', `connect ${endpoint.connect}`, 'no worker URL is configured');
    for (const i of inTurn()) {
      const url = urls[i] ?? '';
      const subject = subjectOf(method, q.path, url);
      const { status, answer } = await askWorker(q, method, url, subject);
      if ('ok' in answer) {
        preferred = i;
        return answer;
      }
      last = answer.failed;
      if (!anotherMayAnswer(last, status)) break;
    }
    return { failed: last };
  }

  async function askWorker<T>(
    q: ReadQuestion<T>,
    method: 'GET' | 'PUT',
    url: string,
    subject: string,
  ): Promise<{ readonly answer: Answer<T>; readonly status?: number }> {
    const question = {
      method,
      url: url + q.path,
      subject,
      deadline: endpoint.requestTimeout,
      follow: method === 'GET',
      signal: q.signal,
      ...(q.body !== undefined && { body: q.body }),
    };
    let got = await http.ask(question);
    // A kept connection that the worker closed while it was idle is found out only by asking on it.
    if ('failed' in got && got.failed.kind === 'malformed')
      got = await http.ask({ ...question, fresh: true });
    if ('failed' in got) return { answer: got };
    return { status: got.reply.status, answer: understand(got.reply, q.shape, subject) };
  }

  async function write<T>(q: WriteQuestion<T>): Promise<WriteResult<T>> {
    let last: Failure = failure('absent', `connect ${endpoint.connect}`, 'no worker URL is configured');
    for (const i of inTurn()) {
      const url = urls[i] ?? '';
      const subject = subjectOf(q.method, q.path, url);
      const got = await http.ask({
        method: q.method,
        url: url + q.path,
        ...(q.body !== undefined && { body: q.body }),
        subject,
        deadline: writeTimeout,
        signal: q.signal,
        fresh: true,
      });
      if ('failed' in got) {
        last = got.failed;
        if (neverArrived(last)) continue;
        return { uncertain: last };
      }
      const { status, text } = got.reply;
      const silent = status >= 200 && status < 300 && text === '';
      const answer = silent ? shaped(q.shape, undefined, subject) : understand(got.reply, q.shape, subject);
      if ('ok' in answer) {
        preferred = i;
        return { done: answer.ok, url: withoutUser(url) };
      }
      // Connect refuses with a 4xx before it writes; anything else may have been written.
      return status >= 400 && status < 500 && status !== 408
        ? { undone: answer.failed }
        : { uncertain: answer.failed };
    }
    return { undone: last };
  }

  async function date(worker: string, signal?: AbortSignal): Promise<Answer<Millis>> {
    const url = urls.find(one => hostOf(one) === worker) ?? '';
    const subject = `clock of connect ${endpoint.connect} (${worker})`;
    const got = await http.ask({
      method: 'GET',
      url: `${url}/`,
      subject,
      deadline: endpoint.requestTimeout,
      signal,
      fresh: true,
    });
    if ('failed' in got) return got;
    const { date: said } = got.reply;
    return said === undefined
      ? { failed: failure('unsupported', subject, 'it sends no Date') }
      : { ok: said };
  }

  return {
    connect: endpoint.connect,
    workers: urls.map(hostOf),
    date,
    url: () => withoutUser(urls[preferred] ?? ''),
    read,
    write,
    close: () => {
      http.close();
    },
  };
}

function understand<T>(reply: HttpReply, shape: z.ZodType<T>, subject: string): Answer<T> {
  if (reply.status < 200 || reply.status >= 300) return { failed: statusFailure(reply, subject) };
  // What only begins something is answered 202 or 204, without a word.
  if (reply.text === '' && (reply.status === 202 || reply.status === 204))
    return shaped(shape, undefined, subject);
  const body = parseJson(reply, subject);
  return 'failed' in body ? body : shaped(shape, body.ok, subject);
}

/**
 * Workers share state, credentials and version; what differs between them is whether they are up and sane.
 * A rebalance (409) is the same for all of them.
 */
function anotherMayAnswer(f: Failure, status: number | undefined): boolean {
  if (status === undefined) return f.kind !== 'cancelled' && f.kind !== 'too-large';
  return status >= 500 || f.kind === 'malformed';
}

function withoutUser(url: string): string {
  return url.replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1');
}

function hostOf(url: string): string {
  return withoutUser(url).replace(/^[a-z]+:\/\//i, '');
}
