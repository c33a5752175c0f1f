import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { load } from '../../source/config/load.js';
import { lookOf, looks } from '../../source/config/looks.js';

const file = path.join(mkdtempSync(path.join(tmpdir(), 'kmon-looks-')), 'config.yaml');
writeFileSync(
  file,
  'current-context: lab\ntheme: light\nglyphs: ascii\ncontexts: { lab: { clusters: { us: { bootstrap: "b:9092" } } } }\n',
  { mode: 0o600 },
);

it.each([
  ['--theme over all', { theme: 'dark' }, { KMON_THEME: 'light' }, 'dark', 'flag'],
  ['$KMON_THEME over the file', {}, { KMON_THEME: 'dark' }, 'dark', 'environment'],
  ['the file', {}, {}, 'light', 'file'],
])('the theme is told by %s', (_, flags, env, theme, origin) => {
  const { context, settings } = load({ config: file, ...flags }, env, {});
  expect(context.theme).toBe(theme);
  expect(settings.find(one => one.path === 'theme')).toMatchObject({ value: theme, from: { is: origin } });
});

it.each([
  ['--glyphs over all', { glyphs: 'unicode' }, { KMON_GLYPHS: 'auto' }, 'unicode', 'flag'],
  ['$KMON_GLYPHS over the file', {}, { KMON_GLYPHS: 'unicode' }, 'unicode', 'environment'],
  ['the file', {}, {}, 'ascii', 'file'],
])('what the screen is drawn with is told by %s', (_, flags, env, glyphs, origin) => {
  const { context, settings } = load({ config: file, ...flags }, env, {});
  expect(context.glyphs).toBe(glyphs);
  expect(settings.find(one => one.path === 'glyphs')).toMatchObject({ value: glyphs, from: { is: origin } });
});

it('is a matter of the terminal where nobody says', () => {
  expect(lookOf('theme', looks.theme, {}, {})).toEqual({ value: 'auto', from: { is: 'default' } });
});

it('of another name is refused, with those that there are', () => {
  expect(() => lookOf('theme', looks.theme, { theme: 'solarized' }, {})).toThrow(
    '--theme: "solarized" is not known',
  );
  expect(() => lookOf('theme', looks.theme, {}, { KMON_THEME: 'white' })).toThrow('$KMON_THEME');
  expect(() => lookOf('glyphs', looks.glyphs, { glyphs: 'emoji' }, {})).toThrow(
    '--glyphs: "emoji" is not known',
  );
});
