import { ConfigProblem } from '../config/problem.js';
import { systemClock } from '../core/clock.js';
import { explain, type Failure } from '../core/failure.js';
import { openPlayback } from '../record/player.js';
import { runScreen } from '../screen/run.js';
import { initialUi } from '../screen/ui.js';
import { complain } from '../terminal/print.js';
import { loadScreen } from './context.js';
import type { Command } from './main.js';
import { startPlayback } from './playback.js';
import { momentOf } from './quantities.js';
import { screenTerminal } from './screen-terminal.js';

/** The screen over a recording. What is wrong at the end of the file is said when the screen is left. */
export const replay: Command = async (flags, env, [file = '']) => {
  const { keymap, ...looks } = loadScreen(flags, env);
  const opened = await openPlayback(file);
  if ('failed' in opened) throw new ConfigProblem(...unplayable(opened.failed));
  const recording = opened.ok;
  const over = new AbortController();
  try {
    const from = flags.at === undefined ? undefined : momentOf('--at', flags.at, recording.header.start);
    const terminal = screenTerminal();
    const { session, play } = startPlayback({
      recording,
      clock: systemClock,
      speed: flags.speed ?? 1,
      ...(from !== undefined && { from }),
    });
    const played = play(over.signal);
    const exitCode = await runScreen(session, terminal, { ...looks, begin: { ...initialUi, keymap } });
    over.abort();
    const end = await played;
    if (end !== undefined && 'failure' in end)
      complain(`kmon: ${end.failure.subject}: ${end.failure.detail}`);
    return exitCode;
  } finally {
    recording.close();
  }
};

function unplayable({ kind, subject, detail }: Failure): [problem: string, next: string] {
  const next =
    kind === 'unsupported'
      ? 'replay it with that kmon, or a newer one'
      : kind === 'absent' || kind === 'unauthorised'
        ? 'check the path and its permissions'
        : 'give a file that kmon record wrote';
  return [`${subject}: ${detail || explain(kind).meaning}`, next];
}
