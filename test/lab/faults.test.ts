import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { faults } from '../../lab/faults/index.js';

const helpers = ['fault', 'index', 'state'];

it('lists the fault of every file, under the name of the file', () => {
  const files = readdirSync('lab/faults')
    .map(file => file.replace(/\.ts$/, ''))
    .filter(file => !helpers.includes(file));
  expect(faults.map(({ name }) => name).sort()).toEqual(files.sort());
});
