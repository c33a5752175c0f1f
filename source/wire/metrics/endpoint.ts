import type { HttpAccess } from '../http/endpoint.js';

/** How a Prometheus server is reached. */
export type PrometheusEndpoint = HttpAccess & {
  readonly name: string;
  readonly url: string;
  readonly requestTimeout: number;
};

/** How one page of an exporter is reached, without a Prometheus in between. */
export type ScrapeEndpoint = HttpAccess & {
  /** How it is shown, unique in a context: `worker-1:9404`. */
  readonly name: string;
  /** The whole address of the page, without user and password: `http://worker-1:9404/metrics`. */
  readonly url: string;
  readonly requestTimeout: number;
};
