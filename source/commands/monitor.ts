import { loadContext } from '../config/load.js';
import { systemClock } from '../core/clock.js';
import { smallestRecording } from '../record/recorder.js';
import { runScreen } from '../screen/run.js';
import { complain } from '../terminal/print.js';
import { systemTerminal, whyNoTerminal } from '../terminal/terminal.js';
import { assemble } from './assemble.js';
import type { Command } from './main.js';
import { sizeOf } from './quantities.js';
import { usualMaxSize } from './record.js';
import { epilogue, keepTicks, openTape } from './tape.js';

/** The full-screen monitor; with `--record` it also writes down what it sees. */
export const monitor: Command = async (flags, env) => {
  const maxBytes = sizeOf('--max-size', flags.maxSize ?? usualMaxSize, smallestRecording);
  const context = loadContext(flags, env);
  const terminal = systemTerminal();
  // No file is begun where there is no screen to record.
  const wanted = whyNoTerminal(terminal) === undefined ? flags.record : undefined;
  const tape = wanted === undefined ? undefined : await openTape(wanted, context, systemClock, maxBytes);
  const { session, close } = assemble(context, systemClock, o => tape?.observation(o));
  if (tape) keepTicks(session, tape);
  try {
    return await runScreen(session, terminal);
  } finally {
    const ended = await tape?.close();
    await close();
    if (tape && ended) complain(epilogue(tape.file, ended));
  }
};
