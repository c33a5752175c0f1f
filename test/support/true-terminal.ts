import { Console } from 'node:console';
import { EventEmitter } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import xterm from '@xterm/headless';
import type { SessionPort, View, Intent } from '../../source/session/view.js';
import { runScreen, type ScreenOptions } from '../../source/screen/run.js';
import type { Terminal } from '../../source/terminal/terminal.js';

// Ink makes a console of its own with `console.Console`, which the console of the test runner does not have.
Object.assign(globalThis.console, { Console });

/** A session that publishes what the test gives it, and remembers what it was asked. */
export class FakeSession implements SessionPort {
  readonly intents: Intent[] = [];
  private readonly listeners = new Set<() => void>();

  constructor(private current: View) {}

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  view(): View {
    return this.current;
  }

  live(): View {
    return this.current;
  }

  intend(intent: Intent): void {
    this.intents.push(intent);
  }

  publish(view: View): void {
    this.current = view;
    for (const listener of this.listeners) listener();
  }
}

class FakeOutput extends Writable {
  readonly isTTY = true;
  readonly written: string[] = [];
  private stalled: (() => void)[] | undefined;

  constructor(
    public columns: number,
    public rows: number,
    private readonly term: xterm.Terminal,
  ) {
    super({ decodeStrings: false });
  }

  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    const text = String(chunk);
    const draw = (): void => {
      this.written.push(text);
      this.term.write(text, done);
    };
    if (this.stalled) this.stalled.push(draw);
    else draw();
  }

  /** From now on it takes nothing, as a terminal behind a line that is stuck. */
  stall(): void {
    this.stalled = [];
  }

  resume(): void {
    const waiting = this.stalled ?? [];
    this.stalled = undefined;
    for (const draw of waiting) draw();
  }
}

class FakeInput extends PassThrough {
  readonly isTTY = true;
  raw = false;

  setRawMode(on: boolean): this {
    this.raw = on;
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

export type TrueTerminal = {
  readonly session: FakeSession;
  readonly events: EventEmitter;
  readonly output: FakeOutput;
  readonly input: FakeInput;
  readonly term: xterm.Terminal;
  /** What was written to standard error. */
  readonly errors: string[];
  /** The exit code, once it ended. */
  readonly ended: Promise<number>;
  /** The screen as text, one string a row, trailing spaces cut. */
  screen(): string[];
  publish(view: View): Promise<void>;
  press(...keys: readonly string[]): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  /** Lets everything that is on its way arrive. */
  settle(): Promise<void>;
  /** Ends the program, if it did not end by itself. */
  close(): Promise<void>;
};

/**
 * The real app, through Ink, into a real terminal emulator: what a user would see, ghosts and wraps included.
 */
export async function openTerminal(
  view: View,
  size: { readonly columns: number; readonly rows: number },
  options: ScreenOptions & {
    readonly env?: Record<string, string | undefined>;
    /** What is on the screen before it begins. */
    readonly before?: string;
  } = {},
): Promise<TrueTerminal> {
  const term = new xterm.Terminal({
    cols: size.columns,
    rows: size.rows,
    allowProposedApi: true,
    convertEol: true,
  });
  const output = new FakeOutput(size.columns, size.rows, term);
  const input = new FakeInput();
  const errors: string[] = [];
  const errorStream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      errors.push(String(chunk));
      done();
    },
  });
  const events = new EventEmitter();
  const session = new FakeSession(view);
  const { env = { TERM: 'xterm-256color' }, before = '', ...screenOptions } = options;
  term.write(before);
  const terminal = { input, output, errors: errorStream, env, events } as unknown as Terminal;
  let over = false;
  const ended = runScreen(session, terminal, screenOptions).finally(() => {
    over = true;
  });
  const settle = async (): Promise<void> => {
    // Ink draws at most every 67 ms and delivers a lone Esc after 20, by timers of its own. Several short waits rather
    // than one long: on a busy machine timers that are due together run at once, and their consequences only later.
    let before = output.written.length;
    for (let quiet = 0; quiet < 4; quiet++) {
      await new Promise(resolve => setTimeout(resolve, 30));
      if (output.written.length !== before) quiet = 0;
      before = output.written.length;
    }
    await new Promise<void>(resolve => term.write('', resolve));
  };
  await settle();
  return {
    session,
    events,
    output,
    input,
    term,
    errors,
    ended,
    screen: () => screenOf(term),
    settle,
    publish: async next => {
      session.publish(next);
      await settle();
    },
    press: async (...keys) => {
      for (const key of keys) input.write(key);
      await settle();
    },
    resize: async (columns, rows) => {
      term.resize(columns, rows);
      output.columns = columns;
      output.rows = rows;
      output.emit('resize');
      await settle();
    },
    close: async () => {
      if (!over) events.emit('SIGTERM');
      await ended;
      term.dispose();
    },
  };
}

export function screenOf(term: xterm.Terminal): string[] {
  const buffer = term.buffer.active;
  return Array.from(
    { length: term.rows },
    (_, y) => buffer.getLine(buffer.viewportY + y)?.translateToString(true, 0, term.cols) ?? '',
  );
}
