import { expect, it } from 'vitest';
import { preferredBlock } from '../../lab/site.js';

it('gives a name the same block of ports every time, and the default lab one of its own', () => {
  expect(preferredBlock('default')).toBe(0);
  expect(preferredBlock('ci')).toBe(preferredBlock('ci'));
  const blocks = ['ci', 'two', 'old', 'ci-4711', 'e2e'].map(preferredBlock);
  for (const block of blocks) {
    expect(block).toBeGreaterThan(0);
    expect(block).toBeLessThan(200);
  }
});
