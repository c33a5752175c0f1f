import type { Clock } from '../core/clock.js';
import type { Endpoint } from '../core/endpoint.js';
import type { Observation } from '../core/observation.js';
import type { ConnectLink } from '../wire/connect/link.js';
import type { KafkaLink } from '../wire/kafka/link.js';
import type { PrometheusLink } from '../wire/metrics/link.js';
import type { PageLink } from '../wire/metrics/page-link.js';
import { startBeat, type Beat, type Pass } from './beat.js';
import { connectPoll } from './connect-poll.js';
import type { FlowInterest } from '../core/interest.js';
import { KafkaDetail } from './kafka-detail.js';
import { KafkaSweep } from './kafka-sweep.js';
import { metricsEvery, metricsPoll, pagePoll } from './metrics-poll.js';
import { positionsPoll } from './positions-poll.js';
import { RecordSamples } from './record-samples.js';

export type Observer = {
  endpoints(): readonly Endpoint[];
  /** What the last whole pass over everything cost: questions, and the seconds of the slowest endpoint. */
  cost(): { readonly requests: number; readonly seconds: number };
  refresh(): void;
};

export type ObserverOptions = {
  readonly clusters: readonly {
    readonly name: string;
    readonly address: string;
    readonly link: KafkaLink;
    /** Topics of whose records samples are taken; none unless the user asks for it. */
    readonly sampled: readonly string[];
  }[];
  readonly connects: readonly { readonly address: string; readonly link: ConnectLink }[];
  readonly prometheus?: { readonly name: string; readonly address: string; readonly link: PrometheusLink };
  /** Pages of exporters, each an endpoint of its own. */
  readonly pages?: readonly { readonly address: string; readonly link: PageLink }[];
  /** ms between two passes over clusters and Connect. */
  readonly interval: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly emit: (o: Observation) => void;
  readonly changed: () => void;
  readonly interests: () => readonly FlowInterest[];
};

/** Watches everything of a context, each endpoint on its own schedule: one that fails holds up no other. */
export function observe(options: ObserverOptions): Observer {
  const { clock, signal, emit, changed, interval } = options;
  const beats: { readonly beat: Beat; readonly shown?: Omit<Endpoint, 'status'> }[] = [];
  const spent = new Map<string, number>();
  const start = (pass: Pass, every: () => number, shown?: Omit<Endpoint, 'status'>): void => {
    const timed: Pass = async beat => {
      const started = clock.now();
      const failed = await pass(beat);
      if (shown) spent.set(shown.name, clock.now() - started);
      return failed;
    };
    beats.push({
      beat: startBeat({ interval: every, clock, signal, pass: timed, changed }),
      ...(shown && { shown }),
    });
  };

  const sweeps = new Map<string, KafkaSweep>();
  for (const { name, address, link, sampled } of options.clusters) {
    const sweep = new KafkaSweep(name, link, clock, emit);
    sweeps.set(name, sweep);
    start(sweep.pass, () => sweep.interval(interval), { name: `kafka ${name}`, kind: 'kafka', address });
    const detail = new KafkaDetail(link, sweep, emit);
    start(detail.pass, detail.interval);
    if (sampled.length > 0) {
      // Half a megabyte of records is what a sweep would have to wait for on a slow line.
      const samples = new RecordSamples(link.aside(), sweep, clock, sampled, emit);
      start(samples.pass, samples.interval);
    }
  }
  for (const { address, link } of options.connects) {
    start(connectPoll(link, clock, emit), () => interval, {
      name: `connect ${link.connect}`,
      kind: 'connect',
      address,
    });
    const positions = positionsPoll(link, sweeps, clock, emit, options.interests, interval);
    start(positions.pass, positions.interval);
  }
  if (options.prometheus) {
    const { name, address, link } = options.prometheus;
    start(metricsPoll(link, name, clock, emit), () => Math.max(interval, metricsEvery), {
      name,
      kind: 'prometheus',
      address,
    });
  }

  for (const { address, link } of options.pages ?? []) {
    const every = Math.max(interval, metricsEvery);
    start(pagePoll(link, clock, emit, every), () => every, {
      name: `metrics ${link.name}`,
      kind: 'prometheus',
      address,
    });
  }

  const counter = new RequestCounter(options.clusters.map(c => c.link));
  return {
    endpoints: () => beats.flatMap(({ beat, shown }) => (shown ? [{ ...shown, status: beat.state() }] : [])),
    cost: () => ({
      requests: counter.perInterval(clock.now(), interval),
      seconds: Math.max(0, ...spent.values()) / 1000,
    }),
    refresh: () => {
      for (const { beat } of beats) beat.poke();
    },
  };
}

/** Requests put to Kafka in the last interval, from the links' own counters. */
class RequestCounter {
  private before: { readonly at: number; readonly requests: number } | undefined;
  private shown = 0;

  constructor(private readonly links: readonly KafkaLink[]) {}

  perInterval(now: number, interval: number): number {
    const requests = this.links.reduce((sum, link) => sum + link.counters().requests, 0);
    if (this.before === undefined || now - this.before.at >= interval * 0.9) {
      this.shown = requests - (this.before?.requests ?? 0);
      this.before = { at: now, requests };
    }
    return this.shown;
  }
}
