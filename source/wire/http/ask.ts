import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions as HttpsAgentOptions } from 'node:https';
import type { Readable } from 'node:stream';
import axios, { type AxiosInstance } from 'axios';
import { within, type Clock, type Millis } from '../../core/clock.js';
import { failure, FailureError, type Failure } from '../../core/failure.js';
import type { HttpAccess } from './endpoint.js';
import { networkFailure } from './failures.js';
import { nextHop, type Hop } from './redirect.js';

/** One question to one address. */
export type HttpQuestion = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly url: string;
  readonly body?: unknown;
  /** `application/x-www-form-urlencoded` body. */
  readonly form?: URLSearchParams;
  /** What a Failure names: what was asked, of whom. */
  readonly subject: string;
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
  /** Follow to a worker or server of the same family (see `redirect.ts`); only for what changes nothing. */
  readonly follow?: boolean;
  /** A fresh connection: a write must not find out that a kept one was closed meanwhile. */
  readonly fresh?: boolean;
};

/** Any HTTP answer, whatever its status; what it means is for the caller to say. */
export type HttpReply = {
  readonly status: number;
  readonly text: string;
  readonly contentType: string;
  /** By the clock of the other side, to the second; most servers say it. */
  readonly date?: Millis;
};

type Result = { readonly reply: HttpReply } | { readonly failed: Failure };

export type HttpClient = {
  /** Never rejects. A Failure means that no complete HTTP answer came. */
  ask(question: HttpQuestion): Promise<Result>;
  /**
   * The same, but the body of an answer goes to `take` as it arrives and is not kept; `begin` sees the head first. Either
   * ends the reading with a Failure of its own. The reply's text is empty.
   */
  stream(
    question: HttpQuestion,
    begin: (head: HttpReply) => Failure | undefined,
    take: (chunk: Buffer) => Failure | undefined,
  ): Promise<Result>;
  /** Ends the kept connections. */
  close(): void;
};

export type HttpClientOptions = {
  readonly clock: Clock;
  readonly access: HttpAccess;
  /** Bytes of an answer, unzipped, beyond which reading stops with `too-large`. */
  readonly maxBytes: number;
  /** What the answer may be in; JSON if not given. */
  readonly accept?: string;
};

/**
 * HTTP as kmon speaks it: straight to the address (a proxy only where the endpoint asks for it, redirects only within a
 * family), with kept connections, a deadline by `clock` that covers connecting too, and a bound on what is read.
 */
export function httpClient(options: HttpClientOptions): HttpClient {
  const { basicAuth, bearerToken, proxy } = options.access;
  const tls = tlsOf(options.access);
  const kept = {
    http: new HttpAgent({ keepAlive: true }),
    https: new HttpsAgent({ ...tls, keepAlive: true }),
  };
  const once = { http: new HttpAgent(), https: new HttpsAgent(tls) };
  // For a host that neither password nor key was given for.
  const elsewhere = {
    http: new HttpAgent(),
    https: new HttpsAgent(tls.ca === undefined ? {} : { ca: tls.ca }),
  };
  const common = {
    adapter: 'http' as const,
    // axios takes the environment's proxy unless it is told not to.
    ...(proxy !== 'env' && { proxy: false as const }),
    maxRedirects: 0,
    maxContentLength: options.maxBytes,
    transformResponse: [(data: unknown) => data],
    validateStatus: () => true,
    headers: { Accept: options.accept ?? 'application/json' },
  };
  const client: AxiosInstance = axios.create({
    ...common,
    headers: {
      ...common.headers,
      ...(bearerToken !== undefined && { Authorization: `Bearer ${bearerToken}` }),
    },
    ...(basicAuth !== undefined && { auth: basicAuth }),
  });
  const stranger = axios.create(common);

  async function request(
    q: HttpQuestion,
    signal: AbortSignal,
    responseType: 'text' | 'stream',
    hops: readonly Hop[] = [],
  ): Promise<{ readonly data: unknown; readonly head: HttpReply }> {
    const { url, trusted } = hops.at(-1) ?? { url: q.url, trusted: true };
    const agents = !trusted ? elsewhere : q.fresh ? once : kept;
    const response = await (trusted ? client : stranger).request<unknown>({
      method: q.method,
      url,
      signal,
      responseType,
      httpAgent: agents.http,
      httpsAgent: agents.https,
      ...(q.body !== undefined && { data: q.body }),
      ...(q.form !== undefined && { data: q.form }),
      // Without a body too: axios says that such a POST or PUT is a form, which Connect answers with 415.
      ...(q.method !== 'GET' && q.form === undefined && { headers: { 'Content-Type': 'application/json' } }),
    });
    if (response.status >= 300 && response.status < 400 && q.follow) {
      const next = nextHop(q, url, response.headers['location'] as unknown, trusted, hops.length);
      if (responseType === 'stream') (response.data as Readable).destroy();
      return request(q, signal, responseType, [...hops, next]);
    }
    const contentType = response.headers['content-type'] as unknown;
    const head = {
      status: response.status,
      text: '',
      contentType: typeof contentType === 'string' ? contentType : '',
      ...dateOf(response.headers['date']),
    };
    return { data: response.data, head };
  }

  /** Runs `work` until the question's deadline; whatever it throws becomes a Failure. */
  async function bounded(q: HttpQuestion, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    if (q.signal?.aborted) return { failed: failure('cancelled', q.subject) };
    return within<Result>(
      options.clock,
      q.deadline,
      async signal => {
        try {
          return await work(signal);
        } catch (error) {
          if (error instanceof FailureError) return { failed: error.failure };
          return { failed: networkFailure(error, q.subject) };
        }
      },
      () => ({
        failed: q.signal?.aborted
          ? failure('cancelled', q.subject)
          : failure('timeout', q.subject, `no answer in ${q.deadline / 1000}s`),
      }),
      q.signal,
    );
  }

  return {
    ask: q =>
      bounded(q, async signal => {
        const { data, head } = await request(q, signal, 'text');
        return { reply: { ...head, text: typeof data === 'string' ? data : '' } };
      }),
    stream: (q, begin, take) =>
      bounded(q, async signal => {
        const { data, head } = await request(q, signal, 'stream');
        const body = data as Readable;
        let failed = begin(head);
        if (failed === undefined) {
          for await (const chunk of body) {
            failed = take(chunk as Buffer);
            if (failed !== undefined) break;
          }
        }
        body.destroy();
        return failed === undefined ? { reply: head } : { failed };
      }),
    close() {
      for (const agent of [kept.http, kept.https]) agent.destroy();
    },
  };
}

function dateOf(header: unknown): Pick<HttpReply, 'date'> {
  const date = typeof header === 'string' ? Date.parse(header) : NaN;
  return Number.isNaN(date) ? {} : { date };
}

function tlsOf({ tls }: HttpAccess): HttpsAgentOptions {
  if (tls === undefined) return {};
  const { ca, ...own } = tls;
  return { ...own, ...(ca !== undefined && { ca: [...ca] }) };
}
