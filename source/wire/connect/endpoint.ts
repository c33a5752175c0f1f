import type { HttpAccess } from '../http/endpoint.js';

/** How a Kafka Connect cluster is reached: any worker answers for all of them. */
export type ConnectEndpoint = HttpAccess & {
  readonly connect: string;
  /** Worker URLs, tried in turn when one does not answer. */
  readonly urls: readonly string[];
  /** Time-out of a read, ms. */
  readonly requestTimeout: number;
};
