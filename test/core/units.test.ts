import { describe, expect, it } from 'vitest';
import { bytes, count, duration, latency, percent } from '../../source/core/units.js';

describe('numbers on the screen', () => {
  it.each([
    [0, '0'],
    [7.25, '7.25'],
    [712, '712'],
    [999.4, '999'],
    [999.6, '1.00k'],
    [4_990, '4.99k'],
    [12_345, '12.3k'],
    [999_600, '1.00M'],
    [1_210_000, '1.21M'],
    [-3_300, '-3.30k'],
    [9e18, '9000P'],
  ])('count %d is %s', (n, text) => expect(count(n)).toBe(text));

  it('never shows what is not known as a number', () => {
    for (const format of [count, bytes, duration, latency, percent])
      for (const n of [NaN, undefined, Infinity]) expect(format(n)).toBe('–');
  });

  it.each([
    [0, '0s'],
    [42_000, '42s'],
    [11 * 60_000, '11m'],
    [124 * 60_000, '2h04'],
    [50 * 3_600_000, '2d02h'],
  ])('duration %d ms is %s', (ms, text) => expect(duration(ms)).toBe(text));

  it.each([
    [5.63, '5.6ms'],
    [162, '162ms'],
    [1_580, '1.58s'],
    [47_300, '47s'],
    [163_000, '3m'],
  ])('latency %d ms is %s', (ms, text) => expect(latency(ms)).toBe(text));

  it('bytes have binary prefixes', () => {
    expect(bytes(512)).toBe('512 B');
    expect(bytes(1.5 * 1024 * 1024)).toBe('1.50 MiB');
  });

  it('a share is a whole percentage', () => expect(percent(0.944)).toBe('94%'));
});
