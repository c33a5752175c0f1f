/** How a Kafka Connect cluster is reached: any worker answers for all of them. */
export type ConnectEndpoint = {
  readonly connect: string;
  /** Worker URLs, tried in turn when one does not answer. */
  readonly urls: readonly string[];
  readonly basicAuth?: { readonly username: string; readonly password: string };
  /** Time-out of a read, ms. */
  readonly requestTimeout: number;
};
