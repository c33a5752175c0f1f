import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { terminalSection } from '../../../source/commands/doctor/self.js';
import type { GlyphChoice } from '../../../source/screen/glyphs.js';

function unicode(glyphs: GlyphChoice, env: Readonly<Record<string, string>>): string | undefined {
  const stream = (): object => Object.assign(new PassThrough(), { isTTY: true, columns: 120, rows: 40 });
  const terminal = { input: stream() as NodeJS.ReadStream, output: stream() as NodeJS.WriteStream, env };
  return terminalSection(terminal, glyphs).checks.find(({ check }) => check === 'unicode')?.says;
}

test.each([
  ['auto', { LANG: 'C.UTF-8' }, 'drawn in Unicode'],
  [
    'auto',
    { LANG: 'de_DE.ISO-8859-1' },
    'drawn in ASCII, for the locale is not UTF-8: --glyphs unicode draws finer charts',
  ],
  ['ascii', { LANG: 'C.UTF-8' }, 'drawn in ASCII, as it is set: --glyphs unicode draws finer charts'],
  ['unicode', { LANG: 'de_DE.ISO-8859-1' }, 'drawn in Unicode'],
] as const)('the doctor tells how a terminal is drawn on: %s with %o', (glyphs, env, says) => {
  expect(unicode(glyphs, env)).toBe(says);
});
