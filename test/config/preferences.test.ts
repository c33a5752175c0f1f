import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Flags } from '../../source/config/flags.js';
import { load } from '../../source/config/load.js';
import { loadPreferences } from '../../source/config/preferences.js';
import { ConfigProblem } from '../../source/config/problem.js';

/** A home whose configuration file is this text, and the file. */
function home(text: string): { readonly env: NodeJS.ProcessEnv; readonly file: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'kmon-preferences-'));
  const file = path.join(folder, 'kmon', 'config.yaml');
  mkdirSync(path.dirname(file));
  writeFileSync(file, text, { mode: 0o600 });
  return { env: { XDG_CONFIG_HOME: folder }, file };
}

function problemOf(run: () => unknown): ConfigProblem {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigProblem) return error;
    throw error;
  }
  throw new Error('no problem was found');
}

const addresses: Flags = { bootstrap: ['b:9092'], connect: ['http://w:8083'] };
const own = 'theme: light\nkeys: { act.remedy: F }\ncontexts: { lab: { mode: read-write } }\n';

describe('keys and theme of the user', () => {
  it('are those of the file where addresses come by flags, and nothing else of it is', () => {
    const { env, file } = home(own);
    const { context, settings } = load(addresses, env, {});
    expect(context).toMatchObject({ theme: 'light', keys: { 'act.remedy': ['F'] }, mode: 'read-only' });
    const origin = (key: string) => settings.find(one => one.path === key)?.from;
    expect(origin('theme')).toEqual({ is: 'file', file, path: 'theme' });
    expect(origin('keys.act.remedy')).toEqual({ is: 'file', file, path: 'keys.act.remedy' });
  });

  it('are those of the file where nothing is watched at all, as in a replay', () => {
    const { env } = home(own);
    expect(loadPreferences({}, env, {})).toEqual({
      theme: 'light',
      glyphs: 'auto',
      keys: { 'act.remedy': ['F'] },
    });
    expect(loadPreferences({ theme: 'dark' }, env, {}).theme).toBe('dark');
  });

  it('are those of the file that --config names beside addresses', () => {
    const { file } = home(own);
    expect(load({ ...addresses, config: file }, {}, {}).context.theme).toBe('light');
  });

  it('are as usual without a file, but a file that is named must be there', () => {
    const nowhere = { XDG_CONFIG_HOME: path.join(tmpdir(), 'kmon-no-such-folder') };
    expect(loadPreferences({}, nowhere, {})).toEqual({ theme: 'auto', glyphs: 'auto', keys: {} });
    expect(problemOf(() => loadPreferences({}, { KMON_CONFIG: '/no/such.yaml' }, {})).problem).toBe(
      '/no/such.yaml: no such file',
    );
    expect(problemOf(() => load({ ...addresses, config: '/no/such.yaml' }, {}, {})).problem).toContain(
      'no such file',
    );
  });

  it('of a file that cannot be read are a problem with its line, and a way to go on without it', () => {
    const { env, file } = home('theme: light\nkeyz: {}\n');
    for (const run of [() => load(addresses, env, {}), () => loadPreferences({}, env, {})]) {
      const { problem, next } = problemOf(run);
      expect(problem).toBe(`${file}:2: there is no key keyz`);
      expect(next).toBe('did you mean keys? Or leave the file out for now: KMON_CONFIG=/dev/null');
    }
    const { next } = problemOf(() => load(addresses, home('theme: [').env, {}));
    expect(next).toContain('KMON_CONFIG=/dev/null');
    expect(loadPreferences({}, { KMON_CONFIG: '/dev/null' }, {})).toEqual({
      theme: 'auto',
      glyphs: 'auto',
      keys: {},
    });
  });
});
