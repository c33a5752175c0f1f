import { SimulatedServer, type HttpFault } from '../http/server.js';
import type { Labels } from './series.js';

/** One process' page of metrics, in the text format. What is set is what the page says, in order. */
export class SimulatedExporter {
  /** In place of the series, as it is. */
  page: string | undefined;
  type = 'text/plain; version=0.0.4; charset=utf-8';
  requests = 0;
  readonly #values = new Map<string, number>();
  #server: SimulatedServer | undefined;

  static async start(): Promise<SimulatedExporter> {
    const made = new SimulatedExporter();
    made.#server = await SimulatedServer.start(({ path }) => {
      made.requests++;
      if (path !== '/metrics') return { status: 404 };
      return { status: 200, text: { type: made.type, content: made.page ?? made.#print() } };
    });
    return made;
  }

  /** Address of the page. */
  get url(): string {
    return `${this.#server?.url ?? ''}/metrics`;
  }

  /** `host:port`. */
  get instance(): string {
    return this.#server?.address ?? '';
  }

  set(name: string, labels: Labels, value: number): void {
    this.#values.set(idOf(name, labels), value);
  }

  add(name: string, labels: Labels, more: number): void {
    const id = idOf(name, labels);
    this.#values.set(id, (this.#values.get(id) ?? 0) + more);
  }

  async setFault(fault: HttpFault | undefined): Promise<void> {
    await this.#server?.setFault(fault);
  }

  dropIdle(): void {
    this.#server?.dropIdle();
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  #print(): string {
    return [...this.#values].map(([id, value]) => `${id} ${spelt(value)}\n`).join('');
  }
}

function idOf(name: string, labels: Labels): string {
  const inner = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`);
  return inner.length === 0 ? name : `${name}{${inner.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** As the text format spells a value. */
function spelt(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return String(value);
}
