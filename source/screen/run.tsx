import { render } from 'ink';
import type { SessionPort } from '../session/view.js';
import { copy } from '../terminal/clipboard.js';
import { FrameStream } from '../terminal/frame-stream.js';
import { takeTerminal, type End, type Lease } from '../terminal/lease.js';
import { save } from '../terminal/save.js';
import { whyNoTerminal, withTerminal, type Terminal } from '../terminal/terminal.js';
import { App } from './app.js';
import { colourLevel } from './colour.js';
import { mostFramesASecond } from './frame-rate.js';
import { drawsAscii, type GlyphChoice } from './glyphs.js';
import type { Outside } from './outside.js';
import { pictureOf } from './picture.js';
import { Stage } from './stage.js';
import { groundOf, type ThemeChoice } from './ground.js';
import { theme, type Ground } from './theme.js';
import type { Ui } from './ui.js';

export type ScreenOptions = {
  /** Where the log is, for the message after an error. */
  readonly log?: string;
  /** What it is drawn with, as the user says. */
  readonly glyphs?: GlyphChoice;
  /** Where the screen begins; without it at the overview. */
  readonly begin?: Ui;
  /** Told what the user sees, whenever that is another. */
  readonly onUi?: (ui: Ui) => void;
  /** What the user says of the background of the terminal. */
  readonly theme?: ThemeChoice;
};

/** What a slow terminal has not taken by the end is waited for so long, ms. */
const lastPatience = 1_500;

/**
 * Shows the session until the user leaves or the process is told to end, and gives the terminal back as it was.
 * Resolves with the exit code: 0 by q, 130 by Ctrl-C or SIGINT, 143 SIGTERM, 129 SIGHUP, 1 after an error (which is
 * then printed on the primary screen), 2 where there is no terminal.
 */
export async function runScreen(
  session: SessionPort,
  terminal: Terminal,
  options: ScreenOptions = {},
): Promise<number> {
  const impossible = whyNoTerminal(terminal);
  if (impossible !== undefined) {
    terminal.errors.write(`kmon: ${impossible}\n${withTerminal}\n`);
    return 2;
  }
  const lease = takeTerminal(terminal);
  const stream = new FrameStream(terminal.output);
  const end = await shown(session, terminal, stream, lease, options).catch((error: unknown): End => ({
    code: 1,
    error,
  }));
  stream.release();
  await stream.emptied(lastPatience);
  lease.giveBack(end.code === 1 ? 'abrupt' : 'orderly');
  if (end.code === 1) terminal.errors.write(`${farewell(end.error, options.log)}\n`);
  return end.code;
}

/** Draws until the first end: a key, a signal, or an error wherever it comes from. */
async function shown(
  session: SessionPort,
  terminal: Terminal,
  stream: FrameStream,
  lease: Lease,
  options: ScreenOptions,
): Promise<End> {
  const ascii = drawsAscii(options.glyphs ?? 'auto', terminal.env);
  const ground = groundOf(options.theme ?? 'auto', terminal.env);
  const look = theme(colourLevel({ env: terminal.env, isTerminal: true }), { ascii, ground });
  let leave: (end: End) => void = () => undefined;
  const left = new Promise<End>(resolve => {
    leave = resolve;
  });
  const stage = new Stage(session, stream, options.begin, options.onUi);
  const instance = render(
    <App
      session={session}
      stage={stage}
      theme={look}
      outside={outsideOf(terminal, { ascii, ground })}
      onLeave={how => {
        leave({ code: how === 'quit' ? 0 : 130 });
      }}
    />,
    {
      stdout: stream,
      stdin: terminal.input,
      stderr: terminal.errors,
      alternateScreen: true,
      incrementalRendering: true,
      interactive: true,
      patchConsole: true,
      exitOnCtrlC: false,
      maxFps: mostFramesASecond,
    },
  );
  stream.forget = instance.clear;
  const drawn = instance.waitUntilExit().then(
    (): End => ({ code: 0 }),
    (error: unknown): End => ({ code: 1, error }),
  );
  const end = await Promise.race([left, lease.ended, drawn]);
  stage.close();
  instance.unmount();
  await drawn;
  return end;
}

function outsideOf(terminal: Terminal, look: { readonly ascii: boolean; readonly ground: Ground }): Outside {
  return {
    copy: text => copy(terminal, text),
    save: async (name, rows, columns) => {
      const picture = pictureOf(rows, columns, look);
      const saved = await save(terminal.env, name, picture);
      return 'failed' in saved
        ? `the screen is not saved: ${saved.failed} ($KMON_SAVE_DIR names another folder)`
        : `saved ${saved.name} (${Object.keys(picture).join(', ')}) in ${saved.folder}`;
    },
  };
}

/** One plain message: what happened, and where more is written. */
function farewell(error: unknown, log: string | undefined): string {
  const what = error instanceof Error ? error.message : String(error);
  return `kmon stopped because of an error of its own: ${what}${log === undefined ? '' : `\nmore is in ${log}`}`;
}
