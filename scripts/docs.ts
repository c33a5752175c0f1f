import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { documents } from './documents.js';

/** Writes the documents that are made from the code: `npm run docs`. A test holds them against it. */
for (const [file, text] of await documents()) {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}
