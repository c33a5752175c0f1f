import { atMost, type Clock, type Millis } from '../../core/clock.js';
import { FailureError, failure, type Failure } from '../../core/failure.js';
import type { Answer, Timing } from '../../core/observation.js';
import { parseAddress, showAddress, type Address } from './address.js';
import { askApiVersions } from './api-versions.js';
import { Breaker } from './breaker.js';
import type { KafkaEndpoint } from './endpoint.js';
import { translate, type Stage } from './failures.js';
import type { Tokens } from './tokens.js';
import { openConnection, type KafkaConnection, type KafkaRequest, type VersionRanges } from './kafkajs.js';

/** An answer, or why there is none, with the times of the request itself: connecting is not counted. */
export type Timed<T> = Timing & { readonly answer: T };

type Connected = {
  readonly connection: KafkaConnection;
  readonly versions: VersionRanges;
  /** When another connection is to take its place, because the broker ends the session soon after. */
  readonly renewAt: Millis;
};

/** A session is renewed when this part of it is over; the Java client takes a random one between 0.85 and 0.95. */
const renewalAfter = 0.85;

export type PipeDeps = {
  readonly clock: Clock;
  readonly tokens: Tokens | undefined;
  /** The cluster has answered on another connection: one that it closes does not ask for a login. */
  readonly hasAnswered?: boolean;
};

/**
 * One connection to one broker, opened when first needed and again after it was lost. Requests are pipelined.
 * A request that is late ends the connection, and with it whatever waited behind; nothing is retried.
 */
export class Pipe {
  requests = 0;
  private readonly breaker: Breaker;
  private connection: KafkaConnection | undefined;
  private connecting: Promise<Answer<Connected>> | undefined;
  private waiting = 0;
  /** Ever, on any connection. */
  private hasAnswered: boolean;
  private past = { received: 0, sent: 0 };
  /** Connections whose session ends, until their last answer is here. */
  private leaving: readonly KafkaConnection[] = [];
  private reached = false;
  private sent = false;
  /** Until then the broker reads nothing from the connection, because a quota of this client is used up. */
  private mutedUntil: Millis = -Infinity;
  private missed: Failure | undefined;
  private readonly via: Address;
  private readonly clock: Clock;
  private readonly tokens: Tokens | undefined;

  constructor(
    readonly address: Address,
    private readonly endpoint: KafkaEndpoint,
    { clock, tokens, hasAnswered = false }: PipeDeps,
  ) {
    this.hasAnswered = hasAnswered;
    this.clock = clock;
    this.tokens = tokens;
    this.breaker = new Breaker(clock);
    this.via = mapped(endpoint, address);
  }

  /** A connection stood at least once. */
  get wasReached(): boolean {
    return this.reached;
  }

  /** Why there never was a socket, where it was tried: no such host, no route, no answer, nobody there. */
  get neverReached(): Failure | undefined {
    return this.reached ? undefined : this.missed;
  }

  /** A request was handed to a connection: what fails from then on may have been done. */
  get hasSent(): boolean {
    return this.sent;
  }

  /** A connection stands, so an answer costs no more than a round trip. */
  get isOpen(): boolean {
    return this.connection?.isOpen() ?? false;
  }

  get isIdle(): boolean {
    return this.waiting === 0;
  }

  /** It failed lately, and will not be asked before its pause is over. */
  get isResting(): boolean {
    return this.breaker.open !== undefined;
  }

  get traffic(): { readonly received: number; readonly sent: number } {
    const total = { ...this.past };
    for (const connection of [this.connection, ...this.leaving]) {
      const { received, sent } = connection?.traffic() ?? { received: 0, sent: 0 };
      total.received += received;
      total.sent += sent;
    }
    return total;
  }

  /** The newest version that both sides know. */
  async version(request: Versioned, who: string, signal?: AbortSignal): Promise<Answer<number>> {
    const subject = `${request.name} of ${who}`;
    const at = await this.connected(subject, signal);
    return 'failed' in at ? at : pick(request, at.ok.versions, subject);
  }

  /** What the broker offered when the present connection began; asks nothing where one stands. */
  async offered(who: string, signal?: AbortSignal): Promise<Answer<VersionRanges>> {
    const at = await this.connected(`ApiVersions of ${who}`, signal);
    return 'failed' in at ? at : { ok: at.ok.versions };
  }

  async send<T>(request: KafkaRequest<T>, who: string, signal?: AbortSignal): Promise<Timed<Answer<T>>> {
    this.waiting++;
    try {
      return await this.exchange(request, `${request.name} of ${who}`, signal);
    } finally {
      this.waiting--;
    }
  }

  close(why: Failure): void {
    for (const connection of this.leaving) connection.drop(why);
    this.forget(this.connection, why);
  }

  private async exchange<T>(
    request: KafkaRequest<T>,
    subject: string,
    signal: AbortSignal | undefined,
  ): Promise<Timed<Answer<T>>> {
    const start = this.clock.now();
    const fail = (failed: Failure, asked = start): Timed<Answer<T>> => ({
      asked,
      answered: this.clock.now(),
      answer: { failed },
    });

    const at = await this.connected(subject, signal);
    if ('failed' in at) return fail(at.failed);
    const { connection, versions } = at.ok;
    const version = pick(request, versions, subject);
    if ('failed' in version) return fail(version.failed);

    const muted = this.mutedUntil - this.clock.now();
    if (muted > this.endpoint.requestTimeout) return fail(this.heldBack(subject));
    if (muted > 0) await this.clock.sleep(muted, signal);
    if (signal?.aborted) return fail(failure('cancelled', subject));
    this.requests++;
    this.sent = true;
    const asked = this.clock.now();
    const ask = async (): Promise<Answer<T>> => {
      try {
        return { ok: await connection.ask(request, version.ok) };
      } catch (error) {
        return { failed: this.lost(connection, error, subject) };
      }
    };
    const late = (): Answer<T> => {
      if (signal?.aborted) return { failed: failure('cancelled', subject) };
      // What waited in the connection when another answer used up the quota.
      if (this.clock.now() < this.mutedUntil) return { failed: this.heldBack(subject) };
      const wait = `none within ${this.endpoint.requestTimeout}ms`;
      const why = failure('timeout', subject, wait);
      // kafkajs cannot cancel a request: its connection goes, and with it what was asked later and is not late itself.
      this.giveUp(
        connection,
        why,
        failure('timeout', subject, `${wait} to ${request.name} on its connection`),
      );
      return { failed: why };
    };
    const answer = await atMost(this.clock, this.endpoint.requestTimeout, ask(), late, signal);
    if ('failed' in answer) return fail(answer.failed, asked);
    this.hasAnswered = true;
    this.breaker.reset();
    const throttled = connection.throttled();
    if (throttled > 0 && connection === this.connection)
      this.mutedUntil = Math.max(this.mutedUntil, this.clock.now() + throttled);
    return { asked, answered: this.clock.now(), answer };
  }

  /** A quota is no trouble of the broker: the connection stands, and nobody is to ask on another one meanwhile. */
  private heldBack(subject: string): Failure {
    return failure(
      'busy',
      subject,
      'the broker holds kmon back: a quota of its user or client id is used up',
    );
  }

  private lost(connection: KafkaConnection, error: unknown, subject: string): Failure {
    const mayAskForSasl = !this.hasAnswered && this.endpoint.security.sasl === undefined;
    const stage = mayAskForSasl ? 'first request' : 'request';
    const why = connection.dropped() ?? this.explained(error, subject, stage);
    if (!connection.isOpen()) this.giveUp(connection, why);
    return { ...why, subject };
  }

  private async connected(subject: string, signal: AbortSignal | undefined): Promise<Answer<Connected>> {
    if (signal?.aborted) return { failed: failure('cancelled', subject) };
    const resting = this.breaker.open;
    if (resting) return { failed: { ...resting, subject } };
    const isFresh = this.connecting === undefined;
    const joined = (this.connecting ??= this.connect());
    const outcome = await unlessAborted(joined, signal);
    if (outcome === undefined) return { failed: failure('cancelled', subject) };
    if ('failed' in outcome) return { failed: { ...outcome.failed, subject } };
    const { connection, renewAt } = outcome.ok;
    if (connection.isOpen()) {
      if (this.clock.now() < renewAt) return outcome;
      this.renew(connection);
      return this.connected(subject, signal);
    }
    const ended = connection.dropped() ?? failure('refused', subject, 'the broker closed the connection');
    if (isFresh) {
      this.giveUp(connection, ended);
      return { failed: { ...ended, subject } };
    }
    this.forget(connection, ended);
    return this.connected(subject, signal);
  }

  /** Its session ends soon: what is asked from now on goes over another connection, what was asked is answered here. */
  private renew(connection: KafkaConnection): void {
    if (connection !== this.connection) return;
    const ended = this.leaving.filter(c => !c.isOpen());
    for (const { received, sent } of ended.map(c => c.traffic()))
      this.past = { received: this.past.received + received, sent: this.past.sent + sent };
    this.leaving = [...this.leaving.filter(c => c.isOpen()), connection];
    this.connection = undefined;
    this.connecting = undefined;
    this.mutedUntil = -Infinity;
    connection.dropWhenIdle(
      failure('cancelled', `the connection to ${showAddress(this.address)}`, 'its session ends'),
    );
  }

  /** Socket, TLS, ApiVersions and SASL, all within the connect time-out; before that a token, where one is needed. */
  private async connect(): Promise<Answer<Connected>> {
    const subject = `the connection to ${showAddress(this.address)}`;
    let token = '';
    const at = { address: this.address, via: this.via };
    const connection = openConnection(this.endpoint, at, () => token);
    this.connection = connection;
    const given = await this.tokens?.get();
    if (given && 'failed' in given) {
      this.giveUp(connection, given.failed);
      return given;
    }
    token = given?.ok ?? '';
    let stage: Stage = 'connecting';
    const open = async (): Promise<Answer<Connected>> => {
      try {
        await connection.open();
        this.reached = true;
        stage = 'greeting';
        this.requests++;
        const versions = await askApiVersions(connection);
        stage = 'login';
        const started = this.clock.now();
        const lifetime = await connection.authenticate(versions);
        return { ok: { connection, versions, renewAt: started + lifetime * renewalAfter } };
      } catch (error) {
        if (stage === 'login') this.tokens?.refused();
        return { failed: connection.dropped() ?? this.explained(error, subject, stage) };
      }
    };
    const late = (): Answer<Connected> => ({
      failed: failure('timeout', subject, `not ready within ${this.endpoint.connectTimeout}ms (${stage})`),
    });
    const outcome = await atMost(this.clock, this.endpoint.connectTimeout, open(), late);
    if ('failed' in outcome) {
      if (isOfTheNetwork(outcome.failed)) this.missed = outcome.failed;
      this.giveUp(connection, outcome.failed);
    }
    return outcome;
  }

  private explained(error: unknown, subject: string, stage: Stage): Failure {
    if (error instanceof FailureError) return { ...error.failure, subject };
    return translate(error, subject, stage, this.secrets, this.endpoint.security);
  }

  /** Ends a connection that failed. All that waited on it fail together, and are one failure to the breaker. */
  private giveUp(connection: KafkaConnection, why: Failure, others = why): void {
    if (connection === this.connection && why.kind !== 'cancelled') this.breaker.trip(why);
    this.forget(connection, others);
  }

  private forget(connection: KafkaConnection | undefined, why: Failure): void {
    connection?.drop(why);
    if (connection === undefined || connection !== this.connection) return;
    this.past = this.traffic;
    this.connection = undefined;
    this.connecting = undefined;
    this.mutedUntil = -Infinity;
  }

  private get secrets(): readonly string[] {
    const { sasl, tls } = this.endpoint.security;
    const inLogin =
      sasl?.mechanism !== 'oauthbearer'
        ? sasl?.password
        : 'clientSecret' in sasl.source
          ? sasl.source.clientSecret
          : undefined;
    return [inLogin, tls?.passphrase, tls?.key].filter(s => s !== undefined);
  }
}

function mapped({ brokerMap = {} }: KafkaEndpoint, address: Address): Address {
  const via = brokerMap[showAddress(address)];
  return (via === undefined ? undefined : parseAddress(via)) ?? address;
}

function isOfTheNetwork({ kind }: Failure): boolean {
  return kind === 'unreachable' || kind === 'timeout' || kind === 'refused';
}

type Versioned = Pick<KafkaRequest<unknown>, 'key' | 'name' | 'versions'>;

function pick(request: Versioned, offered: VersionRanges, subject: string): Answer<number> {
  const range = offered.get(request.key);
  if (range === undefined) return { failed: failure('unsupported', subject, 'the broker does not offer it') };
  const shared = request.versions.filter(v => v >= range.min && v <= range.max).at(-1);
  if (shared !== undefined) return { ok: shared };
  const detail = `the broker offers versions ${range.min}–${range.max}, kmon knows ${request.versions.join(', ')}`;
  return { failed: failure('unsupported', subject, detail) };
}

/** What is awaited, or undefined as soon as the signal aborts. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T | undefined> {
  if (signal === undefined) return work;
  let stop = (): void => undefined;
  const aborted = new Promise<undefined>(resolve => {
    stop = () => resolve(undefined);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
