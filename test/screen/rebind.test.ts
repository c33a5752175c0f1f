import { afterEach, describe, expect, it } from 'vitest';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { loadAll } from '../../source/commands/context.js';
import { ConfigProblem } from '../../source/config/problem.js';
import type { Binding } from '../../source/screen/binding.js';
import { keymap } from '../../source/screen/keymap.js';
import { actionNames, rebind, type KeySettings } from '../../source/screen/rebind.js';
import { initialUi } from '../../source/screen/ui.js';
import { textOf } from '../support/screens.js';
import { openTerminal, type TrueTerminal } from '../support/true-terminal.js';
import * as views from '../support/views.js';

function bound(settings: KeySettings): readonly Binding[] {
  const table = rebind(keymap, settings);
  if ('problem' in table) throw new Error(table.problem);
  return table;
}

describe('keys that the user set', { timeout: 60_000 }, () => {
  let terminal: TrueTerminal | undefined;
  const at = async (settings: KeySettings): Promise<TrueTerminal> =>
    (terminal = await openTerminal(
      views.incident(),
      { columns: 120, rows: 40 },
      { begin: { ...initialUi, keymap: bound(settings) } },
    ));

  afterEach(async () => {
    await terminal?.close();
    terminal = undefined;
  });

  it('take the place of the usual ones, in what they do, in the footer, in the help and in hints', async () => {
    const on = await at({ 'act.remedy': ['F', 'ctrl-r'] });
    await on.press('x');
    expect(on.session.intents).toEqual([]);
    await on.press('F');
    await on.press('\u0012');
    expect(on.session.intents).toMatchObject([{ type: 'offer' }, { type: 'offer' }]);
    expect(on.screen()[1]).toMatch(/F fix$/);
    expect(on.screen().at(-1)).toContain('F fix');
    await on.press('?');
    expect(on.screen().join('\n')).toMatch(/ F +what can be done .* \(also\s+Ctrl-R\)/);
  });

  it('that move do so in all views, and the usual ones no more', async () => {
    const on = await at({ 'move.down': ['t'], 'move.up': ['up', 'p'] });
    const selected = (): string => on.screen().find(line => line.startsWith('›')) ?? '';
    await on.press('t');
    expect(selected()).toContain('mm2-checkpoint');
    await on.press('j', '\u001b[B');
    expect(selected()).toContain('mm2-checkpoint');
    await on.press('p');
    expect(selected()).toContain('mm2-source');
    expect(on.screen().at(-1)).toContain('↑t move');
  });

  it('may be none: then the key is free', async () => {
    const on = await at({ 'time.mark': [], 'act.refresh': ['m'] });
    await on.press('m');
    expect(on.session.intents).toEqual([{ type: 'refresh' }]);
    expect(on.screen().at(-1)).not.toContain('mark');
  });

  it.each<[string, KeySettings, string, string]>([
    [
      'an action that is none',
      { 'act.remedi': ['F'] },
      'keys.act.remedi: there is no such action',
      'did you mean act.remedy?',
    ],
    ['a key that is none', { quit: ['F13'] }, 'keys.quit: "F13" is no key', 'ctrl-x'],
    ['Ctrl-C, which always interrupts', { quit: ['ctrl-c'] }, '"ctrl-c" is no key', 'one character'],
    ['Ctrl-M, which is Enter', { quit: ['ctrl-m'] }, '"ctrl-m" is no key', 'one character'],
    [
      'a key of another action',
      { 'act.remedy': ['e'] },
      'e would be both act.remedy and act.evidence in overview',
      'give act.evidence another key too',
    ],
    ['a key that moves', { 'move.down': ['q'] }, 'q would be both', 'take q from one of them'],
    [
      'one key for two actions',
      { 'act.remedy': ['Z'], 'act.evidence': ['Z'] },
      'Z would be both act.remedy and act.evidence',
      'another key too',
    ],
    ['a letter where text is typed', { 'filter.keep': ['k'] }, 'keys.filter.keep: k is text', 'ctrl-x'],
    ['a whole movement', { 'list.move': ['n'] }, 'it has a key for each direction', 'move.up, move.down'],
  ])('are refused where they are %s', (_what, settings, problem, next) => {
    const table = rebind(keymap, settings);
    expect(table).toMatchObject({
      problem: expect.stringContaining(problem) as string,
      next: expect.stringContaining(next) as string,
    });
  });

  it('are as docs/keys.md has them for an example', async () => {
    const text = await readFile('docs/keys.md', 'utf8');
    const example = /```yaml\n([^]*?)```/.exec(text)?.[1] ?? '';
    const keys = parse(example) as { keys: Record<string, string | string[]> };
    const settings = Object.entries(keys.keys).map(([name, one]) => [name, [one].flat()] as const);
    expect(settings.length).toBeGreaterThan(2);
    expect(bound(Object.fromEntries(settings))).toHaveLength(keymap.length);
  });

  it('keep their order where an action tells them apart', () => {
    const next = bound({ 'sibling.next': ['t', 'T'] }).find(one => one.id === 'sibling.next');
    const view = views.incident();
    const on = (key: string, flow: string): string | undefined =>
      next?.press({ view, ui: { ...initialUi, at: 'flow', flow }, size: { columns: 80, rows: 24 } }, key).ui
        .flow;
    expect(on('t', 'connect us/mm2-source')).toBe('connect us/mm2-checkpoint');
    expect(on('T', 'connect us/mm2-checkpoint')).toBe('connect us/mm2-source');
  });

  it('may change places with each other', () => {
    const table = bound({ 'act.remedy': ['e'], 'act.evidence': ['x'] });
    expect(table.find(one => one.id === 'act.evidence')?.keys).toEqual(['x']);
  });

  it('leave the table as it is where none is set, and every hint of it is true', () => {
    expect(bound({})).toEqual(keymap);
    expect(new Set(actionNames(keymap)).size).toBe(actionNames(keymap).length);
    const size = { columns: 120, rows: 40 };
    const [set, usual] = [
      textOf(views.incident(), size, { keymap: bound({}) }),
      textOf(views.incident(), size),
    ];
    expect(set).toEqual(usual);
  });
});

describe('keys in the configuration', () => {
  const context = 'current-context: a\ncontexts: { a: { clusters: { x: { bootstrap: "h:1" } } } }\n';
  const load = (keys: string) => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'kmon-keys-')), 'config.yaml');
    writeFileSync(file, context + keys);
    return loadAll({ config: file }, {});
  };

  it('are read by the name of the action, one or several, and shown with where they come from', () => {
    const { context: loaded, settings } = load('keys: { act.remedy: F, go.groups: [9, b] }\n');
    expect(loaded.keys).toEqual({ 'act.remedy': ['F'], 'go.groups': ['9', 'b'] });
    expect(settings).toContainEqual({
      path: 'keys.go.groups',
      value: '9, b',
      from: { is: 'file', file: expect.any(String) as string, path: 'keys.go.groups' },
    });
  });

  it('that cannot be used are named before anything is asked', () => {
    expect(() => load('keys: { act.remedy: e }\n')).toThrow(ConfigProblem);
    expect(() => load('keys: { act.remedy: e }\n')).toThrow(/both act.remedy and act.evidence/);
  });
});
