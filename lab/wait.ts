/** Waiting on readiness: ask again until it is so, never sleep for a guessed time. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Patience {
  readonly timeoutMs: number;
  /** Milliseconds between two looks. */
  readonly everyMs?: number;
}

/**
 * Looks until `look` gives something other than false, undefined or an error, and returns that.
 * When the time is up it throws what it waited for, with the last error as the cause.
 */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  { timeoutMs, everyMs = 250 }: Patience,
): Promise<Exclude<T, false | undefined>> {
  const deadline = Date.now() + timeoutMs;
  let lastError: unknown;
  for (;;) {
    try {
      const result = await look();
      lastError = undefined;
      if (result !== false && result !== undefined) return result as Exclude<T, false | undefined>;
    } catch (error) {
      lastError = error;
    }
    if (Date.now() >= deadline) {
      const because = lastError === undefined ? '' : `: ${messageOf(lastError)}`;
      throw new Error(`Waited ${Math.round(timeoutMs / 1000)} s for ${what}${because}`, { cause: lastError });
    }
    await sleep(everyMs);
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
