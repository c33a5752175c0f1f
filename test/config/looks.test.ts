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
  ['theme', '--theme over all', { theme: 'dark' }, { KMON_THEME: 'light' }, 'dark', 'flag'],
  ['theme', '$KMON_THEME over the file', {}, { KMON_THEME: 'dark' }, 'dark', 'environment'],
  ['theme', 'the file', {}, {}, 'light', 'file'],
  ['glyphs', '--glyphs over all', { glyphs: 'unicode' }, { KMON_GLYPHS: 'auto' }, 'unicode', 'flag'],
  ['glyphs', '$KMON_GLYPHS over the file', {}, { KMON_GLYPHS: 'unicode' }, 'unicode', 'environment'],
  ['glyphs', 'the file', {}, {}, 'ascii', 'file'],
] as const)('%s is told by %s', (look, _, flags, env, value, origin) => {
  const { context, settings } = load({ config: file, ...flags }, env, {});
  expect(context[look]).toBe(value);
  expect(settings.find(one => one.path === look)).toMatchObject({ value, from: { is: origin } });
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
