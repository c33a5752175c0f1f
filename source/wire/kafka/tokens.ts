import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import type { Clock, Millis } from '../../core/clock.js';
import { failure, type Failure } from '../../core/failure.js';
import type { Answer } from '../../core/observation.js';
import { httpClient } from '../http/ask.js';
import { redactText } from '../http/redact-text.js';
import { Breaker } from './breaker.js';
import type { TokenSource } from './endpoint.js';

/** Hands out OAuth bearer tokens to the connections of one cluster. */
export type Tokens = {
  /** A token that is good for a login now; asked for once, however many connections wait for it. */
  get(): Promise<Answer<string>>;
  /** A broker did not take it: the next login asks for another one. */
  refused(): void;
  /** Whoever waits is answered `cancelled`. */
  close(): void;
};

/** A token is renewed when this part of its life is over (`sasl.login.refresh.window.factor` of the Java client). */
const renewalAfter = 0.8;

/** A token's answer is small; more than this is something else. */
const maxBytes = 262_144;

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive().optional(),
});

const refusal = z.object({ error: z.string(), error_description: z.string().optional() });

type Held = { readonly token: string; readonly renewAt: Millis; readonly endsAt: Millis };

export function openTokens(
  source: TokenSource,
  deps: { readonly clock: Clock; readonly deadline: number },
): Tokens {
  return 'file' in source ? tokenFile(source.file, deps.clock) : tokenEndpoint(source, deps);
}

function tokenFile(file: string, clock: Clock): Tokens {
  const subject = `the token in ${file}`;
  return {
    async get() {
      let token: string;
      try {
        token = (await readFile(file, 'utf8')).trim();
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : '';
        return {
          failed: failure('unauthenticated', subject, `${subject} cannot be read (${code})`, fileStep),
        };
      }
      if (token === '')
        return { failed: failure('unauthenticated', subject, `${subject} is empty`, fileStep) };
      const ends = endOf(token);
      if (ends !== undefined && ends <= clock.now())
        return { failed: failure('unauthenticated', subject, `${subject} has expired`, fileStep) };
      return { ok: token };
    },
    refused: () => undefined,
    close: () => undefined,
  };
}

const fileStep = 'write a fresh token to the file: kmon reads it at every login';

function tokenEndpoint(
  source: Extract<TokenSource, { url: string }>,
  { clock, deadline }: { readonly clock: Clock; readonly deadline: number },
): Tokens {
  const subject = `the token endpoint ${source.url}`;
  const stop = new AbortController();
  const http = httpClient({
    clock,
    maxBytes,
    access: { basicAuth: { username: source.clientId, password: source.clientSecret } },
  });
  const breaker = new Breaker(clock);
  let held: Held | undefined;
  let asking: Promise<Answer<string>> | undefined;

  const ask = async (): Promise<Answer<Held>> => {
    const form = new URLSearchParams({ grant_type: 'client_credentials' });
    if (source.scope !== undefined) form.set('scope', source.scope);
    const asked = clock.now();
    const answer = await http.ask({
      method: 'POST',
      url: source.url,
      form,
      subject,
      deadline,
      signal: stop.signal,
    });
    if ('failed' in answer) return { failed: named(answer.failed, subject) };
    const { status, text } = answer.reply;
    const body = parsed(text);
    if (status < 200 || status > 299) {
      const told = refusal.safeParse(body).data;
      const words = told ? [told.error, told.error_description].filter(Boolean).join(': ') : '';
      const detail = redactText(`${subject} answered HTTP ${status} ${words}`, [source.clientSecret]);
      const isClients = status === 400 || status === 401 || status === 403;
      const nextStep = isClients ? clientStep : undefined;
      return { failed: failure(isClients ? 'unauthenticated' : 'malformed', subject, detail, nextStep) };
    }
    const told = tokenAnswer.safeParse(body).data;
    if (told === undefined)
      return { failed: failure('malformed', subject, `${subject} answered without an access_token`) };
    const { access_token: token, expires_in: seconds } = told;
    const endsAt = endOf(token) ?? (seconds === undefined ? asked : asked + seconds * 1000);
    return { ok: { token, endsAt, renewAt: asked + (endsAt - asked) * renewalAfter } };
  };

  const renew = async (): Promise<Answer<string>> => {
    const fresh = await ask();
    if ('ok' in fresh) {
      breaker.reset();
      held = fresh.ok;
      return { ok: held.token };
    }
    if (fresh.failed.kind !== 'cancelled') breaker.trip(fresh.failed);
    return lastResort(fresh.failed);
  };

  /** A token that is due for renewal still opens a connection. */
  const lastResort = (why: Failure): Answer<string> =>
    held && clock.now() < held.endsAt ? { ok: held.token } : { failed: why };

  return {
    async get() {
      if (stop.signal.aborted) return { failed: failure('cancelled', subject) };
      if (held && clock.now() < held.renewAt) return { ok: held.token };
      const resting = breaker.open;
      if (resting) return lastResort(resting);
      asking ??= renew().finally(() => (asking = undefined));
      return asking;
    },
    refused: () => {
      held = undefined;
    },
    close: () => {
      stop.abort();
      http.close();
    },
  };
}

const clientStep = 'check clientId, clientSecret and scope in sasl.jaas.config against the identity provider';

/** The subject of a failure becomes the request that needed the token: the endpoint must be named in the detail. */
function named(why: Failure, subject: string): Failure {
  if (why.kind === 'cancelled') return why;
  const nextStep =
    'check sasl.oauthbearer.token.endpoint.url, and that this host reaches the identity provider';
  return failure(why.kind, subject, why.detail ? `${subject}: ${why.detail}` : subject, nextStep);
}

/** When a JWT expires (its `exp`, seconds); undefined where the token is opaque or says nothing. */
function endOf(token: string): Millis | undefined {
  const payload = token.split('.')[1];
  if (payload === undefined) return undefined;
  const { data } = z
    .object({ exp: z.number() })
    .safeParse(parsed(Buffer.from(payload, 'base64url').toString('utf8')));
  return data && data.exp * 1000;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
