/** How a Prometheus server is reached. */
export type PrometheusEndpoint = {
  readonly name: string;
  readonly url: string;
  readonly basicAuth?: { readonly username: string; readonly password: string };
  readonly bearerToken?: string;
  readonly requestTimeout: number;
};
