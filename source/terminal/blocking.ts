import type { Terminal } from './terminal.js';

type Handle = { readonly setBlocking?: (on: boolean) => unknown };

/**
 * Node writes to a terminal synchronously. One that takes nothing for a while (an SSH whose other end is asleep, a window that
 * is stopped) would hold up all of kmon with it, its sweeps and its recording too. There is no public way to change that; where
 * this one should be gone all is as it was. libuv opens a terminal anew for itself, so other programs on it notice nothing.
 */
export function setBlocking(output: Terminal['output'], on: boolean): void {
  const { _handle: handle } = output as { readonly _handle?: Handle | null };
  handle?.setBlocking?.(on);
}
