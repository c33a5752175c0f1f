import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a program wrote, and when it came out of its terminal (`performance.now()`). */
export type Piece = { readonly text: string; readonly at: number };

export type Window = { readonly columns: number; readonly rows: number };

/**
 * A program in a pseudo-terminal that `script` (util-linux) makes. Unlike tmux it hands on every byte as the program wrote it,
 * so that bytes can be counted and arrivals be timed.
 */
export class Pty {
  private readonly script: ChildProcess;
  private readonly listeners = new Set<(piece: Piece) => void>();
  private pid = 0;
  private said = '';
  readonly startedAt = performance.now();
  bytes = 0;

  /** `command` is run by sh, which it replaces. */
  constructor(command: string, size: Window, env: Readonly<Record<string, string>> = {}) {
    const shell = `stty cols ${size.columns} rows ${size.rows}; echo "pid $$"; exec ${command}`;
    this.script = spawn('script', ['-qefc', shell, '/dev/null'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8', NO_COLOR: '', CI: '', ...env },
    });
    const decoder = new TextDecoder();
    this.script.stdout?.on('data', (chunk: Buffer) => {
      const at = performance.now();
      this.bytes += chunk.length;
      const text = decoder.decode(chunk, { stream: true });
      if (this.pid === 0) {
        this.said += text;
        const line = /pid (\d+)\r?\n/.exec(this.said);
        if (line === null) return;
        this.pid = Number(line[1]);
        this.hand({ text: this.said.slice(line.index + line[0].length), at });
        return;
      }
      this.hand({ text, at });
    });
  }

  onOutput(listener: (piece: Piece) => void): void {
    this.listeners.add(listener);
  }

  write(keys: string): void {
    this.script.stdin?.write(keys);
  }

  /** As a user who drags the window: the kernel tells the program with SIGWINCH. */
  resize({ columns, rows }: Window): void {
    execFileSync('stty', [
      '-F',
      readlinkSync(`/proc/${this.pid}/fd/0`),
      'cols',
      String(columns),
      'rows',
      String(rows),
    ]);
  }

  signal(name: NodeJS.Signals): void {
    process.kill(this.pid, name);
  }

  /** CPU of all its threads so far, ms; read from the scheduler, which counts in nanoseconds. */
  cpu(): number {
    const tasks = `/proc/${this.pid}/task`;
    return readdirSync(tasks).reduce((sum, task) => {
      const [ran = '0'] = readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ');
      return sum + Number(ran) / 1e6;
    }, 0);
  }

  /** Resident memory now, MB. */
  rss(): number {
    const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'));
    return (Number(line?.[1]) * 1024) / 1e6;
  }

  /** Ends the program by its own key, and by a signal where that does not help. */
  async close(key = 'q'): Promise<void> {
    if (this.script.exitCode !== null) return;
    const ended = new Promise<true>(resolve => this.script.once('exit', () => resolve(true)));
    this.write(key);
    const isOver = await Promise.race([ended, sleep(3_000, false, { ref: false })]);
    if (isOver) return;
    this.script.kill('SIGTERM');
    await ended;
  }

  private hand(piece: Piece): void {
    for (const listener of this.listeners) listener(piece);
  }
}
