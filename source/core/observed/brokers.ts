import type { Failure } from '../failure.js';
import type { Answer, Timing } from './answer.js';

/** Configuration of one broker, as far as it decides over what kmon watches (DescribeConfigs 32). */
export type BrokerConfigsSeen = Timing & {
  readonly kind: 'broker-configs';
  readonly cluster: string;
  readonly broker: number;
  /** Every value that was asked for, defaults included. */
  readonly answer: Answer<Readonly<Record<string, string>>>;
};

/** What one broker speaks: the versions of each request that it offers (ApiVersions 18, KIP-35). The arrays are parallel. */
export type ApisOffered = {
  /** Keys of the protocol, rising. */
  readonly key: Int32Array;
  readonly oldest: Int32Array;
  readonly newest: Int32Array;
};

/** As the broker greeted kmon on the present connection; a broker that is exchanged begins another one. */
export type BrokerApisSeen = Timing & {
  readonly kind: 'broker-apis';
  readonly cluster: string;
  readonly broker: number;
  readonly answer: Answer<ApisOffered>;
};

/** How much each replica takes on the disks of one broker (DescribeLogDirs 35). */
export type LogDirsSeen = Timing & {
  readonly kind: 'log-dirs';
  readonly cluster: string;
  readonly broker: number;
  readonly answer: Answer<
    readonly {
      readonly topic: string;
      readonly partition: Int32Array;
      /** Bytes; NaN where not known. */
      readonly size: Float64Array;
    }[]
  >;
  /** Of whole log directories that cannot be read: what lies in them is missing above. */
  readonly failures?: readonly Failure[];
};
