/**
 * The internals of kafkajs 2.2.4 that kmon builds on, as far as it touches them. Written by hand from its source;
 * `selfTest()` of `kafkajs.ts` checks at start-up that they are what is claimed here.
 */
declare module 'kafkajs/src/protocol/encoder.js' {
  export default class Encoder {
    constructor(initialSize?: number);
    readonly buffer: Buffer;
    writeInt32(value: number): this;
    writeBuffer(value: Buffer): this;
  }
}

declare module 'kafkajs/src/network/requestQueue/index.js' {
  export default class RequestQueue {
    readonly pending: readonly unknown[];
    scheduleCheckPendingRequests: (this: RequestQueue) => void;
  }
}

declare module 'kafkajs/src/network/connection.js' {
  import type { Socket } from 'node:net';
  import type Encoder from 'kafkajs/src/protocol/encoder.js';

  export interface SilentLogger {
    namespace(name: string): SilentLogger;
    debug(): void;
    info(): void;
    warn(): void;
    error(): void;
  }

  /** Sends one message of the mechanism; gives back what `response` made of the answer, which begins with its length. */
  export type SaslAuthenticate = <T>(exchange: {
    request: { encode: () => Promise<Buffer> };
    response: { decode: (answer: Buffer) => Promise<T>; parse: (decoded: T) => T };
  }) => Promise<T>;

  export type SaslOptions =
    | { mechanism: string; username: string; password: string }
    | {
        mechanism: string;
        authenticationProvider: (deps: { saslAuthenticate: SaslAuthenticate }) => {
          authenticate: () => Promise<void>;
        };
      };

  export interface ConnectionOptions {
    host: string;
    port: number;
    clientId: string;
    logger: SilentLogger;
    socketFactory: (at: { host: string; port: number; onConnect: () => void }) => Socket;
    ssl: null;
    sasl: SaslOptions | null;
    reauthenticationThreshold: number;
    requestTimeout: number;
    enforceRequestTimeout: boolean;
    connectionTimeout: number;
  }

  export interface Exchange<T> {
    request: { apiKey: number; apiName: string; apiVersion: number; encode: () => Encoder };
    response: {
      decode: (payload: Buffer) => { value: T; clientSideThrottleTime: number };
      parse: (decoded: { value: T }) => T;
    };
    logResponseError: boolean;
  }

  export default class Connection {
    constructor(options: ConnectionOptions);
    connect(): Promise<unknown>;
    /** ms, from the broker's answer to the login; 0 for ever. */
    readonly sessionLifetime: { readonly value: bigint };
    isConnected(): boolean;
    authenticate(): Promise<void>;
    setVersions(versions: Record<number, { minVersion: number; maxVersion: number }>): void;
    setSupportAuthenticationProtocol(isSupported: boolean): void;
    send<T>(exchange: Exchange<T>): Promise<T>;
    processData(chunk: Buffer): void;
  }
}
