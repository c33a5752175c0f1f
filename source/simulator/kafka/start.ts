import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { systemClock, type Clock } from '../../core/clock.js';
import { converse, type Received } from './conversation.js';
import { stateOf, type KafkaSetting, type KafkaState, type SimulatedBroker } from './state.js';

/** A Kafka cluster that is not there: real sockets on loopback, answers from plain data. */
export type SimulatedKafka = {
  /** `host:port` of every broker. */
  readonly bootstrap: readonly string[];
  /**
   * Change it at any time; for a broker's fault use `afflict`. A broker listens where it did at first: another `host` or
   * `port` is what it advertises.
   */
  readonly state: KafkaState;
  /** Every request that was received, oldest first. */
  readonly requests: Received[];
  /**
   * Gives a broker a fault, or takes it away. `down` ends its listener and its connections; the others take hold
   * with the next request.
   */
  afflict(broker: number, fault: SimulatedBroker['fault']): Promise<void>;
  /** Ends the connections of a broker, as its restart or an idle limit does; it goes on listening. */
  hangUp(broker: number): void;
  /** How many connections stand now. */
  connections(): number;
  stop(): Promise<void>;
};

export async function startKafka(
  setting: KafkaSetting,
  deps: {
    readonly clock?: Clock;
    /** The listeners speak TLS with this certificate, and may ask for the client's. */
    readonly tls?: TlsOptions;
  } = {},
): Promise<SimulatedKafka> {
  const state = stateOf(setting);
  const requests: Received[] = [];
  const log = (request: Received): void => void requests.push(request);
  const listeners = state.brokers.map(
    broker => new Listener(broker, state, deps.clock ?? systemClock, log, deps.tls),
  );
  for (const listener of listeners) await listener.start();
  const of = (id: number): Listener => {
    const found = listeners.find(l => l.broker.id === id);
    if (found === undefined) throw new Error(`the simulated cluster has no broker ${id}`);
    return found;
  };
  return {
    bootstrap: state.brokers.map(b => `${b.host}:${b.port}`),
    state,
    requests,
    async afflict(id, fault) {
      const listener = of(id);
      listener.broker.fault = fault;
      await (fault === 'down' ? listener.stop() : listener.start());
    },
    hangUp: id => of(id).hangUp(),
    connections: () => listeners.reduce((n, l) => n + l.connections, 0),
    async stop() {
      await Promise.all(listeners.map(l => l.stop()));
    },
  };
}

/** The socket side of one broker. It keeps its port over a restart. */
class Listener {
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();
  private at: { readonly host: string; readonly port: number };

  constructor(
    readonly broker: SimulatedBroker,
    private readonly state: KafkaState,
    private readonly clock: Clock,
    private readonly log: (request: Received) => void,
    private readonly tls: TlsOptions | undefined,
  ) {
    this.at = { host: broker.host, port: broker.port };
  }

  get connections(): number {
    return this.sockets.size;
  }

  async start(): Promise<void> {
    if (this.server) return;
    const { broker, state, clock, log } = this;
    const serve = (socket: Socket): void => converse(socket, { state, broker, clock, log });
    const server = this.tls ? createTlsServer(this.tls, serve) : createServer(serve);
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.at.port, this.at.host, resolve);
    });
    if (this.at.port !== 0) return;
    broker.port = portOf(server.address());
    this.at = { host: broker.host, port: broker.port };
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    this.hangUp();
    if (server) await new Promise<void>(resolve => server.close(() => resolve()));
  }

  hangUp(): void {
    for (const socket of this.sockets) socket.destroy();
  }
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
