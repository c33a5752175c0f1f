import type { Clock } from '../../core/clock.js';
import {
  SimulatedServer,
  type HttpFault,
  type SimulatedRequest,
  type SimulatedResponse,
} from '../http/server.js';
import { SimulatedConnector, type ConnectorSetup } from './connector.js';
import { answerRest } from './rest.js';

/** What the REST layer can do wrong while the worker is up. */
export type ConnectFault =
  /** 409 to everything that needs the herder, as in the middle of a rebalance; reads of `/` go on. */
  | 'rebalancing'
  /** 409 to writes alone: the rebalance began after the last read. */
  | 'rebalancing-writes'
  /** A write is done, and answered with 500 "Request timed out". */
  | 'write-times-out-though-applied'
  /** A write is answered with 500 "Request timed out", and not done. */
  | 'write-times-out'
  /** A write is done, and the connection hangs without an answer. */
  | 'write-hangs-though-applied';

export type LoggedRequest = SimulatedRequest & { readonly worker: number; readonly at: number };

export type ConnectSetup = {
  readonly clock: Clock;
  readonly version?: string;
  readonly clusterId?: string;
  readonly workers?: number;
  readonly connectors: readonly ConnectorSetup[];
};

/** A Connect cluster of several workers over one state, each on a socket of its own. */
export class SimulatedConnect {
  version: string;
  clusterId: string;
  fault: ConnectFault | undefined;
  /** Keys that validation finds fault with, and what it says of each. */
  readonly invalid = new Map<string, string>();
  readonly requests: LoggedRequest[] = [];
  /** How far the clock of each worker is ahead, ms. */
  readonly ahead: number[] = [];
  /** Called before each request is answered: the place for a change that someone else makes in between. */
  onRequest: ((request: LoggedRequest) => void) | undefined;
  readonly #connectors = new Map<string, SimulatedConnector>();
  readonly #servers: SimulatedServer[] = [];

  private constructor(
    readonly clock: Clock,
    setup: ConnectSetup,
  ) {
    this.version = setup.version ?? '4.3.1';
    this.clusterId = setup.clusterId ?? 'sim-us-cluster-id-0001';
  }

  static async start(setup: ConnectSetup): Promise<SimulatedConnect> {
    const made = new SimulatedConnect(setup.clock, setup);
    for (let worker = 0; worker < (setup.workers ?? 2); worker++) {
      made.#servers.push(await SimulatedServer.start(request => made.#answer(worker, request)));
    }
    for (const connector of setup.connectors) made.add(connector);
    return made;
  }

  get urls(): readonly string[] {
    return this.#servers.map(server => server.url);
  }

  get workers(): readonly string[] {
    return this.#servers.map(server => server.address);
  }

  add(setup: ConnectorSetup): SimulatedConnector {
    const made = new SimulatedConnector(setup, this.clock, () => this.workers);
    this.#connectors.set(setup.name, made);
    return made;
  }

  remove(name: string): void {
    this.#connectors.delete(name);
  }

  /** Throws where there is none. */
  connector(name: string): SimulatedConnector {
    const found = this.#connectors.get(name);
    if (found === undefined) throw new Error(`no simulated connector ${name}`);
    return found;
  }

  get connectors(): ReadonlyMap<string, SimulatedConnector> {
    return this.#connectors;
  }

  /** Makes one worker misbehave, or all of them. */
  async setFault(fault: HttpFault | undefined, worker?: number): Promise<void> {
    await Promise.all(
      this.#servers.map(async (server, i) => {
        if (worker === undefined || worker === i) await server.setFault(fault);
      }),
    );
  }

  /** Requests that would change something: everything but GET and validation. */
  mutations(): readonly LoggedRequest[] {
    return this.requests.filter(({ method, path }) => method !== 'GET' && !path.endsWith('/config/validate'));
  }

  dropIdle(): void {
    for (const server of this.#servers) server.dropIdle();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#servers.map(server => server.stop()));
  }

  #answer(worker: number, request: SimulatedRequest): SimulatedResponse | 'never' {
    const logged: LoggedRequest = { ...request, worker, at: this.clock.now() };
    this.requests.push(logged);
    this.onRequest?.(logged);
    const response = answerRest(this, request);
    if (response === 'never') return response;
    const date = new Date(this.clock.now() + (this.ahead[worker] ?? 0)).toUTCString();
    return { ...response, headers: { Date: date, ...response.headers } };
  }
}
