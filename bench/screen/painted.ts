import xterm from '@xterm/headless';
import type { Piece, Pty, Window } from './pty.js';

/** One frame as it stood on the screen. */
export type Frame = {
  /** When the last byte of it came (`performance.now()`). */
  readonly at: number;
  /** Of its output, both marks of synchronised output included. */
  readonly bytes: number;
  /** Rows with their colours, as codes of the terminal. */
  readonly lines: readonly string[];
  /** Rows that differ from those of the frame before. */
  readonly changed: number;
  /** Whether the whole screen was erased for it. */
  readonly cleared: boolean;
};

/** What Ink writes at the end of a frame (DEC mode 2026). */
const frameEnd = '\u001b[?2026l';
const eraseInDisplay = /\u001b\[[0-3]?J/;

/** A terminal emulator that looks on, and tells of every frame that was painted. */
export class Painted {
  private readonly term: xterm.Terminal;
  private readonly waiting: Piece[] = [];
  private isBusy = false;
  private rest = '';
  private before: readonly string[] = [];
  private readonly listeners = new Set<(frame: Frame) => void>();

  constructor(pty: Pty, { columns, rows }: Window) {
    this.term = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0 });
    pty.onOutput(piece => {
      this.waiting.push(piece);
      void this.work();
    });
  }

  resize({ columns, rows }: Window): void {
    this.term.resize(columns, rows);
  }

  /** Until the returned function is called. */
  onFrame(listener: (frame: Frame) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The next frame that `wanted` holds of, or an error. */
  until(wanted: (frame: Frame) => boolean, seconds = 30): Promise<Frame> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        stop();
        reject(new Error(`no such frame in ${seconds} s; the last one was:\n${this.text().join('\n')}`));
      }, seconds * 1_000);
      const stop = this.onFrame(frame => {
        if (!wanted(frame)) return;
        clearTimeout(late);
        stop();
        resolve(frame);
      });
    });
  }

  /** The screen as it stands, without colours. */
  text(): readonly string[] {
    const { active } = this.term.buffer;
    return Array.from(
      { length: this.term.rows },
      (_, y) => active.getLine(active.viewportY + y)?.translateToString(true) ?? '',
    );
  }

  close(): void {
    this.term.dispose();
  }

  private async work(): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    for (let piece = this.waiting.shift(); piece !== undefined; piece = this.waiting.shift()) {
      let text = this.rest + piece.text;
      for (let end = text.indexOf(frameEnd); end >= 0; end = text.indexOf(frameEnd)) {
        const frame = text.slice(0, end + frameEnd.length);
        text = text.slice(frame.length);
        await this.write(frame);
        this.tell(frame, piece.at);
      }
      this.rest = text;
    }
    this.isBusy = false;
  }

  private write(text: string): Promise<void> {
    return new Promise(resolve => this.term.write(text, resolve));
  }

  private tell(output: string, at: number): void {
    const lines = this.lines();
    const changed = lines.filter((line, y) => line !== this.before[y]).length;
    this.before = lines;
    const frame = {
      at,
      bytes: Buffer.byteLength(output),
      lines,
      changed,
      cleared: eraseInDisplay.test(output),
    };
    for (const listener of [...this.listeners]) listener(frame);
  }

  private lines(): readonly string[] {
    const { active } = this.term.buffer;
    return Array.from({ length: this.term.rows }, (_, y) => {
      const line = active.getLine(active.viewportY + y);
      return line === undefined ? '' : codesOf(line, this.term.cols);
    });
  }
}

/** A row with its colours, a code wherever they change. */
function codesOf(line: xterm.IBufferLine, columns: number): string {
  let out = '';
  let style = '0';
  for (let x = 0; x < columns; x++) {
    const cell = line.getCell(x);
    if (cell === undefined || cell.getWidth() === 0) continue;
    const own = styleOf(cell);
    if (own !== style) out += `\u001b[0${own === '0' ? '' : `;${own}`}m`;
    style = own;
    out += cell.getChars() || ' ';
  }
  return style === '0' ? out : `${out}\u001b[0m`;
}

function styleOf(cell: xterm.IBufferCell): string {
  const codes = [
    ...(cell.isBold() ? ['1'] : []),
    ...(cell.isDim() ? ['2'] : []),
    ...(cell.isUnderline() ? ['4'] : []),
    ...(cell.isInverse() ? ['7'] : []),
    ...(cell.isFgDefault() ? [] : [`38;5;${cell.getFgColor()}`]),
    ...(cell.isBgDefault() ? [] : [`48;5;${cell.getBgColor()}`]),
  ];
  return codes.length === 0 ? '0' : codes.join(';');
}
