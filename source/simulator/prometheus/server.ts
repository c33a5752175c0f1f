import type { Clock } from '../../core/clock.js';
import {
  SimulatedServer,
  type HttpFault,
  type SimulatedRequest,
  type SimulatedResponse,
} from '../http/server.js';
import { evaluate, matcher, PromqlError } from './promql.js';
import { signature, type Labels, type SimulatedSeries } from './series.js';

export type SimulatedTarget = {
  readonly instance: string;
  readonly job: string;
  readonly scrapeInterval: string;
};

/** A Prometheus with the series that it is given. `rate()` gives what {@link setRate} said, whatever the window. */
export class SimulatedPrometheus {
  targets: readonly SimulatedTarget[] = [];
  /** Offers no /api/v1/targets, as Thanos and Mimir do not. */
  withoutTargets = false;
  /** Answers 404 to /api/v1/query_range, as a proxy that lets only instant questions through. */
  withoutRange = false;
  /** Since when the series are what they are: the past that a range question finds. */
  since: number;
  readonly requests: SimulatedRequest[] = [];
  readonly #series = new Map<string, SimulatedSeries>();
  #server: SimulatedServer | undefined;

  private constructor(private readonly clock: Clock) {
    this.since = clock.now() - 3_600_000;
  }

  static async start({ clock }: { readonly clock: Clock }): Promise<SimulatedPrometheus> {
    const made = new SimulatedPrometheus(clock);
    made.#server = await SimulatedServer.start(request => made.#answer(request));
    return made;
  }

  get url(): string {
    return this.#server?.url ?? '';
  }

  /** A gauge, or the total of a counter. */
  set(name: string, labels: Labels, value: number): void {
    Object.assign(this.#at(name, labels), { value, at: this.clock.now() / 1000 });
  }

  /** A counter that grows by so much a second. */
  setRate(name: string, labels: Labels, perSecond: number): void {
    this.#at(name, labels).perSecond = perSecond;
  }

  /** Takes series away: those of one name, or all that carry these labels. */
  remove({ name, labels = {} }: { readonly name?: string; readonly labels?: Labels }): void {
    for (const [key, series] of this.#series) {
      const fits = Object.entries(labels).every(([label, value]) => series.labels[label] === value);
      if (fits && (name === undefined || series.name === name)) this.#series.delete(key);
    }
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

  #answer(request: SimulatedRequest): SimulatedResponse {
    this.requests.push(request);
    const params = request.method === 'POST' ? new URLSearchParams(request.body) : request.query;
    switch (request.path) {
      case '/api/v1/query':
        return this.#query(params.get('query') ?? '');
      case '/api/v1/query_range':
        return this.withoutRange ? { status: 404, text: pageNotFound } : this.#range(params);
      case '/api/v1/label/__name__/values':
        return success(this.#names(params.getAll('match[]')));
      case '/api/v1/targets':
        return this.withoutTargets ? { status: 404 } : success(this.#targets());
      case '/-/healthy':
        return { status: 200 };
      default:
        return { status: 404 };
    }
  }

  #query(promql: string): SimulatedResponse {
    try {
      const at = this.clock.now() / 1000;
      const result = evaluate(promql, [...this.#series.values()], at).map(({ labels, value }) => ({
        metric: labels,
        value: [at, spelt(value)],
      }));
      return success({ resultType: 'vector', result });
    } catch (error) {
      if (!(error instanceof PromqlError)) throw error;
      return refused(error.message);
    }
  }

  /** Every series as it is now, at each step since it is so. */
  #range(params: URLSearchParams): SimulatedResponse {
    const [start = NaN, end = NaN, step = NaN] = ['start', 'end', 'step'].map(name =>
      Number(params.get(name)),
    );
    if (!(step > 0) || !(end >= start)) return refused('invalid parameter "step" or "end"');
    if ((end - start) / step > mostPoints) {
      return refused('exceeded maximum resolution of 11,000 points per timeseries.');
    }
    try {
      const times: number[] = [];
      for (let at = start; at <= end; at += step) if (at * 1000 >= this.since) times.push(at);
      const points = evaluate(params.get('query') ?? '', [...this.#series.values()], end);
      const result = points.map(({ labels, value }) => ({
        metric: labels,
        values: times.map(at => [at, spelt(value)]),
      }));
      return success({ resultType: 'matrix', result });
    } catch (error) {
      if (!(error instanceof PromqlError)) throw error;
      return refused(error.message);
    }
  }

  #names(matches: readonly string[]): readonly string[] {
    const wanted = matches.flatMap(match => {
      const [, operator, value] = /^\{__name__(=~|=)"(.*)"\}$/.exec(match) ?? [];
      return operator === undefined || value === undefined ? [] : [matcher('__name__', operator, value)];
    });
    const names = new Set([...this.#series.values()].map(series => series.name));
    return [...names].filter(name => wanted.some(fits => fits({ __name__: name }))).sort();
  }

  #targets(): unknown {
    return {
      activeTargets: this.targets.map(({ instance, job, scrapeInterval }) => ({
        discoveredLabels: { __address__: instance },
        labels: { instance, job },
        scrapePool: job,
        scrapeUrl: `http://${instance}/metrics`,
        health: 'up',
        lastError: '',
        scrapeInterval,
        scrapeTimeout: scrapeInterval,
      })),
      droppedTargets: [],
    };
  }

  #at(name: string, labels: Labels): SimulatedSeries {
    const key = `${name}\u0000${signature(labels)}`;
    const found = this.#series.get(key);
    if (found !== undefined) return found;
    const made: SimulatedSeries = { name, labels, value: NaN };
    this.#series.set(key, made);
    return made;
  }
}

const mostPoints = 11_000;

const pageNotFound = { type: 'text/plain; charset=utf-8', content: '404 page not found\n' };

function refused(words: string): SimulatedResponse {
  return { status: 400, body: { status: 'error', errorType: 'bad_data', error: words } };
}

function success(data: unknown): SimulatedResponse {
  return { status: 200, body: { status: 'success', data } };
}

/** As Prometheus spells a sample's value. */
function spelt(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return String(value);
}
