import type { Terminal } from './terminal.js';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Resolves when the process is told to end, or when `signal` aborts; a second Ctrl-C ends it at once. */
export function untilStopped(events: Terminal['events'], signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = (): void => {
      for (const name of signals) events.off(name, done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    for (const name of signals) events.on(name, done);
    signal.addEventListener('abort', done, { once: true });
  });
}
