import type { ConnectEndpoint } from '../wire/connect/endpoint.js';
import type { KafkaEndpoint } from '../wire/kafka/endpoint.js';
import type { Preferences } from './preferences.js';
import type { PrometheusEndpoint, ScrapeEndpoint } from '../wire/metrics/endpoint.js';

/** A named set of endpoints, as in kubectl: all that one run of kmon watches. */
export type Context = Preferences & {
  readonly name: string;
  readonly clusters: readonly ClusterContext[];
  readonly connects: readonly ConnectContext[];
  readonly prometheus?: PrometheusEndpoint;
  /** Pages of exporters that are read without a Prometheus in between. */
  readonly scrapes: readonly ScrapeEndpoint[];
  readonly mode: 'read-only' | 'read-write';
  /** Between two passes, ms. */
  readonly interval: number;
  /** How much memory the past may take, where that is set: bytes for past moments, partitions whose lag has a past. */
  readonly history: { readonly moments?: number; readonly partitions?: number };
  /** Thresholds of the rules that the configuration sets, by name, each in its own unit. */
  readonly thresholds: Readonly<Record<string, number>>;
  /** Append-only JSON lines of every change. */
  readonly auditFile: string;
  /** Where marks, favourites and the last view of this context are kept between runs. */
  readonly stateFile: string;
};

export type ClusterContext = {
  readonly name: string;
  readonly endpoint: KafkaEndpoint;
  /** The cluster id that the user expects; a different one refuses every change. */
  readonly expectedId?: string;
  /** Topics of whose newest records samples are taken: which keys, in which order. None unless the user asks for it. */
  readonly sampled: readonly string[];
};

export type ConnectContext = {
  readonly name: string;
  readonly endpoint: ConnectEndpoint;
  /** Name of the cluster that this Connect cluster stores its state in, and that MirrorMaker 2 writes to. */
  readonly cluster?: string;
  /** Who owns the connectors' configuration: changes over REST would be reverted by an operator. */
  readonly managedBy: 'rest' | 'strimzi' | 'file';
};
