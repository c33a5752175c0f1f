import { mkdtempSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../source/core/clock.js';
import { baselineOf, type Mark } from '../../source/session/mark.js';
import { nothingRemembered, withMark, type MemoryPort } from '../../source/session/memory.js';
import { openState } from '../../source/state/state-file.js';
import * as views from '../support/views.js';

const file = (): string =>
  path.join(mkdtempSync(path.join(tmpdir(), 'kmon-state-')), 'contexts', 'eu-us.json');
const open = (at: string): MemoryPort => openState({ file: at, context: 'eu-us', clock: systemClock });
const mark = (at: number, label: string): Mark => ({ at, label, baseline: baselineOf(views.incident()) });

describe('what is kept of a context between runs', () => {
  it('is nothing before there is a file', async () => {
    expect(await open(file()).read()).toEqual(nothingRemembered);
  });

  it('is read as it was written, marks with all that they compare with, for its owner alone', async () => {
    const at = file();
    const one = mark(views.now, 'v42');
    await open(at).change(before => ({ ...withMark(before, one), pinned: ['group us/billing'] }));
    expect(await open(at).read()).toEqual({ marks: [one], pinned: ['group us/billing'] });
    expect(one.baseline.findings.length).toBeGreaterThan(0);
    expect(statSync(at).mode & 0o777).toBe(0o600);
    expect(statSync(path.dirname(at)).mode & 0o777).toBe(0o700);
  });

  it('holds the marks of all kmons that mark at once, and leaves nothing else behind', async () => {
    const at = file();
    const kmons = [open(at), open(at), open(at)];
    await Promise.all(
      kmons.flatMap((kmon, k) =>
        [0, 1, 2].map(i => kmon.change(before => withMark(before, mark(k * 10 + i, `${k}.${i}`)))),
      ),
    );
    const read = await open(at).read();
    expect('marks' in read && read.marks.map(one => one.label)).toEqual([
      ...['0.0', '0.1', '0.2', '1.0', '1.1', '1.2', '2.0', '2.1', '2.2'],
    ]);
    expect(readdirSync(path.dirname(at))).toEqual([path.basename(at)]);
  });

  it('is seen by a kmon that has read it before', async () => {
    const at = file();
    const watcher = open(at);
    await watcher.read();
    await open(at).change(before => withMark(before, mark(1, 'from a script')));
    expect(await watcher.read()).toMatchObject({ marks: [{ label: 'from a script' }] });
  });

  it('does not wait for a kmon that was killed while it wrote', async () => {
    const at = file();
    await open(at).change(before => before);
    writeFileSync(`${at}.lock`, '');
    utimesSync(`${at}.lock`, new Date(0), new Date(0));
    expect(await open(at).change(before => withMark(before, mark(1, 'a')))).toMatchObject({
      marks: [{ label: 'a' }],
    });
  });

  it.each([
    ['cut off', '{"version":1,"marks":[{"at":1', 'it is not JSON'],
    ['of another version', '{"version":2,"places":{}}', 'another version of kmon wrote it'],
    ['edited by hand', '{"version":1,"context":"a","marks":{},"pinned":[]}', 'marks is not what kmon writes'],
  ])('is named, and never written to, where the file is %s', async (_what, text, why) => {
    const at = file();
    await open(at).change(before => before);
    writeFileSync(at, text);
    const kmon = open(at);
    for (const outcome of [await kmon.read(), await kmon.change(before => withMark(before, mark(1, 'a')))])
      expect(outcome).toMatchObject({ broken: expect.stringContaining(`${at}: ${why}`) as string });
    expect(readFileSync(at, 'utf8')).toBe(text);
  });

  it('is not kept where the directory cannot be made, and says so', async () => {
    const at = file();
    writeFileSync(path.dirname(at), '');
    expect(await open(at).change(before => before)).toMatchObject({
      broken: expect.stringContaining('it cannot be written (EEXIST)') as string,
    });
  });
});
