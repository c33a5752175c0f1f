import { systemClock } from '../core/clock.js';
import { duration } from '../core/units.js';
import { complain } from '../terminal/print.js';
import { untilStopped } from '../terminal/stop.js';
import { systemTerminal } from '../terminal/terminal.js';
import { assemble } from './assemble.js';
import { loadContext } from './context.js';
import type { Command } from './main.js';
import { durationOf } from './quantities.js';
import { epilogue, keepTicks, maxBytesOf, openTape } from './tape.js';

/** Watches without a screen and writes down what is seen, until Ctrl-C, the end of `--for`, or a full file. */
export const record: Command = async (flags, env, [file = '']) => {
  const span = flags.for === undefined ? undefined : durationOf('--for', flags.for);
  const maxBytes = maxBytesOf(flags);
  const context = loadContext(flags, env);
  const tape = await openTape(file, context, systemClock, maxBytes);
  const { session, close } = assemble(context, systemClock, o => tape.observation(o));
  const leave = keepTicks(session, tape);
  complain(
    `recording ${context.name} to ${file}${span === undefined ? '' : ` for ${duration(span)}`}; Ctrl-C ends it`,
  );
  const over = new AbortController();
  const stopped = untilStopped(systemTerminal().events, over.signal);
  await Promise.race([
    stopped,
    tape.ended,
    ...(span === undefined ? [] : [systemClock.sleep(span, over.signal)]),
  ]);
  over.abort();
  leave();
  const ended = await tape.close();
  await close();
  complain(epilogue(file, ended));
  return ended.why === 'failed' ? 1 : 0;
};
