/**
 * `npm run bench -- model`: what the model costs by itself. Observations are built here, folded, and a snapshot is taken after
 * each sweep, as the session does; no network, no screen.
 *
 * * `warm`: CPU of folding one sweep of 1,000 groups × 100 partitions and of the snapshot after it, the median of twenty;
 * * `hour`: memory of the whole process after an hour at 10 s of 200 groups, 5,000 partitions, 25,000 group-partitions, at the
 *   default history; heap after each quarter of the hour, which must not rise once history is full;
 * * `growth`: CPU of a sweep and bytes at one, two and four times the groups.
 *
 * Each part runs in a process of its own, so that none measures the memory of another, and bundled as kmon is: the loader of
 * TypeScript would be part of it otherwise. Prints JSON.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { keepHeapSmall } from '../source/commands/small-heap.js';
import { SiteModel } from '../source/model/site-model.js';
import { hour, type Size, Sweeps, sweepInterval as interval } from './sweeps.js';

type Run = {
  readonly cpuMs: number;
  readonly heapMb: number;
  readonly rssMb: number;
  readonly historyMb: number;
};

/** Folds `sweeps` sweeps, a snapshot after each; the CPU of folding and snapshot alone, median of the last half. */
function run(size: Size, sweeps: number, each?: (n: number, now: Omit<Run, 'cpuMs'>) => void): Run {
  const model = new SiteModel({ clusters: [{ name: 'bench', bootstrap: [] }], connects: [] });
  const source = new Sweeps(size);
  const costs: number[] = [];
  let held = model.snapshot(0);
  for (let n = 0; n < sweeps; n++) {
    const observations = [...source.sweep(n)];
    const before = process.cpuUsage();
    for (const o of observations) model.fold(o);
    held = model.snapshot(1_700_000_000_000 + n * interval + 1_000);
    const { user, system } = process.cpuUsage(before);
    costs.push((user + system) / 1000);
    each?.(n, memory(held.history.bytes));
  }
  if (held.groups.length !== size.groups) throw new Error('not all groups are in view');
  const warm = costs.slice(sweeps >> 1).sort((a, b) => a - b);
  return { cpuMs: round(warm[warm.length >> 1] ?? NaN), ...memory(held.history.bytes) };
}

function memory(history: number): Omit<Run, 'cpuMs'> {
  const { heapUsed, rss } = process.memoryUsage();
  return { heapMb: round(heapUsed / 1e6), rssMb: round(rss / 1e6), historyMb: round(history / 1e6) };
}

function round(n: number): number {
  return Number(n.toFixed(1));
}

const wide: Size = { groups: 1_000, topics: 100, partitions: 100, reads: 1 };

const parts: Readonly<Record<string, () => unknown>> = {
  warm: () => run(wide, 40),
  hour: () => {
    const quarters: unknown[] = [];
    let highest = 0;
    const end = run(hour, 480, (n, now) => {
      highest = Math.max(highest, now.rssMb);
      if ((n + 1) % 90 === 0) quarters.push({ sweeps: n + 1, ...now });
    });
    return { ...end, highestRssMb: highest, quarters };
  },
  growth: () =>
    [1, 2, 4].map(times => ({
      groupPartitions: 25_000 * times,
      ...run({ ...wide, groups: 250 * times }, 40),
    })),
};

const [, script = '', , name = ''] = process.argv;
const part = parts[name];
if (part !== undefined) {
  keepHeapSmall();
  process.stdout.write(JSON.stringify(part()));
} else {
  const { buildSync } = await import('esbuild');
  const folder = mkdtempSync(path.join(tmpdir(), 'kmon-bench-'));
  try {
    const outfile = path.join(folder, 'model.mjs');
    buildSync({
      entryPoints: [path.join(path.dirname(script), 'model.ts')],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      external: ['esbuild'],
    });
    const results = Object.keys(parts).map(each => {
      const run = [outfile, 'model', each];
      const told = execFileSync(process.execPath, run, {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      return [each, JSON.parse(told)] as const;
    });
    process.stdout.write(`${JSON.stringify(Object.fromEntries(results), null, 2)}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
