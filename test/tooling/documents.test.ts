import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { documents } from '../../scripts/documents.js';

test('the documents that are made from the code are those in docs/: npm run docs', async () => {
  for (const [file, text] of await documents()) expect(await readFile(file, 'utf8'), file).toBe(text);
});
