import { describe, expect, it } from 'vitest';
import { colourLevel } from '../../source/screen/colour.js';
import { prefersAscii } from '../../source/screen/glyphs.js';
import { row, segment } from '../../source/screen/row.js';
import { heatTokens, theme } from '../../source/screen/theme.js';

describe('how many colours are used', () => {
  it.each([
    ['NO_COLOR wins over all', { NO_COLOR: '1', FORCE_COLOR: '3', TERM: 'xterm-256color' }, 0],
    ['an empty NO_COLOR does not count', { NO_COLOR: '', TERM: 'xterm-256color' }, 2],
    ['FORCE_COLOR=0', { FORCE_COLOR: '0', TERM: 'xterm-256color' }, 0],
    ['FORCE_COLOR=1', { FORCE_COLOR: '1', TERM: 'dumb' }, 1],
    ['FORCE_COLOR=3 is never more than 256', { FORCE_COLOR: '3' }, 2],
    ['COLORTERM', { COLORTERM: 'truecolor', TERM: 'xterm' }, 2],
    ['a terminal of 256', { TERM: 'screen-256color' }, 2],
    ['a terminal of 16', { TERM: 'xterm' }, 1],
    ['a dumb one', { TERM: 'dumb' }, 0],
  ] as const)('%s', (_, env, level) => {
    expect(colourLevel({ env, isTerminal: true })).toBe(level);
  });

  it('is none where there is no terminal', () => {
    expect(colourLevel({ env: { TERM: 'xterm-256color' }, isTerminal: false })).toBe(0);
  });
});

describe('the ramp of a heatmap', () => {
  it('has eight colours of 256, each its own, and never true colour', () => {
    const painted = heatTokens.map(token => theme(2).paint(row(segment('█', token)), 1));
    expect(new Set(painted).size).toBe(8);
    for (const text of painted) expect(text).toMatch(/^\u001b\[38;5;\d+m█/);
  });

  it('has no red and no green among 16 colours', () => {
    const painted = heatTokens.map(token => theme(1).paint(row(segment('█', token)), 1)).join('');
    expect(painted).not.toMatch(/\u001b\[(31|32|91|92)m/);
  });
});

describe('Unicode', () => {
  it.each([
    [{ LANG: 'en_US.UTF-8' }, false],
    [{}, false],
    [{ LC_ALL: 'de_DE.ISO-8859-1', LANG: 'en_US.UTF-8' }, true],
    [{ TERM: 'linux', LANG: 'en_US.UTF-8' }, true],
  ])('is spared a terminal of %o: %s', (env, ascii) => {
    expect(prefersAscii(env)).toBe(ascii);
  });
});
