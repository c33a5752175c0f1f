import type { Target } from './plan.js';

type ConnectorTarget = Extract<Target, { kind: 'connector' }>;

/** One request that changes something, as data: an action makes it, and only the gate can send it. */
export type Write = {
  readonly request: 'merge-config';
  readonly target: ConnectorTarget;
  /** The keys to set; null takes one away. All other keys stay. */
  readonly keys: Readonly<Record<string, string | null>>;
};

/** The request in words, for the step and the audit file: `tasks.max=6`. */
export function inWords(write: Write): string {
  switch (write.request) {
    case 'merge-config':
      return Object.entries(write.keys)
        .map(([key, value]) => `${key}=${value ?? 'unset'}`)
        .join(', ');
  }
}
