import type { Socket } from 'node:net';
import type { Clock } from '../../core/clock.js';
import { offer } from './answers/api-versions.js';
import { apis } from './answers/index.js';
import type { Api, Question } from './api.js';
import { Scanner, Writer } from './bytes.js';
import { Login } from './login.js';
import type { BrokerFault, KafkaState, SimulatedBroker } from './state.js';

/** A request that a broker received. */
export type Received = {
  readonly broker: number;
  readonly apiKey: number;
  /** Empty for one that the simulator does not speak. */
  readonly name: string;
  readonly version: number;
  readonly clientId: string | null;
};

type Context = {
  readonly state: KafkaState;
  readonly broker: SimulatedBroker;
  readonly clock: Clock;
  readonly log: (request: Received) => void;
};

const apiVersionsKey = 18;
const saslKeys = [17, 36];
const unsupportedVersion = 35;
/** `socket.request.max.bytes`: a broker hangs up on more, which is how it meets TLS or HTTP on a plain port. */
const maxRequestBytes = 104_857_600;

/** Serves one connection: requests are answered in the order in which they came. */
export function converse(socket: Socket, context: Context): void {
  const login = new Login(context.state, () => context.clock.now());
  let buffered = Buffer.alloc(0);
  let turn = Promise.resolve();
  socket.on('error', () => socket.destroy());
  socket.on('data', chunk => {
    buffered = Buffer.concat([buffered, chunk]);
    for (;;) {
      const length = buffered.length >= 4 ? buffered.readInt32BE() : 0;
      if (length < 0 || length > maxRequestBytes) return void socket.destroy();
      if (buffered.length < 4 || buffered.length < 4 + length) return;
      const request = requestIn(buffered.subarray(4, 4 + length));
      buffered = buffered.subarray(4 + length);
      if (request === undefined) return void socket.destroy();
      const { api, apiKey, version, clientId } = request;
      context.log({ broker: context.broker.id, apiKey, name: api?.name ?? '', version, clientId });
      turn = turn.then(() => serve(socket, request, login, context)).catch(() => void socket.destroy());
    }
  });
}

type Request = {
  readonly api: Api | undefined;
  readonly apiKey: number;
  readonly version: number;
  readonly correlation: number;
  readonly clientId: string | null;
  readonly rest: Buffer;
};

function requestIn(frame: Buffer): Request | undefined {
  if (frame.length < 10) return undefined;
  const head = new Scanner(frame);
  const [apiKey, version, correlation] = [head.int16(), head.int16(), head.int32()];
  const clientId = head.text();
  return { api: apis.find(a => a.key === apiKey), apiKey, version, correlation, clientId, rest: head.rest() };
}

async function serve(socket: Socket, request: Request, login: Login, context: Context): Promise<void> {
  const { state, broker, clock } = context;
  const { api, version } = request;
  const isGreeting = request.apiKey === apiVersionsKey;

  const fault = broker.faults[request.apiKey] ?? broker.fault;
  if (fault === 'hung') return;
  if (isSlow(fault)) await clock.sleep(fault.slow);
  if (isGarbage(fault)) return void socket.write(fault.garbage);
  if (fault === 'closing' && !isGreeting) return void socket.destroy();
  if (login.isMissing && !isGreeting && !saslKeys.includes(request.apiKey)) return void socket.destroy();

  if (login.isOver && !isGreeting && !saslKeys.includes(request.apiKey)) return void socket.destroy();

  const question: Question = { state, broker, login, version };
  const answer = api && reply(api, request.rest, request.correlation, question);
  if (answer === undefined) return void socket.destroy();
  if (fault === 'half' && !isGreeting)
    return void socket.end(framed(answer).subarray(0, 4 + Math.floor(answer.length / 2)));
  const isCut = fault === 'cut' && !isGreeting;
  socket.write(framed(isCut ? answer.subarray(0, Math.max(6, Math.floor(answer.length / 2))) : answer));
}

function framed(answer: Buffer): Buffer {
  return Buffer.concat([new Writer().int32(answer.length).bytes(), answer]);
}

/**
 * The whole answer with its header; undefined when a broker would hang up: it does not offer this version, or the
 * request is not written in it.
 */
export function reply(api: Api, rest: Buffer, correlation: number, question: Question): Buffer | undefined {
  const { version } = question;
  const { min, max } = offer(api, question);
  if (version < min || version > max) {
    if (api.key !== apiVersionsKey) return undefined;
    const refusal = new Writer().int32(correlation).int16(unsupportedVersion);
    return refusal.list([], () => undefined).bytes();
  }
  const flexible = version >= api.flexibleFrom;
  const request = new Scanner(rest, flexible);
  request.tags();
  const answer = new Writer(flexible).int32(correlation);
  if (api.key !== apiVersionsKey) answer.tags();
  api.answer(request, answer, question);
  return request.isAtEnd ? answer.bytes() : undefined;
}

function isSlow(fault: BrokerFault): fault is { slow: number } {
  return typeof fault === 'object' && 'slow' in fault;
}

function isGarbage(fault: BrokerFault): fault is { garbage: Buffer } {
  return typeof fault === 'object' && 'garbage' in fault;
}
