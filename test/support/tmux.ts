import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** A program in a real terminal: tmux on a socket of its own, which touches no session of the user's. */
export class Tmux {
  private readonly socket = `kmon-test-${process.pid}-${randomBytes(4).toString('hex')}`;

  /** `command` runs in a shell, so that what it leaves on the screen and its exit code can be read afterwards. */
  constructor(
    command: string,
    readonly options: { columns: number; rows: number; env?: Readonly<Record<string, string>>; cwd?: string },
  ) {
    const env = Object.entries({ PS1: '$ ', ...options.env }).map(([k, v]) => `${k}=${quote(v)}`);
    const cd = options.cwd === undefined ? '' : `cd ${quote(options.cwd)} && `;
    this.tmux(
      '-f',
      '/dev/null',
      'new-session',
      '-d',
      '-x',
      String(options.columns),
      '-y',
      String(options.rows),
      'sh',
    );
    this.tmux('set-option', '-g', 'status', 'off');
    this.tmux('set-option', '-sg', 'escape-time', '0');
    this.tmux('resize-window', '-x', String(options.columns), '-y', String(options.rows));
    this.type(`${cd}env ${env.join(' ')} ${command}; echo "exit code $?"`);
    this.keys('Enter');
  }

  /** Literal text, as if typed; no key names. */
  type(text: string): void {
    this.tmux('send-keys', '-l', text);
  }

  /** Key names of tmux: `Enter`, `Escape`, `C-c`, `Down`, `j`. */
  keys(...names: string[]): void {
    this.tmux('send-keys', ...names);
  }

  /** The visible screen as lines, without colours and trailing blanks. */
  lines(): string[] {
    return this.tmux('capture-pane', '-p').replace(/\n$/, '').split('\n');
  }

  screen(): string {
    return this.lines().join('\n');
  }

  /** With colours, as `capture-pane -e` gives them. */
  coloured(): string {
    return this.tmux('capture-pane', '-e', '-p');
  }

  resize(columns: number, rows: number): void {
    this.tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** Whether the alternate screen is in use, and the cursor shown. */
  state(): { alternate: boolean; cursor: boolean } {
    const [alternate, cursor] = this.tmux('display', '-p', '#{alternate_on} #{cursor_flag}')
      .trim()
      .split(' ');
    return { alternate: alternate === '1', cursor: cursor === '1' };
  }

  /** Process id of the program in the foreground: the newest descendant of the pane's shell. */
  foreground(): number {
    let pid = this.tmux('display', '-p', '#{pane_pid}').trim();
    for (;;) {
      const child = spawnSync('pgrep', ['-n', '-P', pid], { encoding: 'utf8' }).stdout.trim();
      if (child === '') return Number(pid);
      pid = child;
    }
  }

  /** Process id of tmux itself, which reads what the program writes. */
  server(): number {
    return Number(this.tmux('display', '-p', '#{pid}').trim());
  }

  /** Waits until the screen matches; throws with the last screen when it does not in `seconds`. */
  async until(what: string | RegExp | ((screen: string) => boolean), seconds = 20): Promise<string> {
    const matches = (screen: string): boolean =>
      typeof what === 'string'
        ? screen.includes(what)
        : what instanceof RegExp
          ? what.test(screen)
          : what(screen);
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const screen = this.screen();
      if (matches(screen)) return screen;
      if (Date.now() > end)
        throw new Error(
          `not seen in ${seconds} s: ${typeof what === 'function' ? 'the expected screen' : String(what)}\n${screen}`,
        );
      await sleep(150);
    }
  }

  kill(): void {
    try {
      this.tmux('kill-server');
    } catch {
      // The server ends by itself with its last session.
    }
  }

  private tmux(...args: string[]): string {
    return execFileSync('tmux', ['-L', this.socket, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LANG: 'C.UTF-8', TERM: 'xterm-256color' },
    });
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
