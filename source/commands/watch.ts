import type { Context } from '../config/context.js';
import { systemClock } from '../core/clock.js';
import { runScreen } from '../screen/run.js';
import { complain } from '../terminal/print.js';
import { assemble } from './assemble.js';
import { screenTerminal } from './screen-terminal.js';
import { epilogue, keepTicks, openTape } from './tape.js';

/**
 * The full-screen monitor of a context until it is left; with `--record` it also writes down what it sees. Resolves
 * with the exit code. @throws {ConfigProblem}
 */
export async function watch(
  context: Context,
  recording: { readonly file: string | undefined; readonly maxBytes: number },
): Promise<number> {
  const { file, maxBytes } = recording;
  // No file is begun where there is no screen to record.
  const terminal = screenTerminal();
  const tape = file === undefined ? undefined : await openTape(file, context, systemClock, maxBytes);
  const { session, close } = assemble(context, systemClock, o => tape?.observation(o));
  if (tape) keepTicks(session, tape);
  try {
    return await runScreen(session, terminal, { theme: context.theme });
  } finally {
    const ended = await tape?.close();
    await close();
    if (tape && ended) complain(epilogue(tape.file, ended));
  }
}
