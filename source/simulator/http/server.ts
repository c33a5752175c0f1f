import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { pipeline, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';

/** What an HTTP service can do instead of answering. */
export type HttpFault =
  /** Nothing listens. */
  | 'down'
  /** The connection is accepted, and no answer ever comes. */
  | 'hang'
  | 'unauthenticated'
  | 'unauthorised'
  /** A login page of a proxy, with status 200. */
  | 'html'
  /** Status 200 with something that is not JSON. */
  | 'garbage'
  /** Good JSON that says something else. */
  | 'wrong-json'
  /** The head announces an image. */
  | 'wrong-type'
  /** More bytes than anyone wants to read. */
  | 'huge'
  /** Bytes without an end, as fast as they are taken. */
  | 'endless'
  /** A few bytes now and then, for ever. */
  | 'drip'
  /** A little that unzips to more than anyone wants to read. */
  | 'gzip-bomb'
  /** The head promises more than comes before the connection ends. */
  | 'truncated'
  /** The connection ends in the middle of the answer. */
  | 'reset'
  | 'unavailable';

export type SimulatedRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** The body as text; empty without one. */
  readonly body: string;
  /** The Authorization header; empty without one. */
  readonly authorization: string;
  /** The Content-Type header; empty without one. */
  readonly contentType: string;
};

export type SimulatedResponse = {
  readonly status: number;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, with its type. */
  readonly text?: { readonly type: string; readonly content: string };
  readonly headers?: Readonly<Record<string, string>>;
};

/** Of Jetty, in Connect's workers; Prometheus waits for minutes. Node's own 5 s are no longer than the pause between two questions, ms. */
const idleTimeout = 30_000;

/** `never` leaves the request without an answer. */
export type Answerer = (request: SimulatedRequest) => SimulatedResponse | 'never';

/** One listening address on 127.0.0.1 that keeps its port while it is down. */
export class SimulatedServer {
  fault: HttpFault | undefined;
  #server: Server | undefined;
  #port = 0;
  readonly #sockets = new Set<Socket>();

  private constructor(private readonly answer: Answerer) {}

  static async start(answer: Answerer): Promise<SimulatedServer> {
    const made = new SimulatedServer(answer);
    await made.#listen();
    return made;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** `host:port`, as a worker names itself. */
  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  async setFault(fault: HttpFault | undefined): Promise<void> {
    this.fault = fault;
    if (fault === 'down') await this.stop();
    else if (this.#server === undefined) await this.#listen();
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.destroy();
    if (server) await new Promise<void>(resolve => server.close(() => resolve()));
  }

  /** Ends the idle connections, as a server does after its idle time-out. */
  dropIdle(): void {
    this.#server?.closeIdleConnections();
  }

  async #listen(): Promise<void> {
    const server = createServer({ keepAliveTimeout: idleTimeout }, (request, response) => {
      void this.#serve(request, response);
    });
    server.on('connection', socket => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    if (this.fault !== undefined && misbehave(this.fault, incoming, outgoing)) return;
    const url = new URL(incoming.url ?? '/', 'http://simulated');
    const response = this.answer({
      method: incoming.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      body: Buffer.concat(chunks).toString('utf8'),
      authorization: incoming.headers.authorization ?? '',
      contentType: incoming.headers['content-type'] ?? '',
    });
    if (response !== 'never') reply(outgoing, response);
  }
}

function reply(outgoing: ServerResponse, { status, body, text, headers = {} }: SimulatedResponse): void {
  outgoing.statusCode = status;
  for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
  if (text !== undefined) {
    outgoing.setHeader('Content-Type', text.type);
    outgoing.end(text.content);
    return;
  }
  if (body === undefined) {
    outgoing.end();
    return;
  }
  outgoing.setHeader('Content-Type', 'application/json');
  outgoing.end(JSON.stringify(body));
}

/** True where the fault answered, or decided that nobody does. */
function misbehave(fault: HttpFault, incoming: IncomingMessage, outgoing: ServerResponse): boolean {
  switch (fault) {
    case 'down':
    case 'hang':
      return true;
    case 'reset':
      incoming.socket.destroy();
      return true;
    case 'unauthenticated':
      outgoing.writeHead(401, { 'WWW-Authenticate': 'Basic' }).end('User cannot access the resource.');
      return true;
    case 'unauthorised':
      outgoing.writeHead(403).end();
      return true;
    case 'html':
      outgoing
        .writeHead(200, { 'Content-Type': 'text/html' })
        .end('<!doctype html><html><head><title>Sign in</title></head><body>…</body></html>');
      return true;
    case 'garbage':
      outgoing.writeHead(200, { 'Content-Type': 'application/json' }).end('{"version": "4.3');
      return true;
    case 'huge':
      outgoing.writeHead(200, { 'Content-Type': 'application/json' });
      outgoing.end(`{"pad":"${'x'.repeat(1_000_000)}"}`);
      return true;
    case 'wrong-json':
      outgoing.writeHead(200, { 'Content-Type': 'application/json' }).end('{"answer":[42]}');
      return true;
    case 'wrong-type':
      outgoing.writeHead(200, { 'Content-Type': 'image/png' }).end('\u0089PNG');
      return true;
    case 'endless':
      outgoing.writeHead(200, { 'Content-Type': typeFor(incoming) });
      pipeline(Readable.from(forEver(`# ${'x'.repeat(97)}\n`.repeat(1_000))), outgoing, () => undefined);
      return true;
    case 'drip':
      outgoing.writeHead(200, { 'Content-Type': typeFor(incoming) });
      // One piece, and then the connection stays open without an end: the next is always still to come.
      outgoing.write('# one\n');
      return true;
    case 'gzip-bomb':
      outgoing.writeHead(200, { 'Content-Type': typeFor(incoming), 'Content-Encoding': 'gzip' });
      outgoing.end(gzipSync(Buffer.alloc(16_000_000, '# no end of comments\n')));
      return true;
    case 'truncated':
      outgoing.writeHead(200, { 'Content-Type': typeFor(incoming), 'Content-Length': '1000' });
      outgoing.write('# half\n', () => incoming.socket.destroy());
      return true;
    case 'unavailable':
      outgoing.writeHead(503).end();
      return true;
  }
}

/** What the asker takes, so that a fault is about the body alone. */
function typeFor(incoming: IncomingMessage): string {
  return /^text\/plain/.test(incoming.headers.accept ?? '')
    ? 'text/plain; version=0.0.4'
    : 'application/json';
}

function* forEver(piece: string): Generator<string> {
  for (;;) yield piece;
}
