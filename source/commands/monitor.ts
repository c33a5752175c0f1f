import { loadContext } from './context.js';
import type { Command } from './main.js';
import { maxBytesOf } from './tape.js';
import { watch } from './watch.js';

/** The full-screen monitor. */
export const monitor: Command = (flags, env) =>
  watch(loadContext(flags, env), { file: flags.record, maxBytes: maxBytesOf(flags) });
