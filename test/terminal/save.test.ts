import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { save } from '../../source/terminal/save.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kmon-save-'));
});
afterEach(() => rm(folder, { recursive: true }));

const files = { txt: 'text', svg: '<svg/>' };
const at = (name: string): string => path.join(folder, name);

describe('saved files', () => {
  it('are where $KMON_SAVE_DIR says, for their owner alone', async () => {
    expect(await save({ KMON_SAVE_DIR: folder }, 'kmon-lab', files)).toEqual({
      name: 'kmon-lab',
      folder,
    });
    expect(await readFile(at('kmon-lab.txt'), 'utf8')).toBe('text');
    expect((await stat(at('kmon-lab.svg'))).mode & 0o777).toBe(0o600);
  });

  it('replace nothing: all get a number where one of them is there', async () => {
    await writeFile(at('kmon-lab.svg'), 'precious');
    await symlink(at('elsewhere'), at('kmon-lab-2.svg'));
    expect(await save({ KMON_SAVE_DIR: folder }, 'kmon-lab', files)).toMatchObject({
      name: 'kmon-lab-3',
    });
    expect(await readFile(at('kmon-lab.svg'), 'utf8')).toBe('precious');
    expect((await readdir(folder)).sort()).toEqual([
      'kmon-lab-2.svg',
      'kmon-lab-3.svg',
      'kmon-lab-3.txt',
      'kmon-lab.svg',
    ]);
  });

  it('that cannot be written are explained', async () => {
    const missing = at('missing');
    expect(await save({ KMON_SAVE_DIR: missing }, 'kmon-lab', files)).toEqual({
      failed: `${missing}: there is no such folder`,
    });
  });
});
