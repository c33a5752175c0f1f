import { open } from 'node:fs/promises';
import type { Millis } from '../core/clock.js';
import type { Plan, Step } from './plan.js';

/** A change whose last line in the audit file is not its end: kmon was killed, or another one is still at it. */
export type Unfinished = Pick<Plan, 'id' | 'action' | 'target' | 'where' | 'changes'> & {
  readonly at: Millis;
  /** The last state that was written down. */
  readonly state: Step['state'];
  /** `ada@bastion` */
  readonly who: string;
  readonly pid: number;
  /** Whether the process that wrote it lives, where that can be told. */
  readonly alive: boolean;
};

/** How much of the end of the file is read: some thousands of changes. */
const most = 4 * 1024 * 1024;

const underWay: readonly Step['state'][] = ['applying', 'applied', 'verifying', 'verified', 'watching'];

/** Never rejects: without a file, or with one that is not kmon's, nothing is unfinished. */
export async function readUnfinished(
  file: string,
  { context, host }: { readonly context: string; readonly host: string },
): Promise<readonly Unfinished[]> {
  const text = await endOf(file).catch(() => '');
  const last = new Map<string, Unfinished>();
  for (const line of text.split('\n')) {
    const entry = parse(line);
    if (entry === undefined || entry['context'] !== context) continue;
    const found = unfinishedOf(entry, host);
    if (found !== undefined) last.set(found.id, found);
  }
  return [...last.values()].filter(entry => underWay.includes(entry.state));
}

async function endOf(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - most);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

type Entry = Readonly<Record<string, unknown>>;

/** A line as an object; undefined for what is none: the first line may be cut, and a last one may be half written. */
function parse(line: string): Entry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Entry) : undefined;
  } catch {
    return undefined;
  }
}

/** The file is kmon's own and its owner's alone, so the shape of a line is taken as it was written. */
function unfinishedOf(entry: Entry, here: string): Unfinished | undefined {
  const { plan, action, target, where, changes, time, state, user, host, pid } = entry;
  if (typeof plan !== 'string' || typeof target !== 'object' || !Array.isArray(changes)) return undefined;
  const id = typeof pid === 'number' ? pid : NaN;
  return {
    id: plan,
    action: String(action),
    target: target as Plan['target'],
    where: String(where),
    changes: changes as Plan['changes'],
    at: Date.parse(String(time)),
    state: state as Step['state'],
    who: `${String(user)}@${String(host)}`,
    pid: id,
    alive: host === here && lives(id),
  };
}

function lives(pid: number): boolean {
  if (!Number.isInteger(pid) || pid === process.pid) return pid === process.pid;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
