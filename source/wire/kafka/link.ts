import type { Clock } from '../../core/clock.js';
import { failure, type Failure } from '../../core/failure.js';
import type { Answer, BrokerSeen } from '../../core/observation.js';
import { parseAddress, showAddress, type Address } from './address.js';
import type { KafkaEndpoint } from './endpoint.js';
import { selfTest, type KafkaRequest, type VersionRanges } from './kafkajs.js';
import { Pipe, type Timed } from './pipe.js';
import { openTokens, type Tokens } from './tokens.js';

export type { KafkaRequest } from './kafkajs.js';
export type { Timed } from './pipe.js';

/** A broker's id, or whichever broker answers. */
export type Recipient = number | 'any';

/** What is known after a write was sent: its answer, or that it never arrived, or that nobody knows what became of it. */
export type WriteAnswer<T> =
  { readonly ok: T } | { readonly undone: Failure } | { readonly uncertain: Failure };

/**
 * A way to ask one cluster. Nothing is connected before the first question. One connection a broker; requests are
 * pipelined and never retried; a broker that failed lately fails again at once, without being asked, until its pause
 * is over. Nothing here throws or rejects: what went wrong outside is a Failure in the answer.
 */
export type KafkaLink = {
  /** The cluster's name in the context. */
  readonly cluster: string;
  /** Sends a request in the newest version that both sides know. `'any'` goes on to the next broker when one cannot be reached. */
  send<T>(to: Recipient, request: KafkaRequest<T>, signal?: AbortSignal): Promise<Timed<Answer<T>>>;
  /**
   * Sends a request that changes something, once, to one broker, on a connection of its own: it waits for no question
   * and holds none up. For `writes/` only.
   */
  write<T>(to: number, request: KafkaRequest<T>, signal?: AbortSignal): Promise<Timed<WriteAnswer<T>>>;
  /** The version in which `send` would put it; `unsupported` when there is none. */
  version(
    to: number,
    request: Pick<KafkaRequest<unknown>, 'key' | 'name' | 'versions'>,
    signal?: AbortSignal,
  ): Promise<Answer<number>>;
  /** Every request that the broker offers, and in which versions: it told so in its greeting, so that this asks nothing of it. */
  offered(to: number, signal?: AbortSignal): Promise<Timed<Answer<VersionRanges>>>;
  /** Where the brokers are, as the cluster advertises them. Reading the metadata tells. */
  learn(brokers: readonly BrokerSeen[]): void;
  /**
   * Set when the cluster answers at a bootstrap address, but most of its brokers were never reached where they advertise
   * themselves: kmon runs outside of their network. Then it is also the failure of what those brokers were asked.
   */
  stranded(): Failure | undefined;
  /** `broker 2 (10.0.3.2:9092)`, for the subject of a failure. */
  nameOf(broker: number): string;
  /** The present, by the clock that stamps every answer. */
  now(): number;
  /**
   * Since the link was made. `requests` counts what was asked and the greeting of each connection; the two or
   * three frames of a SASL login are in the bytes alone.
   */
  counters(): KafkaCounters;
  /**
   * Another link to the same cluster, with connections and pauses of its own: what is asked there neither waits behind what is
   * asked here nor fails with it. What this one learns it knows, its traffic counts here too, and it closes with this one.
   */
  aside(): KafkaLink;
  /** Drops every connection at once; whoever waits is answered `cancelled`, and so is whoever asks later. */
  close(): Promise<void>;
};

/** ms. A controller takes its time over a thousand partitions; what it was told is in the request (`brokerTimeout`). */
const writeTimeout = 30_000;

export type KafkaCounters = {
  readonly requests: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
};

export function openKafka(endpoint: KafkaEndpoint, { clock }: { readonly clock: Clock }): KafkaLink {
  return open(endpoint, { clock, tokens: tokensOf(endpoint, clock), unfit: selfTest() });
}

/** What a link shares with those aside. */
type Shared = {
  readonly clock: Clock;
  readonly tokens: Tokens | undefined;
  readonly unfit: Failure | undefined;
};

function open(endpoint: KafkaEndpoint, shared: Shared): KafkaLink {
  const { clock, tokens, unfit } = shared;
  const bootstrap = endpoint.bootstrap.map(parseAddress).filter(address => address !== undefined);
  const bootstrapKeys = new Set(bootstrap.map(showAddress));
  const pipes = new Map<string, Pipe>();
  /** Of writes under way. */
  const writing = new Set<Pipe>();
  const asides: KafkaLink[] = [];
  let brokers = new Map<number, Address>();
  let gone = { requests: 0, received: 0, sent: 0 };
  let closed = false;

  const pipeTo = (address: Address): Pipe => {
    const key = showAddress(address);
    const known = pipes.get(key);
    if (known) return known;
    const fresh = new Pipe(address, endpoint, { clock, tokens });
    pipes.set(key, fresh);
    return fresh;
  };

  const retire = (pipe: Pipe, why: Failure): void => {
    pipe.close(why);
    if (pipes.get(showAddress(pipe.address)) === pipe) pipes.delete(showAddress(pipe.address));
    gone = {
      requests: gone.requests + pipe.requests,
      received: gone.received + pipe.traffic.received,
      sent: gone.sent + pipe.traffic.sent,
    };
  };

  const nameOf = (broker: number): string => {
    const address = brokers.get(broker);
    if (address === undefined) return `broker ${broker}`;
    const key = showAddress(address);
    const via = endpoint.brokerMap?.[key];
    return `broker ${broker} (${key}${via === undefined ? '' : ` via ${via}`})`;
  };

  const stranded = (): Failure | undefined => {
    const known = [...brokers.values()].map(address => pipes.get(showAddress(address)));
    const missed = known.flatMap(pipe => (pipe?.neverReached ? [{ pipe, why: pipe.neverReached }] : []));
    const reached = known.filter(pipe => pipe?.wasReached).length;
    const first = missed[0];
    if (first === undefined || missed.length <= reached) return undefined;
    const which = `${reached === 0 ? 'none' : `only ${reached}`} of its ${known.length} brokers`;
    return strandedAt(endpoint.cluster, which, showAddress(first.pipe.address), first.why);
  };

  const refusal = (subject: string): Failure | undefined =>
    closed ? failure('cancelled', subject, 'the link is closed') : unfit;

  const find = (broker: number, subject: string): Answer<Pipe> => {
    const refused = refusal(subject);
    if (refused) return { failed: refused };
    const address = brokers.get(broker);
    if (address) return { ok: pipeTo(address) };
    return { failed: unknownBroker(subject) };
  };

  const unknownBroker = (subject: string): Failure =>
    failure(
      'absent',
      subject,
      `no broker of ${endpoint.cluster} has this id, or its metadata was not read yet`,
    );

  const never = <T>(failed: Failure): Timed<Answer<T>> => {
    const now = clock.now();
    return { asked: now, answered: now, answer: { failed } };
  };

  /** Brokers before bootstrap addresses; those with a connection first, those that rest last. */
  const candidates = (): { pipe: Pipe; who: string }[] => {
    const byKey = new Map<string, { address: Address; who: string }>();
    for (const [id, address] of brokers) byKey.set(showAddress(address), { address, who: nameOf(id) });
    for (const address of bootstrap) {
      const key = showAddress(address);
      if (!byKey.has(key)) byKey.set(key, { address, who: key });
    }
    const rank = (pipe: Pipe): number => (pipe.isResting ? 2 : pipe.isOpen ? 0 : 1);
    return [...byKey.values()]
      .map(({ address, who }) => ({ pipe: pipeTo(address), who }))
      .sort((a, b) => rank(a.pipe) - rank(b.pipe));
  };

  const sendToAny = async <T>(request: KafkaRequest<T>, signal?: AbortSignal): Promise<Timed<Answer<T>>> => {
    const subject = `${request.name} of ${endpoint.cluster}`;
    const refused = refusal(subject);
    if (refused) return never(refused);
    let first: Timed<Answer<T>> | undefined;
    for (const { pipe, who } of candidates()) {
      const result = await pipe.send(request, who, signal);
      if ('ok' in result.answer || !isWorthAnother(result.answer.failed)) return result;
      first ??= result;
    }
    return (
      first ?? never(failure('absent', subject, `no usable address in ${endpoint.bootstrap.join(', ')}`))
    );
  };

  return {
    cluster: endpoint.cluster,
    nameOf,
    stranded,
    now: () => clock.now(),
    async send(to, request, signal) {
      if (to === 'any') return sendToAny(request, signal);
      const found = find(to, `${request.name} of ${nameOf(to)}`);
      if ('failed' in found) return never(found.failed);
      const result = await found.ok.send(request, nameOf(to), signal);
      if ('ok' in result.answer || result.answer.failed.kind === 'cancelled') return result;
      const outside = found.ok.neverReached && stranded();
      if (!outside) return result;
      return { ...result, answer: { failed: { ...outside, subject: result.answer.failed.subject } } };
    },
    async write(to, request, signal) {
      const subject = `${request.name} of ${nameOf(to)}`;
      const now = clock.now();
      const refused = refusal(subject);
      const address = brokers.get(to);
      if (refused || address === undefined) {
        const undone = refused ?? unknownBroker(subject);
        return { asked: now, answered: now, answer: { undone } };
      }
      const deps = { clock, tokens, hasAnswered: true };
      const pipe = new Pipe(address, { ...endpoint, requestTimeout: writeTimeout }, deps);
      writing.add(pipe);
      const { answer, ...times } = await pipe.send(request, nameOf(to), signal);
      const { hasSent } = pipe;
      if (writing.delete(pipe)) retire(pipe, failure('cancelled', subject, 'it was answered'));
      if ('ok' in answer) return { ...times, answer };
      return { ...times, answer: hasSent ? { uncertain: answer.failed } : { undone: answer.failed } };
    },
    async version(to, request, signal) {
      const found = find(to, `${request.name} of ${nameOf(to)}`);
      return 'failed' in found ? found : found.ok.version(request, nameOf(to), signal);
    },
    async offered(to, signal) {
      const asked = clock.now();
      const found = find(to, `ApiVersions of ${nameOf(to)}`);
      const answer = 'failed' in found ? found : await found.ok.offered(nameOf(to), signal);
      return { asked, answered: clock.now(), answer };
    },
    learn(seen) {
      if (seen.length === 0) return;
      brokers = new Map(seen.map(({ id, host, port }) => [id, { host, port }]));
      for (const aside of asides) aside.learn(seen);
      const advertised = new Set([...brokers.values()].map(showAddress));
      const isOnlyDoor = stranded() !== undefined;
      for (const [key, pipe] of pipes) {
        const isInUse = advertised.has(key) || !pipe.isIdle || (isOnlyDoor && bootstrapKeys.has(key));
        if (isInUse || (bootstrapKeys.has(key) && !pipe.isOpen)) continue;
        retire(pipe, failure('cancelled', key, 'the cluster advertises other addresses'));
      }
    },
    counters() {
      const total = { ...gone };
      for (const pipe of pipes.values()) {
        total.requests += pipe.requests;
        total.received += pipe.traffic.received;
        total.sent += pipe.traffic.sent;
      }
      for (const { requests, bytesReceived, bytesSent } of asides.map(aside => aside.counters())) {
        total.requests += requests;
        total.received += bytesReceived;
        total.sent += bytesSent;
      }
      return { requests: total.requests, bytesReceived: total.received, bytesSent: total.sent };
    },
    aside() {
      const aside = open(endpoint, shared);
      aside.learn([...brokers].map(([id, address]) => ({ id, ...address })));
      asides.push(aside);
      return aside;
    },
    async close() {
      closed = true;
      tokens?.close();
      for (const pipe of [...pipes.values(), ...writing])
        retire(pipe, failure('cancelled', showAddress(pipe.address), 'the link is closed'));
      writing.clear();
      await Promise.all(asides.map(aside => aside.close()));
    },
  };
}

/** Another broker may do what this one could not; credentials and a cancelled question are the same everywhere. */
function isWorthAnother(why: Failure): boolean {
  return why.kind !== 'unauthenticated' && why.kind !== 'cancelled';
}

function tokensOf({ security, requestTimeout }: KafkaEndpoint, clock: Clock): Tokens | undefined {
  const { sasl } = security;
  if (sasl?.mechanism !== 'oauthbearer') return undefined;
  return openTokens(sasl.source, { clock, deadline: requestTimeout });
}

/** Metadata names living brokers only: one that was never reached is not down, it is somewhere else. */
function strandedAt(cluster: string, which: string, example: string, why: Failure): Failure {
  return failure(
    'unreachable',
    `the brokers of ${cluster}`,
    `the bootstrap address answers, but ${which} can be reached where they advertise themselves (${example}: ${why.detail || why.kind})`,
    `forward a port to each broker and name it: --broker-map ${example}=HOST:PORT (or broker-map: in the context), or run kmon where ${example} can be reached`,
  );
}
