import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Terminal } from './terminal.js';

/** Contents by the ending of their file: `txt`, `svg`. */
export type Files = Readonly<Record<string, string>>;

/** Their name without the endings, and their folder; or why they could not be written. */
export type Saved = { readonly name: string; readonly folder: string } | { readonly failed: string };

/** Screens of one second are told apart by a number. */
const mostOfOneName = 100;

/**
 * Writes files that belong together into `$KMON_SAVE_DIR`, or the working directory, for their owner alone: they name
 * hosts and groups. No file is replaced; where one of the name is there, all of them get a number.
 */
export async function save(env: Terminal['env'], name: string, files: Files): Promise<Saved> {
  const folder = path.resolve(env['KMON_SAVE_DIR'] || '.');
  for (let n = 1; n <= mostOfOneName; n++) {
    const one = n === 1 ? name : `${name}-${n}`;
    const failed = await written(path.join(folder, one), files);
    if (failed === undefined) return { name: one, folder };
    if (failed !== 'EEXIST') return { failed: `${folder}: ${sentenceOf(failed)}` };
  }
  return { failed: `${folder}: it has ${mostOfOneName} files of the name ${name} already` };
}

/** All of them or none. Gives the code of the error. */
async function written(at: string, files: Files): Promise<string | undefined> {
  const done: string[] = [];
  try {
    for (const [ending, content] of Object.entries(files)) {
      const file = `${at}.${ending}`;
      await writeFile(file, content, { flag: 'wx', mode: 0o600 });
      done.push(file);
    }
    return undefined;
  } catch (error) {
    await Promise.all(done.map(file => rm(file, { force: true })));
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  }
}

function sentenceOf(code: string): string {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'no permission to write there';
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such folder';
    case 'ENOSPC':
    case 'EDQUOT':
      return 'no space is left there';
    default:
      return `it cannot be written (${code})`;
  }
}
