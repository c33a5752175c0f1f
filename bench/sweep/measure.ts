/**
 * Runs a measurement in a process of its own, so that nothing but it is in its CPU time and its heap, and bundled, as kmon is: the loader of
 * TypeScript has every inner function named by a call.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import * as z from 'zod';
import type { Size } from './size.js';

const pass = z.object({
  requests: z.number(),
  /** Both ways. */
  bytes: z.number(),
  wallSeconds: z.number(),
  cpuSeconds: z.number(),
  /** Of the wall time, what the model took to fold the answers. */
  foldSeconds: z.number(),
});

const kmonCost = z.object({
  /** The first pass of the process: no connection, no compiled code. */
  cold: pass,
  /** Medians of so many passes. */
  warm: pass.extend({ passes: z.int(), requestsMost: z.number() }),
  /** Passes that were not counted: some broker was too slow for them. */
  halves: z.int(),
  snapshotSeconds: z.number(),
  lag: z.number(),
  rssBytes: z.number(),
  /** By how much the heap grew in each of so many steady passes, after collection. */
  heapBytesAPass: z.object({ passes: z.int(), withModel: z.number(), withoutModel: z.number() }).optional(),
});
export type KmonCost = z.infer<typeof kmonCost>;

const stockCost = z.object({
  requests: z.number(),
  bytesReceived: z.number(),
  wallSeconds: z.number(),
  cpuSeconds: z.number(),
  lag: z.number(),
  rssBytes: z.number(),
});
export type StockCost = z.infer<typeof stockCost>;

export async function measureKmon(
  bootstrap: readonly string[],
  size: Size,
  repeats: { readonly passes: number; readonly steady: number },
  profile?: string,
): Promise<KmonCost> {
  const asked = {
    bootstrap,
    // Of topics that some group consumes.
    partitions: Math.min(size.topics, size.groups) * size.partitions,
    commits: size.groups * size.partitions,
    ...repeats,
  };
  const flags = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  return kmonCost.parse(await run('kmon.ts', asked, ['--expose-gc', ...flags]));
}

export async function measureStock(bootstrap: readonly string[]): Promise<StockCost> {
  return stockCost.parse(await run('stock.ts', { bootstrap }));
}

async function run(script: string, asked: object, flags: readonly string[] = []): Promise<unknown> {
  const folder = await mkdtemp(path.join(tmpdir(), 'kmon-bench-'));
  try {
    const outfile = path.join(folder, 'measured.mjs');
    await build({
      entryPoints: [path.join(import.meta.dirname, script)],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20.19',
      // kafkajs requires Node's own modules.
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
      logLevel: 'error',
    });
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...flags, outfile, JSON.stringify(asked)],
      { env: { ...process.env, NODE_ENV: 'production' }, maxBuffer: 1 << 20 },
    );
    return JSON.parse(stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
