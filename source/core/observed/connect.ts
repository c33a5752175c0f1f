import type { Answer, Timing } from './answer.js';
import type { OffsetColumn } from './offsets.js';

/** A Connect cluster behind one or several worker URLs (GET /). */
export type ConnectSeen = Timing & {
  readonly kind: 'connect';
  readonly connect: string;
  readonly answer: Answer<{ readonly version: string; readonly clusterId: string; readonly url: string }>;
};

export type TaskSeen = {
  readonly task: number;
  readonly state: string;
  readonly worker: string;
  /** First line of the stack trace, redacted; only of a failed task. */
  readonly trace?: string;
};

export type ConnectorSeen = {
  readonly connector: string;
  /** `source` or `sink`. */
  readonly type: string;
  readonly state: string;
  readonly worker: string;
  readonly trace?: string;
  readonly tasks: readonly TaskSeen[];
  /** The configuration with every secret value replaced (`wire/connect/redact.ts`). */
  readonly config: Readonly<Record<string, string>>;
  /** Who its clients log in as, taken from the configuration before its secrets were replaced. */
  readonly principals?: ConnectorPrincipals;
};

/**
 * Users of a MirrorMaker 2 connector's clients, without `User:`. `source` reads the source cluster, `target` is MirrorMaker's own
 * client on the target, `producer` writes the records. `ANONYMOUS` where nobody logs in; absent where it cannot be told: a
 * certificate, a token, a reference that only the worker resolves, or the worker's own configuration.
 */
export type ConnectorPrincipals = {
  readonly source?: string;
  readonly target?: string;
  readonly producer?: string;
};

/** All connectors with their state and (redacted) configuration (GET /connectors?expand=status&expand=info). */
export type ConnectorsSeen = Timing & {
  readonly kind: 'connectors';
  readonly connect: string;
  readonly answer: Answer<readonly ConnectorSeen[]>;
};

/**
 * What a source connector has flushed (GET /connectors/{n}/offsets, KIP-875). `offset` is the last replicated
 * offset N of the source partition: the task resumes at N + 1.
 */
export type PositionsSeen = Timing & {
  readonly kind: 'positions';
  readonly connect: string;
  readonly connector: string;
  /** One entry a source cluster alias. */
  readonly answer: Answer<
    readonly { readonly sourceAlias: string; readonly topics: readonly OffsetColumn[] }[]
  >;
};

/** What the workers of a Connect cluster can run (GET /connector-plugins). */
export type PluginsSeen = Timing & {
  readonly kind: 'plugins';
  readonly connect: string;
  readonly answer: Answer<
    readonly { readonly class: string; readonly type: string; readonly version?: string }[]
  >;
};
