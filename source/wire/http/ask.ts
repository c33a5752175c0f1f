import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions as HttpsAgentOptions } from 'node:https';
import type { Readable } from 'node:stream';
import axios, { type AxiosInstance } from 'axios';
import { within, type Clock } from '../../core/clock.js';
import { failure, type Failure } from '../../core/failure.js';
import type { HttpAccess } from './endpoint.js';
import { networkFailure } from './failures.js';

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
  /** A fresh connection: a write must not find out that a kept one was closed meanwhile. */
  readonly fresh?: boolean;
};

/** Any HTTP answer, whatever its status; what it means is for the caller to say. */
export type HttpReply = { readonly status: number; readonly text: string; readonly contentType: string };

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
 * HTTP as kmon speaks it: straight to the address (a proxy only where the endpoint asks for it, no redirect), with kept
 * connections, a deadline by `clock` that covers connecting too, and a bound on what is read.
 */
export function httpClient(options: HttpClientOptions): HttpClient {
  const { basicAuth, bearerToken, proxy } = options.access;
  const tls = tlsOf(options.access);
  const kept = {
    http: new HttpAgent({ keepAlive: true }),
    https: new HttpsAgent({ ...tls, keepAlive: true }),
  };
  const once = { http: new HttpAgent(), https: new HttpsAgent(tls) };
  const client: AxiosInstance = axios.create({
    adapter: 'http',
    // axios takes the environment's proxy unless it is told not to.
    ...(proxy !== 'env' && { proxy: false as const }),
    maxRedirects: 0,
    maxContentLength: options.maxBytes,
    transformResponse: [(data: unknown) => data],
    validateStatus: () => true,
    headers: {
      Accept: options.accept ?? 'application/json',
      ...(bearerToken !== undefined && { Authorization: `Bearer ${bearerToken}` }),
    },
    ...(basicAuth !== undefined && { auth: basicAuth }),
  });

  async function request(
    q: HttpQuestion,
    signal: AbortSignal,
    responseType: 'text' | 'stream',
  ): Promise<{ readonly data: unknown; readonly head: HttpReply }> {
    const agents = q.fresh ? once : kept;
    const response = await client.request<unknown>({
      method: q.method,
      url: q.url,
      signal,
      responseType,
      httpAgent: agents.http,
      httpsAgent: agents.https,
      ...(q.body !== undefined && { data: q.body, headers: { 'Content-Type': 'application/json' } }),
      ...(q.form !== undefined && { data: q.form }),
    });
    const contentType = response.headers['content-type'] as unknown;
    const head = {
      status: response.status,
      text: '',
      contentType: typeof contentType === 'string' ? contentType : '',
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
          return { failed: networkFailure(error, q.subject) };
        }
      },
      () => ({
        failed: q.signal?.aborted
          ? failure('cancelled', q.subject)
          : failure('timeout', q.subject, `no answer in ${q.deadline / 1000} s`),
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

function tlsOf({ tls }: HttpAccess): HttpsAgentOptions {
  if (tls === undefined) return {};
  const { ca, ...own } = tls;
  return { ...own, ...(ca !== undefined && { ca: [...ca] }) };
}
