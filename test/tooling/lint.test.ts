import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { folders, guarded, libraries, pure } from '../../scripts/lint/import-table.js';
import { lintFixture } from './lint-fixture.js';

describe('the import table', { timeout: 60_000 }, () => {
  test('every import that it forbids is reported, and no other; the fixture breaks every row', async () => {
    const { reported, marked } = await lintFixture('import-rule', ['kmon/imports']);

    expect(reported).toEqual(marked);
    const broken = new Set(marked.map(place => place.replace(/^source\//, '').split(/[/.]/, 1)[0]));
    expect(Object.keys(folders).filter(folder => !broken.has(folder))).toEqual([]);
  });

  test('libraries and guards stand in folders of the table', () => {
    const homes = [...Object.values(libraries).flat(), ...Object.values(guarded).flat(), ...pure];

    for (const file of homes) expect(Object.keys(folders)).toContain(file.split('/', 1)[0]);
  });

  test('docs/architecture.md shows it as it is', async () => {
    const page = await readFile('docs/architecture.md', 'utf8');

    for (const [folder, allowed] of Object.entries(folders)) {
      const cell = allowed.map(entry => (entry === '*' ? 'everything' : entry)).join(', ') || 'nothing';
      expect(page).toContain(`| ${folder} | ${cell} |`);
    }
    for (const [library, homes] of Object.entries(libraries)) {
      expect(page).toContain(`| ${library} | ${homes.join(', ')} |`);
    }
  });
});

describe('system access', { timeout: 60_000 }, () => {
  test('clock, streams and environment are used only where they live', async () => {
    const { reported, marked } = await lintFixture('system-access', [
      'no-console',
      'no-restricted-globals',
      'no-restricted-imports',
      'no-restricted-properties',
      'no-restricted-syntax',
    ]);

    expect(reported).toEqual(marked);
  });
});
