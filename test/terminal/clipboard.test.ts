import { describe, expect, it } from 'vitest';
import { copy, mostCopied } from '../../source/terminal/clipboard.js';

const esc = '\u001b';

/** What is written for a text in this environment. */
function written(env: Record<string, string | undefined>, text: string): string {
  let out = '';
  const output = { write: (chunk: string) => (out += chunk) } as unknown as NodeJS.WriteStream;
  expect(copy({ output, env }, text)).toBe(true);
  return out;
}

const plain = (text: string): string => `${esc}]52;c;${Buffer.from(text).toString('base64')}\u0007`;

/** The payloads of all DCS strings, in their order. */
const strings = (all: string): string[] =>
  all
    .split(`${esc}P`)
    .slice(1)
    .map(part => part.split(`${esc}\\`)[0] ?? '');

describe('a copy', () => {
  it('is one OSC 52 with the text in UTF-8', () => {
    expect(written({ TERM: 'xterm-256color' }, 'lag ≤ 1.21M')).toBe(plain('lag ≤ 1.21M'));
  });

  it.each([
    ['tmux', { TERM: 'screen-256color', TMUX: '/tmp/tmux-1000/default,1,0' }],
    ['tmux behind an SSH', { TERM: 'tmux-256color' }],
  ])('inside %s goes to tmux itself, and past it with every escape doubled', (_, env) => {
    const wrapped = `${esc}Ptmux;${esc}${plain('lag')}${esc}\\`;
    expect(written(env, 'lag')).toBe(plain('lag') + wrapped);
  });

  it('inside screen goes past it, in pieces that its older versions take', () => {
    const text = 'x'.repeat(2_000);
    const out = written({ TERM: 'screen', STY: '1234.pts-0' }, text);
    expect(strings(out).join('')).toBe(plain(text));
    for (const piece of strings(out)) expect(piece.length).toBeLessThanOrEqual(256);
    expect(out.startsWith(`${esc}P${esc}]52;c;`)).toBe(true);
  });

  it('where it may be either is written for both, without what screen would print', () => {
    const out = written({ TERM: 'screen.xterm-256color' }, 'lag');
    expect(out).toBe(`${plain('lag')}${esc}P${plain('lag')}${esc}\\`);
  });

  it('that is too long is not begun', () => {
    const chunks: string[] = [];
    const output = { write: (chunk: string) => chunks.push(chunk) } as unknown as NodeJS.WriteStream;
    expect(copy({ output, env: {} }, 'x'.repeat(mostCopied))).toBe(true);
    expect(chunks.join('').length).toBeLessThanOrEqual(100_000);
    expect(copy({ output, env: {} }, 'x'.repeat(mostCopied + 1))).toBe(false);
    // Bytes count, not letters.
    expect(copy({ output, env: {} }, '≤'.repeat(mostCopied / 2))).toBe(false);
    expect(chunks).toHaveLength(1);
  });
});
