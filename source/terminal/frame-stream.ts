import { Writable } from 'node:stream';

const homeAndEraseDown = '\u001b[1;1H\u001b[J';
const alternateScreen = '\u001b[?1049h';
/** What draws nothing: a synchronised update begins or ends, the alternate screen, the cursor. */
const drawsNothing = /^\u001b\[\?(2026|1049|25)[hl]$/;

/** A terminal that says nothing, or 0×0 (some serial lines and ptys do), is taken as 80×24. */
const fallback = { columns: 80, rows: 24 } as const;

export type TerminalSize = { readonly columns: number; readonly rows: number };

/**
 * The output as Ink sees it. Ink clears the screen before it draws again when the window shrinks; over a slow line
 * that is a flash of nothing. So Ink is not told of a resize: the next frame after one is drawn over the old one,
 * row by row, in place. So is the first one: the alternate screen begins with the cursor where it was, behind what was
 * typed ahead.
 */
export class FrameStream extends Writable {
  readonly isTTY = true;
  private size: TerminalSize;
  private silent = false;
  private repaint = false;
  /** Writes that the terminal has not taken yet; what others write to it (a copy) is not waited for. */
  private owed = 0;
  private readonly listeners_ = new Set<() => void>();

  constructor(private readonly real: NodeJS.WriteStream) {
    super({ decodeStrings: false });
    this.size = measured(real);
    real.on('resize', this.resized);
  }

  get columns(): number {
    return this.size.columns;
  }

  get rows(): number {
    return this.size.rows;
  }

  /** One object a size: what `useSyncExternalStore` wants. */
  readonly current = (): TerminalSize => this.size;

  /** Of another size, and of a terminal that takes frames again. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners_.add(listener);
    return () => this.listeners_.delete(listener);
  };

  /** Whether the terminal has not taken yet what it was given: then nothing more should be. */
  readonly isBehind = (): boolean => this.owed > 0;

  /** Called with a function that makes Ink forget its last frame; what it writes meanwhile is dropped. */
  forget: () => void = () => undefined;

  /** Settles when the terminal has taken all it was given; one that takes nothing keeps nobody for longer than `ms`. */
  emptied(ms: number): Promise<void> {
    if (this.real.destroyed) return Promise.resolve();
    return new Promise(resolve => {
      const late = setTimeout(resolve, ms);
      // Answered when all that was written before is.
      this.real.write('', () => {
        clearTimeout(late);
        resolve();
      });
    });
  }

  /** Stops listening to the terminal. */
  release(): void {
    this.real.off('resize', this.resized);
    this.listeners_.clear();
  }

  override _write(
    chunk: string | Buffer,
    _encoding: BufferEncoding,
    done: (error?: Error | null) => void,
  ): void {
    const text = this.silent ? '' : this.inPlace(String(chunk));
    if (text !== '') {
      this.owed++;
      this.real.write(text, this.taken);
    }
    done();
  }

  private readonly resized = (): void => {
    this.size = measured(this.real);
    this.silent = true;
    this.forget();
    this.silent = false;
    this.repaint = true;
    this.tell();
  };

  private readonly taken = (): void => {
    this.owed--;
    if (!this.isBehind()) this.tell();
  };

  private tell(): void {
    for (const listener of this.listeners_) listener();
  }

  private inPlace(text: string): string {
    if (text === alternateScreen) this.repaint = true;
    if (text.startsWith(homeAndEraseDown)) return this.paintedOver(text.slice(homeAndEraseDown.length));
    if (!this.repaint || text === '' || drawsNothing.test(text)) return text;
    return this.paintedOver(text);
  }

  private paintedOver(text: string): string {
    this.repaint = false;
    return text
      .split('\n')
      .slice(0, this.size.rows)
      .map((line, i) => `\u001b[${i + 1};1H\u001b[K${line}`)
      .join('');
  }
}

function measured({ columns, rows }: { readonly columns?: number; readonly rows?: number }): TerminalSize {
  return { columns: columns || fallback.columns, rows: rows || fallback.rows };
}
