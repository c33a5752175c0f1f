import type { Clock } from '../../source/core/clock.js';

/**
 * A clock that stands still until it is told to go on. `advance` wakes sleepers in order of their time and lets
 * promise chains settle between them, so that a loop that sleeps again within the span is woken again.
 */
export class FakeClock implements Clock {
  private sleepers: { readonly at: number; readonly wake: () => void }[] = [];

  constructor(private time = 1_700_000_000_000) {}

  now(): number {
    return this.time;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      if (signal?.aborted) return resolve();
      const wake = (): void => {
        this.sleepers = this.sleepers.filter(s => s !== sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper = { at: this.time + Math.max(0, ms), wake };
      this.sleepers.push(sleeper);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  /** How many wait: a loop that stopped waits no more. */
  get waiting(): number {
    return this.sleepers.length;
  }

  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      await settle();
      const next = this.sleepers.filter(s => s.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.time = Math.max(this.time, next.at);
      next.wake();
    }
    this.time = end;
    await settle();
  }
}

/** Lets everything that is ready run, I/O callbacks included. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise<void>(resolve => setImmediate(resolve));
}
