import { describe, expect, it } from 'vitest';
import { bar } from '../../../source/screen/parts/bar.js';

const text = (share: number, limit?: number, width = 10): string =>
  bar(share, limit, width)
    .map(cell => cell.text)
    .join('');

describe('a bar', () => {
  it('shows the limit where it lies, before and behind its end', () => {
    expect(text(0.4, 0.85)).toBe('████░░░░│░');
    expect(text(0.95, 0.85)).toBe('████████┼█');
    expect(text(0.4)).toBe('████░░░░░░');
  });

  it('is a warning from the limit on, and stays in its cells whatever it is given', () => {
    expect(bar(0.85, 0.85, 10)[0]?.as).toBe('warning');
    expect(bar(0.84, 0.85, 10)[0]?.as).toBe('first');
    for (const share of [-1, 0, 0.5, 1, 7]) expect(text(share, 0.9, 7)).toHaveLength(7);
    expect(text(0.5, 0.9, 0)).toBe('');
  });
});
