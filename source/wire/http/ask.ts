import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions as HttpsAgentOptions } from 'node:https';
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

export type HttpClient = {
  /** Never rejects. A Failure means that no complete HTTP answer came. */
  ask(question: HttpQuestion): Promise<{ readonly reply: HttpReply } | { readonly failed: Failure }>;
  /** Ends the kept connections. */
  close(): void;
};

export type HttpClientOptions = {
  readonly clock: Clock;
  readonly access: HttpAccess;
  /** Bytes of an answer beyond which reading stops with `too-large`. */
  readonly maxBytes: number;
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
    responseType: 'text',
    transformResponse: [(data: unknown) => data],
    validateStatus: () => true,
    headers: {
      Accept: 'application/json',
      ...(bearerToken !== undefined && { Authorization: `Bearer ${bearerToken}` }),
    },
    ...(basicAuth !== undefined && { auth: basicAuth }),
  });

  async function send(q: HttpQuestion, signal: AbortSignal): Promise<{ reply: HttpReply }> {
    const agents = q.fresh ? once : kept;
    const response = await client.request<unknown>({
      method: q.method,
      url: q.url,
      signal,
      httpAgent: agents.http,
      httpsAgent: agents.https,
      ...(q.body !== undefined && { data: q.body, headers: { 'Content-Type': 'application/json' } }),
      ...(q.form !== undefined && { data: q.form }),
    });
    const contentType = response.headers['content-type'] as unknown;
    return {
      reply: {
        status: response.status,
        text: typeof response.data === 'string' ? response.data : '',
        contentType: typeof contentType === 'string' ? contentType : '',
      },
    };
  }

  return {
    async ask(q) {
      if (q.signal?.aborted) return { failed: failure('cancelled', q.subject) };
      return within<{ reply: HttpReply } | { failed: Failure }>(
        options.clock,
        q.deadline,
        async signal => {
          try {
            return await send(q, signal);
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
    },
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
