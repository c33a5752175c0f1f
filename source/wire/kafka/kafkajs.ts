import net, { type Socket } from 'node:net';
import tls from 'node:tls';
import Connection, {
  type SaslAuthenticate,
  type SaslOptions,
  type SilentLogger,
} from 'kafkajs/src/network/connection.js';
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import { FailureError, failure, type Failure } from '../../core/failure.js';
import { showAddress, type Address } from './address.js';
import { Body } from './body.js';
import type { KafkaEndpoint } from './endpoint.js';
import { frameGuard } from './frames.js';
import { Reader } from './reader.js';

/**
 * The one file that touches the insides of kafkajs (pinned to 2.2.4): its connection (framing, correlation,
 * pipelining, SASL). Its Admin API, cluster and retries are not used: they go blind during
 * an outage, and ask a question a topic or a group.
 */
export type KafkaConnection = {
  /** Opens the socket, and the TLS session on it. */
  open(): Promise<void>;
  /**
   * Logs in, where the endpoint has SASL; `versions` is what the broker offers. Gives back how long the session lasts
   * (KIP-368), ms; Infinity where the broker sets no end.
   */
  authenticate(versions: VersionRanges): Promise<number>;
  /** Sends one request and reads its answer. Requests are pipelined, answers come in order. Rejects when it cannot. */
  ask<T>(request: KafkaRequest<T>, version: number): Promise<T>;
  /** Ends the connection at once; whatever waits for an answer rejects. */
  drop(why: Failure): void;
  /** The same as soon as nothing waits for an answer. */
  dropWhenIdle(why: Failure): void;
  isOpen(): boolean;
  /**
   * The longest wait that answers have asked for since this was called last; for so long the broker reads nothing more from the
   * connection (KIP-219), ms.
   */
  throttled(): number;
  /** Why `drop` was called, or why the guard of the frames called it. */
  dropped(): Failure | undefined;
  traffic(): { readonly received: number; readonly sent: number };
};

/** What a broker offers: by API key, the oldest and the newest version. */
export type VersionRanges = ReadonlyMap<number, { readonly min: number; readonly max: number }>;

/** A request of the Kafka protocol in the versions that kmon can write and read. */
export type KafkaRequest<T> = {
  readonly key: number;
  /** The protocol's own name: `ListOffsets`. */
  readonly name: string;
  /** Ascending. */
  readonly versions: readonly number[];
  /** The first version in the flexible encoding (KIP-482). */
  readonly flexibleFrom: number;
  encode(body: Body, version: number): void;
  decode(answer: Reader, version: number): T;
};

const silent: SilentLogger = {
  namespace: () => silent,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** kafkajs's own timers only catch what the link's clock did not; it must never come first. */
const never = 3_600_000;

/** Connects to `via` what is known as `address`: TLS asks for the name that the broker advertises. */
export function openConnection(
  endpoint: KafkaEndpoint,
  { address, via }: { readonly address: Address; readonly via: Address },
  token: () => string,
): KafkaConnection {
  const { tls: secure, sasl } = endpoint.security;
  let socket: Socket | undefined;
  let why: Failure | undefined;
  let leaving: Failure | undefined;
  let asking = 0;
  let throttled = 0;
  const guard = frameGuard(`the answer of ${showAddress(address)}`);

  const drop = (reason: Failure): void => {
    why ??= reason;
    socket?.destroy(new FailureError(reason));
  };

  const connection = new Connection({
    ...address,
    clientId: endpoint.clientId,
    logger: silent,
    ssl: null,
    sasl: sasl ? saslOptions(sasl, token) : null,
    // The pipe opens another connection before the session ends; kafkajs would log in again in the midst of requests.
    reauthenticationThreshold: -never,
    requestTimeout: never,
    enforceRequestTimeout: false,
    connectionTimeout: never,
    socketFactory: ({ onConnect }) => {
      socket = secure
        ? tls.connect({ ...via, ...tlsOptions(secure, address) }, onConnect)
        : net.connect(via, onConnect);
      socket.setKeepAlive(true, 60_000);
      socket.setNoDelay(true);
      return socket;
    },
  });

  const feed = connection.processData.bind(connection);
  connection.processData = chunk => {
    if (why !== undefined) return;
    const unlikely = guard(chunk);
    if (unlikely) drop(unlikely);
    else feed(chunk);
  };

  return {
    async open() {
      if (why !== undefined) throw new FailureError(why);
      await connection.connect();
    },
    async authenticate(versions) {
      const plain: Record<number, { minVersion: number; maxVersion: number }> = {};
      for (const [key, { min, max }] of versions) plain[key] = { minVersion: min, maxVersion: max };
      connection.setVersions(plain);
      connection.setSupportAuthenticationProtocol(versions.has(36));
      await connection.authenticate();
      return Number(connection.sessionLifetime.value) || Infinity;
    },
    async ask(request, version) {
      asking++;
      try {
        return await exchange(request, version);
      } finally {
        asking--;
        if (leaving && asking === 0) drop(leaving);
      }
    },
    drop,
    dropWhenIdle(reason) {
      leaving = reason;
      if (asking === 0) drop(reason);
    },
    isOpen: () => why === undefined && connection.isConnected(),
    throttled() {
      const longest = throttled;
      throttled = 0;
      return longest;
    },
    dropped: () => why,
    traffic: () => ({ received: socket?.bytesRead ?? 0, sent: socket?.bytesWritten ?? 0 }),
  };

  function exchange<T>(request: KafkaRequest<T>, version: number): Promise<T> {
    const flexible = version >= request.flexibleFrom;
    return connection.send({
      request: {
        apiKey: request.key,
        apiName: request.name,
        apiVersion: version,
        encode: () => {
          // kafkajs writes request header v1; the tags that end a header v2 go before the body.
          const body = new Body(flexible).tags();
          request.encode(body, version);
          return new Encoder(body.written.length).writeBuffer(body.written);
        },
      },
      response: {
        decode: payload => {
          const answer = new Reader(payload, flexible);
          answer.tags();
          const value = request.decode(answer, version);
          throttled = Math.max(throttled, answer.throttled);
          // The pipe waits, by its own clock.
          return { value, clientSideThrottleTime: 0 };
        },
        parse: ({ value }) => value,
      },
      logResponseError: false,
    });
  }
}

function saslOptions(sasl: NonNullable<KafkaEndpoint['security']['sasl']>, token: () => string): SaslOptions {
  if (sasl.mechanism !== 'oauthbearer') return { ...sasl };
  return {
    mechanism: sasl.mechanism,
    authenticationProvider: ({ saslAuthenticate }) => ({
      authenticate: () => bearerLogin(saslAuthenticate, token(), sasl.extensions ?? {}),
    }),
  };
}

/**
 * SASL OAUTHBEARER (RFC 7628). kafkajs's own takes every first answer for a success; but a broker that refuses the token
 * says why in it, and reports the failure only after the client acknowledged that.
 */
async function bearerLogin(
  saslAuthenticate: SaslAuthenticate,
  token: string,
  extensions: Readonly<Record<string, string>>,
): Promise<void> {
  const say = (message: string): Promise<Buffer> => {
    const text = Buffer.from(message);
    const sized = Buffer.concat([new Encoder().writeInt32(text.length).buffer, text]);
    return saslAuthenticate({
      request: { encode: () => Promise.resolve(sized) },
      response: { decode: answer => Promise.resolve(answer.subarray(4)), parse: answer => answer },
    });
  };
  const more = Object.entries(extensions).map(([name, value]) => `${name}=${value}\x01`);
  const refused = await say(`n,,\x01auth=Bearer ${token}\x01${more.join('')}\x01`);
  if (refused.length === 0) return;
  await say('\x01');
  throw new Error(refused.toString());
}

function tlsOptions(
  secure: NonNullable<KafkaEndpoint['security']['tls']>,
  { host }: Address,
): tls.ConnectionOptions {
  return {
    ...(net.isIP(host) === 0 && { servername: host }),
    ...(secure.ca && { ca: [...secure.ca] }),
    ...(secure.cert !== undefined && { cert: secure.cert }),
    ...(secure.key !== undefined && { key: secure.key }),
    ...(secure.pfx !== undefined && { pfx: secure.pfx }),
    ...(secure.passphrase !== undefined && { passphrase: secure.passphrase }),
    checkServerIdentity: (_, certificate) =>
      secure.skipHostnameCheck ? undefined : tls.checkServerIdentity(host, certificate),
  };
}

/**
 * kafkajs re-arms a timer of about 1 ms for ever after the first answer (tulios/kafkajs#1704), and on Node ≥ 24 warns
 * about its negative delay on stderr, into the screen (#1751). A queue with nothing pending has nothing to check.
 */
function quietenIdleQueues(): void {
  const schedule = RequestQueue.prototype.scheduleCheckPendingRequests;
  RequestQueue.prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0) schedule.call(this);
  };
}

/** A clear reason when kafkajs is not the one that this file was written for; undefined when it is. */
export function selfTest(): Failure | undefined {
  const missing = [
    ...lacking('Encoder', Encoder, ['writeInt32', 'writeBuffer']),
    ...lacking('Connection', Connection, [
      'connect',
      'isConnected',
      'authenticate',
      'setVersions',
      'setSupportAuthenticationProtocol',
      'send',
      'processData',
    ]),
    ...lacking('RequestQueue', RequestQueue, ['scheduleCheckPendingRequests']),
  ];
  if (missing.length === 0 && encodesAsExpected()) return undefined;
  const detail = missing.length > 0 ? `it lacks ${missing.join(', ')}` : 'its encoder writes other bytes';
  return failure('unsupported', 'the installed kafkajs (kmon is made for 2.2.4)', detail);
}

function lacking(name: string, type: unknown, methods: readonly string[]): string[] {
  if (typeof type !== 'function') return [name];
  const prototype: unknown = type.prototype;
  return methods
    .filter(m => typeof Reflect.get(Object(prototype), m) !== 'function')
    .map(m => `${name}.${m}`);
}

function encodesAsExpected(): boolean {
  const bytes = new Encoder(1).writeInt32(-2).writeBuffer(Buffer.from('é')).buffer;
  return bytes.toString('hex') === 'fffffffe' + 'c3a9';
}

if (selfTest() === undefined) quietenIdleQueues();
