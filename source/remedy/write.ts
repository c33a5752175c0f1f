import type { QuotaKey } from '../core/observation.js';
import type { Target } from './plan.js';

/** One request that changes something, as data: an action makes it, and only the gate can send it. */
export type Write = ConnectWrite | KafkaWrite;

export type ConnectWrite = { readonly target: Extract<Target, { kind: 'connector' }> } & (
  | {
      readonly request: 'merge-config';
      /** The keys to set; null takes one away. All other keys stay. */
      readonly keys: Readonly<Record<string, string | null>>;
    }
  | { readonly request: 'pause' | 'resume' | 'stop' }
  | {
      readonly request: 'restart';
      /** Only what is FAILED of the connector and its tasks; else all. */
      readonly onlyFailed: boolean;
    }
  | { readonly request: 'restart-task'; readonly task: number }
);

type Place = { readonly topic: string; readonly partition: number };

export type KafkaWrite =
  | {
      readonly request: 'alter-quota';
      readonly target: Extract<Target, { kind: 'quota' }>;
      /** Null takes a limit away. */
      readonly limits: Readonly<Partial<Record<QuotaKey, number | null>>>;
    }
  | {
      readonly request: 'alter-topic';
      readonly target: Extract<Target, { kind: 'topic' }>;
      /** Null takes away what was set on the topic: the default holds again. All other keys stay. */
      readonly keys: Readonly<Record<string, string | null>>;
    }
  | {
      readonly request: 'add-partitions';
      readonly target: Extract<Target, { kind: 'topic' }>;
      /** In all. */
      readonly count: number;
    }
  | {
      readonly request: 'elect-leaders';
      readonly target: Extract<Target, { kind: 'topic' | 'cluster' }>;
      readonly partitions: readonly Place[];
    }
  | {
      /** The same replicas in another order, and then the first of them elected. */
      readonly request: 'reorder-replicas';
      readonly target: Extract<Target, { kind: 'topic' }>;
      readonly partition: number;
      readonly replicas: readonly number[];
    }
  | {
      readonly request: 'set-offsets';
      readonly target: Extract<Target, { kind: 'group' }>;
      /** Null forgets what is committed. */
      readonly offsets: readonly (Place & { readonly offset: number | null })[];
    }
  | {
      readonly request: 'remove-member';
      readonly target: Extract<Target, { kind: 'group' }>;
      readonly instance: string;
    }
  | { readonly request: 'delete-group'; readonly target: Extract<Target, { kind: 'group' }> };

export function isForConnect(write: Write): write is ConnectWrite {
  return write.target.kind === 'connector';
}

/** What a request does, for the step and the audit file: `set tasks.max=6`. */
export function inWords(write: Write): string {
  switch (write.request) {
    case 'merge-config':
    case 'alter-topic':
      return assignments(write.keys);
    case 'alter-quota':
      return assignments(write.limits);
    case 'restart':
      return write.onlyFailed ? 'restart what failed' : 'restart with all tasks';
    case 'restart-task':
      return `restart task ${write.task}`;
    case 'add-partitions':
      return `make it ${write.count} partitions`;
    case 'elect-leaders':
      return `elect the preferred leaders of ${partitions(write.partitions.length)}`;
    case 'reorder-replicas':
      return `replicas of partition ${write.partition} in the order ${write.replicas.join(', ')}, and elect the first`;
    case 'set-offsets':
      return `set the offsets of ${partitions(write.offsets.length)}`;
    case 'remove-member':
      return `remove member ${write.instance}`;
    case 'delete-group':
      return 'delete the group';
    default:
      return write.request;
  }
}

function assignments(values: Readonly<Record<string, string | number | null>>): string {
  const lines = Object.entries(values).map(([key, value]) => `${key}=${value ?? 'unset'}`);
  return `set ${lines.join(', ')}`;
}

function partitions(n: number): string {
  return n === 1 ? '1 partition' : `${n} partitions`;
}
