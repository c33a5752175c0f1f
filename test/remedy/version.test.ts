import { expect, it } from 'vitest';
import { atLeast } from '../../source/remedy/version.js';

it.each([
  ['4.3.1', true],
  ['3.8.0', true],
  ['3.10.0', true],
  ['3.7.2', false],
  ['2.8.1', false],
  ['3.9.0-SNAPSHOT', true],
  ['7.8.0-ccs', true],
  ['7.7.1-ce', false],
  ['8.0.0-ccs', true],
  ['3.8.0.redhat-00001', true],
  ['', false],
  ['unknown', false],
])('Connect %s has PATCH: %s', (version, has) => {
  expect(atLeast(version, 3, 8)).toBe(has);
});
