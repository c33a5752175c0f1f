import type { Context } from '../config/context.js';
import type { Looks } from '../config/looks.js';
import { systemClock } from '../core/clock.js';
import type { Binding } from '../screen/binding.js';
import { lastView, resumed } from '../screen/last-view.js';
import { runScreen } from '../screen/run.js';
import type { Ui } from '../screen/ui.js';
import type { MemoryPort } from '../session/memory.js';
import type { SessionPort } from '../session/view.js';
import { complain } from '../terminal/print.js';
import type { Terminal } from '../terminal/terminal.js';
import { assemble } from './assemble.js';
import { keymapOf } from './context.js';
import { ownHeap, QuietCollection } from './quiet-collection.js';
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
  const { session, memory, close } = assemble(context, systemClock, o => tape?.observation(o));
  if (tape) keepTicks(session, tape);
  const quiet = new QuietCollection(session, systemClock, ownHeap());
  try {
    return await screenWithMemory(
      session,
      terminal,
      memory,
      { keymap: keymapOf(context), theme: context.theme, glyphs: context.glyphs },
      quiet.keyed,
    );
  } finally {
    quiet.stop();
    const ended = await tape?.close();
    await close();
    if (tape && ended) complain(epilogue(tape.file, ended));
  }
}

/** Begins where the last run of this context was left, and leaves word of where this one was. */
async function screenWithMemory(
  session: SessionPort,
  terminal: Terminal,
  memory: MemoryPort,
  { keymap, ...looks }: Looks & { readonly keymap: readonly Binding[] },
  keyed: () => void,
): Promise<number> {
  const before = await memory.read();
  const broken = 'broken' in before ? before.broken : undefined;
  let ui: Ui = { ...resumed('broken' in before ? undefined : before.last, broken), keymap };
  const onUi = (now: Ui): void => {
    ui = now;
    keyed();
  };
  const code = await runScreen(session, terminal, { ...looks, begin: ui, onUi });
  const after =
    broken === undefined ? await memory.change(kept => ({ ...kept, last: lastView(ui) })) : before;
  if (broken === undefined && 'broken' in after) complain(`kmon: ${after.broken}`);
  return code;
}
