/**
 * `npm run smoke -- [--node BINARY] [--bundle FILE]`: what a user meets first, in a real terminal.
 * From an empty directory and with nothing to reach, the bundle shows its first frame, says what refused, and on the
 * user's own key to quit leaves the terminal as it was, without a word on stderr. Needs tmux.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Tmux } from '../test/support/tmux.js';

const { values } = parseArgs({
  options: {
    node: { type: 'string', default: process.execPath },
    bundle: { type: 'string', default: path.join(import.meta.dirname, '../dist/kmon.mjs') },
  },
});
const node = path.resolve(values.node);
const bundle = path.resolve(values.bundle);
const folder = mkdtempSync(path.join(tmpdir(), 'kmon-smoke-'));
/** Keys of a user's own, which hold in every run. */
const settings = path.join(folder, 'kmon');
mkdirSync(settings);
writeFileSync(path.join(settings, 'config.yaml'), 'keys: { go.findings: F, quit: X }\n');
const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();

await check('--version answers', () => saysVersion(node, bundle));
await check('it starts by itself, too', () => saysVersion(bundle));
await check('first frame, the key to quit, and the terminal as it was', firstFrame);
await check('demo: a living site from nothing, and no process left when kmon is killed', demo);
await check('a terminal that takes nothing holds up neither sweeps nor the recording', stalled);
await check('replay: what was recorded until kmon was killed', replay);
rmSync(folder, { recursive: true });

function saysVersion(program: string, ...args: readonly string[]): void {
  const PATH = `${path.dirname(node)}:${process.env['PATH'] ?? ''}`;
  const settled = { cwd: folder, encoding: 'utf8', env: { ...process.env, PATH } } as const;
  const output = execFileSync(program, [...args, '--version'], settled);
  if (!/^\d+\.\d+\.\d+/.test(output)) throw new Error(`it says ${JSON.stringify(output)}`);
}

async function firstFrame(): Promise<void> {
  // Port 1 is reserved and refuses.
  const dead = '-b 127.0.0.1:1 --connect http://127.0.0.1:1 --prometheus http://127.0.0.1:1';
  const terminal = new Tmux(`${node} ${bundle} ${dead} 2>stderr`, {
    columns: 80,
    rows: 24,
    cwd: folder,
    env: { HOME: folder, XDG_CONFIG_HOME: folder, XDG_STATE_HOME: folder },
  });
  try {
    await terminal.until(screen => screen.includes('127.0.0.1:1') && terminal.state().alternate);
    await terminal.until(/nothing listens|refused/);
    terminal.keys('X');
    await terminal.until('exit code 0');
    const { alternate, cursor } = terminal.state();
    if (alternate || !cursor) throw new Error('the alternate screen stayed, or the cursor is gone');
    terminal.type(
      "stty -a | tr ' ;' '\\n\\n' | grep -xE -- '-?(icanon|echo|opost)' | sort | xargs echo modes:",
    );
    terminal.keys('Enter');
    await terminal.until('modes: echo icanon opost');
    if (complaints() !== '') throw new Error('stderr is not empty');
  } finally {
    terminal.kill();
  }
}

async function demo(): Promise<void> {
  const terminal = new Tmux(`${node} ${bundle} demo --record site.kmon 2>stderr`, {
    columns: 80,
    rows: 24,
    cwd: folder,
    env: { HOME: folder, XDG_CONFIG_HOME: folder, XDG_STATE_HOME: folder },
  });
  try {
    await terminal.until(/simulated site: target-quota[^]*mm2-source +[\d.]+k[^]*4\/4/, 60);
    terminal.keys('F');
    await terminal.until(/^ ?FINDINGS/m);
    // The newest descendant of the shell is the site; its parent is kmon.
    const site = terminal.foreground();
    const kmon = Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(site)], { encoding: 'utf8' }));
    process.kill(kmon, 'SIGKILL');
    // Nothing restores the terminal after SIGKILL, so what the shell says may be cut off: the processes are looked at.
    await gone('kmon went on after SIGKILL', kmon);
    await gone('the simulated site went on without kmon', site);
  } finally {
    terminal.kill();
  }
}

async function stalled(): Promise<void> {
  const recording = path.join(folder, 'stalled.kmon');
  // Large frames, and many: what lies between kmon and the window takes some 60 kB.
  const terminal = new Tmux(`${node} ${bundle} demo --interval 0.5 --record ${recording} 2>stderr`, {
    columns: 250,
    rows: 80,
    cwd: folder,
    env: { HOME: folder, XDG_CONFIG_HOME: folder, XDG_STATE_HOME: folder },
  });
  const server = terminal.server();
  try {
    await terminal.until(/simulated site: target-quota[^]*mm2-source +[\d.]+k[^]*4\/4/, 60);
    process.kill(server, 'SIGSTOP');
    await sleep(15_000);
    const before = statSync(recording).size;
    await sleep(5_000);
    if (statSync(recording).size === before) throw new Error('nothing was recorded any more');
    process.kill(server, 'SIGCONT');
    await terminal.until(screen => screen.includes(new Date().toTimeString().slice(0, 7)));
    terminal.keys('X');
    await terminal.until('exit code 0');
  } finally {
    process.kill(server, 'SIGCONT');
    terminal.kill();
  }
}

async function replay(): Promise<void> {
  const terminal = new Tmux(`${node} ${bundle} replay site.kmon --speed 1000 2>stderr`, {
    columns: 80,
    rows: 24,
    cwd: folder,
    env: { HOME: folder, XDG_CONFIG_HOME: folder },
  });
  try {
    // The recording ends where not all had answered yet, or where all had: the name is cut for what the header says beside it.
    await terminal.until(/ simul[^\n]*t-quota +REPLAY[^]*mm2-source +[\d.]+k[^]*4\/4/);
    terminal.keys('X');
    await terminal.until('exit code 0');
    if (!complaints().includes('its recorder was killed'))
      throw new Error('it does not say that the file was cut');
  } finally {
    terminal.kill();
  }
}

async function gone(complaint: string, pid: number): Promise<void> {
  for (let i = 0; i < 50; i++) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await sleep(100);
  }
  process.kill(pid, 'SIGKILL');
  throw new Error(complaint);
}

/** What the bundle said on stderr; a run that did not get so far said nothing. */
function complaints(): string {
  const file = path.join(folder, 'stderr');
  if (!existsSync(file)) return '';
  // Ink's restore-cursor shows the cursor there when the process ends, terminal or not.
  return readFileSync(file, 'utf8').replaceAll('\u001B[?25h', '');
}

async function check(name: string, work: () => void | Promise<void>): Promise<void> {
  const title = `the bundle on Node ${version}: ${name}`;
  let problem = '';
  try {
    await work();
  } catch (error) {
    problem = `${error instanceof Error ? error.message : String(error)}\n${complaints()}`;
    process.exitCode = 1;
  }
  process.stdout.write(`${problem === '' ? 'ok    ' : 'FAILED'}  ${title}\n${problem && `${problem}\n`}`);
}
