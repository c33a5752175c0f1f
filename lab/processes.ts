/**
 * Starting, finding and ending the processes of a lab.
 *
 * A process of a lab is known by two variables of its environment, `KMON_LAB_FOLDER` (the lab's folder) and `KMON_LAB_PART`
 * (which part it is), which the kernel keeps for as long as it lives. So there is no pid file to be lost or to go stale:
 * a recycled pid does not carry the mark, a process whose starter died before noting it does, and `down` ends exactly
 * what carries it. This needs Linux's `/proc`.
 */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from './site.js';
import { until } from './wait.js';

/** One process of a lab: how it is started, and how it tells that it is ready. */
export interface Part {
  /** Unique in a lab: `us-2`, `worker-1`, `prometheus`, … */
  readonly name: string;
  /** Where it listens or what it works on, for people. */
  readonly address: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Whether its standard output is of no interest (a console consumer prints every record). */
  readonly quiet?: boolean;
}

/** What of a lab its processes need. */
export interface Home {
  readonly folder: string;
  readonly paths: { readonly logs: string };
}

/** A living process of a lab. */
export interface Running {
  readonly part: string;
  readonly pid: number;
  /** `stopped` is a process frozen by SIGSTOP. */
  readonly state: 'running' | 'stopped';
  /** When it started, milliseconds since the epoch. */
  readonly since: number;
}

/** The living parts of this lab, each by its first process. */
export function running(site: Pick<Home, 'folder'>): Running[] {
  const all = marked(site);
  const pids = new Set(all.map(({ pid }) => pid));
  return all.filter(({ parent }) => !pids.has(parent));
}

export function runningPart(site: Home, part: string): Running | undefined {
  return running(site).find(process => process.part === part);
}

interface Marked extends Running {
  readonly parent: number;
}

/** All living processes that carry this lab's mark: the parts, and what they started (tsx keeps a compiler). */
function marked(site: Pick<Home, 'folder'>): Marked[] {
  const found: Marked[] = [];
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const part = markedPart(pid, site.folder);
    if (part === undefined) continue;
    const stat = readStat(pid);
    if (!stat || stat.state === 'Z' || stat.state === 'X') continue;
    const { parent, since } = stat;
    found.push({ part, pid, parent, since, state: stat.state === 'T' ? 'stopped' : 'running' });
  }
  return found;
}

function markedPart(pid: number, folder: string): string | undefined {
  const environment = readProc(pid, 'environ')?.split('\0') ?? [];
  if (!environment.includes(`KMON_LAB_FOLDER=${folder}`)) return undefined;
  return environment.find(line => line.startsWith('KMON_LAB_PART='))?.slice('KMON_LAB_PART='.length);
}

function readStat(pid: number): { state: string; parent: number; since: number } | undefined {
  // The second field is the program's name in parentheses and may contain anything, so count from the last one.
  const fields = readProc(pid, 'stat')
    ?.replace(/^.*\) /s, '')
    .split(' ');
  const state = fields?.[0];
  if (state === undefined) return undefined;
  const ticksPerSecond = 100;
  return {
    state,
    parent: Number(fields?.[1] ?? 0),
    since: bootTime() + (Number(fields?.[19] ?? 0) / ticksPerSecond) * 1000,
  };
}

function bootTime(): number {
  const line = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'));
  return Number(line?.[1] ?? 0) * 1000;
}

/** Undefined when the process is gone or belongs to somebody else. */
function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}

/** Starts the part detached, its output appended to its log, unless it is alive already. Does not wait until it is ready. */
export function start(site: Home, part: Part): void {
  if (runningPart(site, part.name)) return;
  const log = openSync(logPath(site, part.name), 'a');
  try {
    const child = spawn(part.command, part.args, {
      cwd: checkout,
      detached: true,
      stdio: ['ignore', part.quiet ? 'ignore' : log, log],
      // Nothing of the caller's environment but what a program needs to run: test runners put options for Node there.
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: process.env['HOME'] ?? '',
        LANG: 'C.UTF-8',
        KMON_LAB_FOLDER: site.folder,
        KMON_LAB_PART: part.name,
      },
    });
    child.unref();
  } finally {
    closeSync(log);
  }
}

/** The log of a part, kept over restarts. */
export function logPath(site: Home, part: string): string {
  return join(site.paths.logs, `${part}.log`);
}

/** Why a part ended, from its log: the last errors in it, or its last lines when it names none. */
export function logTail(site: Home, part: string): string {
  const lines = readLines(logPath(site, part)).slice(-300);
  const errors = lines.filter(line => /\b(ERROR|FATAL|Exception|Error)\b/.test(line));
  return (errors.length > 0 ? errors.slice(-5) : lines.slice(-10)).join('\n');
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n');
  } catch {
    return ['(no log)'];
  }
}

/** Sends a signal to these parts, or to all; returns what was signalled. */
export function signal(site: Home, signalName: NodeJS.Signals, parts?: readonly string[]): Running[] {
  return marked(site).filter(process => {
    if (parts && !parts.includes(process.part)) return false;
    return sendSignal(process.pid, signalName);
  });
}

function sendSignal(pid: number, signalName: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signalName);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/**
 * Ends these parts (or all) and waits until they are gone: asked politely first, killed after `patienceMs`.
 * A frozen process is killed at once, as it cannot answer.
 */
export async function end(site: Home, parts?: readonly string[], patienceMs = 5_000): Promise<Running[]> {
  const mine = (): Running[] => marked(site).filter(process => !parts || parts.includes(process.part));
  const before = mine();
  for (const process of before) sendSignal(process.pid, process.state === 'stopped' ? 'SIGKILL' : 'SIGTERM');
  const gone = (): boolean => mine().length === 0;
  try {
    await until('processes to end', gone, { timeoutMs: patienceMs, everyMs: 50 });
  } catch {
    for (const process of mine()) sendSignal(process.pid, 'SIGKILL');
    await until('killed processes to end', gone, { timeoutMs: 10_000, everyMs: 50 });
  }
  return before;
}
