import { loadContext } from '../config/load.js';
import { systemClock } from '../core/clock.js';
import { runScreen } from '../screen/run.js';
import { systemTerminal } from '../terminal/terminal.js';
import { assemble } from './assemble.js';
import type { Command } from './main.js';

/** The full-screen monitor. */
export const monitor: Command = async (flags, env) => {
  const context = loadContext(flags, env);
  const { session, close } = assemble(context, systemClock);
  try {
    return await runScreen(session, systemTerminal());
  } finally {
    await close();
  }
};
