import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LagReport } from '../../source/commands/lag-report.js';
import { writeAdminContext } from '../../lab/context.js';
import type { LabSite } from '../../lab/index.js';
import { Tmux } from '../support/tmux.js';

/** The bundle, as users run it. */
export const bundle = path.resolve('dist/kmon.mjs');

if (!existsSync(bundle)) throw new Error(`${bundle} is not built: npm run build`);

/** Each begins as at the first start: without the view in which another was left, and without its marks. */
function inTmux(flags: readonly string[], size: { columns: number; rows: number }): Tmux {
  const state = mkdtempSync(path.join(tmpdir(), 'kmon-state-'));
  return new Tmux([process.execPath, bundle, ...flags].join(' '), {
    ...size,
    env: { XDG_STATE_HOME: state },
  });
}

/** kmon full-screen on the lab, in tmux. */
export function monitorLab(
  site: LabSite,
  size: { columns: number; rows: number },
  flags: readonly string[] = [],
): Tmux {
  return inTmux(['--config', site.paths.config, ...flags], size);
}

/** kmon full-screen on the lab as one who may change all (its context logs in as one who may only look), with an audit file of its own. */
export function monitorAsAdmin(site: LabSite, folder: string, size = { columns: 120, rows: 44 }): Tmux {
  const config = path.join(folder, 'config.yaml');
  writeAdminContext(site, config);
  const audit = path.join(folder, 'audit.jsonl');
  const flags = ['--config', config, '--context', 'lab', '--read-write', '--audit', audit];
  return inTmux(flags, size);
}

/** Opens the menu of remedies and plans the one of that title, wherever it ranks, once nothing hinders it: Connect may still be moving tasks. */
export async function choose(kmon: Tmux, title: string): Promise<void> {
  kmon.keys('x');
  await kmon.until(/Remedies for/);
  const cursor = (): string => kmon.lines().find(line => /^│ ›/.test(line)) ?? '';
  for (let i = 0; i < 60 && !cursor().includes(`› ${title}`); i++) {
    const before = cursor();
    kmon.keys('Down');
    // A key that is pressed before the last one is drawn goes one too far.
    for (let wait = 0; wait < 200 && cursor() === before; wait++) await sleep(25);
    if (cursor() === before) break;
  }
  if (!cursor().includes(`› ${title}`)) throw new Error(`not offered: ${title}\n${kmon.screen()}`);
  const hindered = (screen: string): boolean => {
    const lines = screen.split('\n');
    return lines[lines.findIndex(line => /^│ ›/.test(line)) + 1]?.includes('not now:') ?? false;
  };
  await kmon.until(screen => !hindered(screen), 60);
  kmon.keys('Enter');
}

/** kmon full-screen on addresses, without a configuration file. */
export function monitorAddresses(size: { columns: number; rows: number }, flags: readonly string[]): Tmux {
  return inTmux(flags, size);
}

/** `kmon lag --json --every 1`, read line by line while it runs. */
export class LagWatch {
  readonly reports: LagReport[] = [];
  private readonly child: ChildProcess;
  private readonly waiting: (() => void)[] = [];

  constructor(flags: readonly string[], every = 1) {
    this.child = spawn(process.execPath, [bundle, 'lag', '--json', '--every', String(every), ...flags], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (!this.child.stdout) throw new Error('no standard output');
    createInterface(this.child.stdout).on('line', line => {
      this.reports.push(JSON.parse(line) as LagReport);
      for (const wake of this.waiting.splice(0)) wake();
    });
  }

  /** The next report that comes after this call. */
  async next(): Promise<LagReport> {
    const count = this.reports.length;
    while (this.reports.length === count) await new Promise<void>(resolve => this.waiting.push(resolve));
    const report = this.reports.at(-1);
    if (!report) throw new Error('no report');
    return report;
  }

  /** Reports until one satisfies; throws with the last one after `seconds`. */
  async until(what: (report: LagReport) => boolean, seconds: number): Promise<LagReport> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const report = await this.next();
      if (what(report)) return report;
      if (Date.now() > end) throw new Error(`not so in ${seconds} s: ${JSON.stringify(report.flows)}`);
    }
  }

  stop(): void {
    this.child.kill();
  }
}

/** One report, as a script would ask for it; with the exit code. */
export async function lagOnce(
  flags: readonly string[],
): Promise<{ report: LagReport; exitCode: number | null }> {
  const child = spawn(process.execPath, [bundle, 'lag', '--json', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const exitCode = await new Promise<number | null>(resolve => child.on('close', resolve));
  return { report: JSON.parse(text) as LagReport, exitCode };
}
