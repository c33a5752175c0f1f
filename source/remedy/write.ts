import type { Target } from './plan.js';

type ConnectorTarget = Extract<Target, { kind: 'connector' }>;

/** One request that changes something, as data: an action makes it, and only the gate can send it. */
export type Write = { readonly target: ConnectorTarget } & (
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

/** What a request does, for the step and the audit file: `set tasks.max=6`. */
export function inWords(write: Write): string {
  switch (write.request) {
    case 'merge-config':
      return `set ${Object.entries(write.keys)
        .map(([key, value]) => `${key}=${value ?? 'unset'}`)
        .join(', ')}`;
    case 'restart':
      return write.onlyFailed ? 'restart what failed' : 'restart with all tasks';
    case 'restart-task':
      return `restart task ${write.task}`;
    default:
      return write.request;
  }
}
