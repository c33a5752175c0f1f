/** How a Kafka cluster is reached. Made by `config/`; secrets live here and in kafkajs, nowhere else. */
export type KafkaEndpoint = {
  /** The cluster's name in the context: `us`. */
  readonly cluster: string;
  /** `host:port`, one or more. */
  readonly bootstrap: readonly string[];
  readonly security: KafkaSecurity;
  readonly clientId: string;
  /** A request that is not answered in this time drops its connection; ms. */
  readonly requestTimeout: number;
  readonly connectTimeout: number;
};

export type KafkaSecurity = {
  /** Absent: plain text. */
  readonly tls?: {
    readonly ca?: readonly string[];
    readonly cert?: string;
    readonly key?: string;
    readonly passphrase?: string;
    /** `ssl.endpoint.identification.algorithm` set to the empty string. */
    readonly skipHostnameCheck?: boolean;
  };
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
};
