import { setBlocking } from './blocking.js';
import type { Terminal } from './terminal.js';

const autowrapOff = '\u001b[?7l';
const autowrapOn = '\u001b[?7h';
/** Bracketed paste off, primary screen, cursor shown. */
const primaryScreen = '\u001b[?2004l\u001b[?1049l\u001b[?25h';

/** How a full-screen program ended. */
export type End = {
  /** 0 by its own key, 130 Ctrl-C, 143 SIGTERM, 129 SIGHUP, 1 an error. */
  readonly code: 0 | 1 | 129 | 130 | 143;
  readonly error?: unknown;
};

/**
 * The terminal while kmon has it. `takeTerminal` turns autowrap off (a glyph of another width than expected must not
 * push rows down) and listens for every way in which the program may end; `giveBack` undoes it, once, and it happens
 * at the exit of the process if it did not before.
 */
export type Lease = {
  /** Settles with the first end that comes from outside: a signal, an uncaught error, an unhandled rejection. */
  readonly ended: Promise<End>;
  /** `orderly` where the renderer has left the alternate screen already. */
  giveBack(how: 'orderly' | 'abrupt'): void;
};

export function takeTerminal({ output, input, events }: Terminal): Lease {
  let held = true;
  const { promise: ended, end } = endOf();
  const heard: readonly (readonly [event: string, listener: (cause?: unknown) => void])[] = [
    ['SIGINT', () => end({ code: 130 })],
    ['SIGTERM', () => end({ code: 143 })],
    ['SIGHUP', () => end({ code: 129 })],
    ['uncaughtException', error => end({ code: 1, error })],
    ['unhandledRejection', error => end({ code: 1, error })],
    ['exit', () => giveBack('abrupt')],
  ];
  const giveBack = (how: 'orderly' | 'abrupt'): void => {
    if (!held) return;
    held = false;
    for (const [event, listener] of heard) events.off(event, listener);
    if (how === 'abrupt' && input.isTTY) input.setRawMode(false);
    setBlocking(output, true);
    if (!output.destroyed) output.write(how === 'abrupt' ? primaryScreen + autowrapOn : autowrapOn);
  };
  for (const [event, listener] of heard) events.on(event, listener);
  setBlocking(output, false);
  output.write(autowrapOff);
  return { ended, giveBack };
}

function endOf(): { readonly promise: Promise<End>; readonly end: (end: End) => void } {
  let settle: (end: End) => void = () => undefined;
  const promise = new Promise<End>(resolve => {
    settle = resolve;
  });
  return { promise, end: settle };
}
