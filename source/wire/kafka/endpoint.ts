/** How a Kafka cluster is reached. Made by `config/`; secrets live here and in kafkajs, nowhere else. */
export type KafkaEndpoint = {
  /** The cluster's name in the context: `us`. */
  readonly cluster: string;
  /** `host:port`, one or more. */
  readonly bootstrap: readonly string[];
  readonly security: KafkaSecurity;
  /**
   * Where a broker is reached instead of at its advertised address, by that address; all `host:port`. A tunnel or a
   * bastion's forwarded port: the TLS name stays the advertised one.
   */
  readonly brokerMap?: Readonly<Record<string, string>>;
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
    /** A PKCS#12 key store, instead of `cert` and `key`. */
    readonly pfx?: Buffer;
    /** `ssl.endpoint.identification.algorithm` set to the empty string. */
    readonly skipHostnameCheck?: boolean;
  };
  readonly sasl?: PasswordLogin | TokenLogin;
};

export type PasswordLogin = {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
};

/** SASL OAUTHBEARER (RFC 7628): a token instead of a password. */
export type TokenLogin = {
  readonly mechanism: 'oauthbearer';
  readonly source: TokenSource;
  /** Sent beside the token; some brokers ask for them (a logical cluster's name). */
  readonly extensions?: Readonly<Record<string, string>>;
};

export type TokenSource =
  /** A file that somebody else keeps fresh; read at every login. */
  | { readonly file: string }
  /** The client credentials grant of OAuth 2.0 (RFC 6749 §4.4), as the Java client does it (KIP-768). */
  | {
      readonly url: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly scope?: string;
    };
