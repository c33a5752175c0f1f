import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Clock, Millis } from '../core/clock.js';
import { nothingRemembered, type Broken, type MemoryPort, type Remembered } from '../session/memory.js';
import { rememberedIn } from './shape.js';

export type StateOptions = { readonly file: string; readonly context: string; readonly clock: Clock };

/** How long another kmon is waited for, and when its lock is taken for that of one that was killed. */
const patience: Millis = 3_000;
const abandoned: Millis = 10_000;
const again: Millis = 25;

/**
 * What is remembered of a context: one small JSON file, for its owner alone (0600, a new directory 0700). It is replaced as a whole,
 * so whoever reads it reads all of it, before or after; and changed under a lock, so that of two kmons that mark at once none loses
 * the other's mark. A file that cannot be understood is never written to.
 */
export function openState({ file, context, clock }: StateOptions): MemoryPort {
  let known: { readonly stamp: string; readonly remembered: Remembered } | undefined;

  async function read(): Promise<Remembered | Broken> {
    try {
      const { mtimeMs, size, ino } = await stat(file);
      const stamp = `${mtimeMs} ${size} ${ino}`;
      if (known?.stamp === stamp) return known.remembered;
      const remembered = rememberedIn(await readFile(file, 'utf8'));
      if ('wrong' in remembered)
        return {
          broken: `${file}: ${remembered.wrong}; marks and favourites are not kept until it is moved away`,
        };
      known = { stamp, remembered };
      return remembered;
    } catch (error) {
      const code = codeOf(error);
      if (code === 'ENOENT') return nothingRemembered;
      return { broken: `${file}: it cannot be read (${code}); marks and favourites are not kept` };
    }
  }

  async function change(how: (before: Remembered) => Remembered): Promise<Remembered | Broken> {
    try {
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      const unlock = await lock(`${file}.lock`, clock);
      if (unlock === undefined)
        return { broken: `${file}: another kmon holds ${file}.lock; the last change is not kept` };
      try {
        const before = await read();
        if ('broken' in before) return before;
        await replace(file, `${JSON.stringify({ version: 1, context, ...how(before) })}\n`);
        return await read();
      } finally {
        await unlock();
      }
    } catch (error) {
      return {
        broken: `${file}: it cannot be written (${codeOf(error)}); marks and favourites are not kept`,
      };
    }
  }

  return { read, change };
}

/** Makes the file, or waits for whoever has; undefined where that takes too long. */
async function lock(file: string, clock: Clock): Promise<(() => Promise<void>) | undefined> {
  const until = clock.now() + patience;
  for (;;) {
    try {
      const handle = await open(file, 'wx', 0o600);
      await handle.close();
      return () => rm(file, { force: true });
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    const made = await stat(file).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    );
    if (made !== undefined && clock.now() - made > abandoned) await rm(file, { force: true });
    else if (clock.now() >= until) return undefined;
    else await clock.sleep(again);
  }
}

/** Another file takes its place at once, and is on the disk before. */
async function replace(file: string, text: string): Promise<void> {
  const fresh = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(fresh, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.datasync();
    await handle.close();
    await rename(fresh, file);
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(fresh, { force: true });
    throw error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
