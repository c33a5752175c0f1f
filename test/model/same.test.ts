import { describe, expect, it } from 'vitest';
import { same } from '../../source/model/same.js';

describe('two pieces of data say the same', () => {
  it.each([
    [{ a: [1, 'x', undefined] }, { a: [1, 'x', undefined] }, true],
    [{ a: 1 }, { a: 1, b: undefined }, false],
    [Int32Array.of(1, 2), Int32Array.of(1, 2), true],
    [Int32Array.of(1, 2), Int32Array.of(1, 3), false],
    [Int32Array.of(1, 2), Int32Array.of(1), false],
    [Float64Array.of(1, NaN), Float64Array.of(1, NaN), true],
    [Float64Array.of(1, NaN), Float64Array.of(1, 0), false],
    [Float64Array.of(1), [1], true],
  ])('%o and %o: %s', (a, b, are) => {
    expect(same(a, b)).toBe(are);
    expect(same(b, a)).toBe(are);
  });
});
