import { describe, expect, it } from 'vitest';
import { colourLevel } from '../../source/screen/colour.js';
import { drawsAscii } from '../../source/screen/glyphs.js';
import { row, segment } from '../../source/screen/row.js';
import { groundOf } from '../../source/screen/ground.js';
import { heatTokens, palettes, theme, type Ground, type Token } from '../../source/screen/theme.js';

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

const grounds: readonly Ground[] = ['dark', 'light'];

/** Red, green and blue of one of the 256 colours, 0…1. */
function rgb(n: number): readonly [number, number, number] {
  if (n >= 232) {
    const grey = (8 + (n - 232) * 10) / 255;
    return [grey, grey, grey];
  }
  const step = (power: number): number =>
    ([0, 95, 135, 175, 215, 255][Math.floor((n - 16) / 6 ** power) % 6] ?? 0) / 255;
  return [step(2), step(1), step(0)];
}

const linear = (c: number): number => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);

/** Relative luminance (WCAG 2.2). */
function luminance([r, g, b]: readonly [number, number, number]): number {
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

/** 1…21 (WCAG 2.2); 3 is the least for large text and marks, 4.5 for text. */
function contrast(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** As those see it who lack one kind of cone (Viénot, Brettel and Mollon 1999, on linear RGB). */
const blindness: Readonly<Record<string, readonly (readonly [number, number, number])[]>> = {
  protanopia: [
    [0.11238, 0.88762, 0],
    [0.11238, 0.88762, 0],
    [0.00401, -0.00401, 1],
  ],
  deuteranopia: [
    [0.29275, 0.70725, 0],
    [0.29275, 0.70725, 0],
    [-0.02234, 0.02234, 1],
  ],
};

describe.each(grounds)('on %s ground', ground => {
  const { looks } = palettes[ground];
  const paper = ground === 'dark' ? 0 : 1;
  const seen = (token: Token): number => luminance(rgb(looks[token].colour ?? 0));

  it('what is told in colour can be read', () => {
    for (const token of ['critical', 'warning', 'info', 'ok', 'dim'] satisfies Token[])
      expect(contrast(seen(token), paper), token).toBeGreaterThan(4.5);
    for (const token of ['stale', 'first', 'second'] satisfies Token[])
      expect(contrast(seen(token), paper), token).toBeGreaterThan(3);
  });

  it('each step of heat stands out more than the one before', () => {
    const steps = heatTokens.map(token => contrast(seen(token), paper));
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(new Set(steps).size).toBe(8);
  });

  it.each(Object.keys(blindness))('also to those with %s', kind => {
    const steps = heatTokens.map(token => {
      const [r, g, b] = rgb(looks[token].colour ?? 0).map(linear);
      const [x = 0, y = 0, z = 0] = (blindness[kind] ?? []).map(
        ([fr, fg, fb]) => fr * (r ?? 0) + fg * (g ?? 0) + fb * (b ?? 0),
      );
      return contrast(0.2126 * x + 0.7152 * y + 0.0722 * z, paper);
    });
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  });

  it('has no red and no green in heat among 16 colours', () => {
    const painted = heatTokens.map(token => theme(1, { ground }).paint(row(segment('█', token)), 1)).join('');
    expect(painted).not.toMatch(/\u001b\[(31|32|91|92)m/);
  });

  it('has no code at all without colour', () => {
    for (const token of Object.keys(looks) as Token[])
      expect(theme(0, { ground }).paint(row(segment('x', token)), 1)).toBe('x');
  });
});

it('on light ground nothing is yellow among 16 colours but the least heat, nor white or pale', () => {
  const { looks } = palettes.light;
  const pale = Object.entries(looks).filter(([, { basic }]) => /white|Bright|yellow/.test(basic ?? ''));
  expect(pale.map(([token]) => token)).toEqual(['heat1', 'heat2']);
});

describe('whether the ground is light', () => {
  it.each([
    ['auto', {}, 'dark'],
    ['auto', { COLORFGBG: '15;0' }, 'dark'],
    ['auto', { COLORFGBG: '0;15' }, 'light'],
    ['auto', { COLORFGBG: '0;default;7' }, 'light'],
    ['auto', { COLORFGBG: '7;8' }, 'dark'],
    ['auto', { COLORFGBG: 'default;default' }, 'dark'],
    ['dark', { COLORFGBG: '0;15' }, 'dark'],
    ['light', {}, 'light'],
  ] as const)('%s with %o: %s', (choice, env, ground) => {
    expect(groundOf(choice, env)).toBe(ground);
  });
});

describe('the ramp of a heatmap', () => {
  it('has eight colours of 256, each its own, and never true colour', () => {
    const painted = heatTokens.map(token => theme(2).paint(row(segment('█', token)), 1));
    expect(new Set(painted).size).toBe(8);
    for (const text of painted) expect(text).toMatch(/^\u001b\[38;5;\d+m█/);
  });
});

describe('Unicode', () => {
  it.each([
    [{ LANG: 'en_US.UTF-8' }, false],
    [{}, false],
    [{ LC_ALL: 'de_DE.ISO-8859-1', LANG: 'en_US.UTF-8' }, true],
    [{ TERM: 'linux', LANG: 'en_US.UTF-8' }, true],
    // What is left where ssh hands on no locale.
    [{ LC_ALL: 'C' }, false],
  ])('is spared a terminal of %o: %s', (env, ascii) => {
    expect(drawsAscii('auto', env)).toBe(ascii);
  });

  it('is drawn or not as the user says, whatever the terminal is', () => {
    expect(drawsAscii('ascii', { LANG: 'en_US.UTF-8' })).toBe(true);
    expect(drawsAscii('unicode', { TERM: 'linux' })).toBe(false);
  });
});
