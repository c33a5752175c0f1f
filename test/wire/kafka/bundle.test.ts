import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';
import { cluster } from './support.js';

const wire = fileURLToPath(new URL('../../../source/wire/kafka/', import.meta.url));
const core = fileURLToPath(new URL('../../../source/core/', import.meta.url));

const program = (bootstrap: readonly string[]): string => `
  import { systemClock } from '${core}clock.ts';
  import { openKafka } from '${wire}link.ts';
  import { selfTest } from '${wire}kafkajs.ts';
  import { readMetadata } from '${wire}reads/metadata.ts';
  const us = openKafka(
    {
      cluster: 'us', bootstrap: ${JSON.stringify(bootstrap)}, clientId: 'kmon', requestTimeout: 5000, connectTimeout: 3000,
      security: { sasl: { mechanism: 'scram-sha-512', username: 'kmon', password: 'p' } },
    },
    { clock: systemClock },
  );
  const { answer } = await readMetadata(us);
  await readMetadata(us);
  console.log(JSON.stringify({ selfTest: selfTest() ?? 'fit', topics: answer.ok?.topics.map(t => t.topic) }));
  await us.close();
`;

test('kafkajs’s insides survive the bundle: one ESM file logs in, asks, is silent and ends by itself', async () => {
  const kafka = await cluster({ topics: { orders: 1 }, users: { kmon: { password: 'p', sees: 'all' } } });
  const folder = await mkdtemp(join(tmpdir(), 'kmon-bundle-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [entry, outfile] = [join(folder, 'entry.ts'), join(folder, 'bundle.mjs')];
  await writeFile(entry, program(kafka.bootstrap));
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    minify: true,
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  });
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [outfile]);
  expect(JSON.parse(stdout)).toEqual({ selfTest: 'fit', topics: ['orders'] });
  expect(stderr).toBe('');
});
