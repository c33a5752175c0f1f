/**
 * `kmon.ts JSON`: kmon's own sweep of a cluster, in a process of its own, the model folding what comes. Prints a line of JSON.
 * To be run with `--expose-gc`.
 */
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { Observation, OffsetColumn } from '../../source/core/observation.js';
import { keepHeapSmall } from '../../source/commands/small-heap.js';
import { isKnown } from '../../source/core/known.js';
import { SiteModel } from '../../source/model/site-model.js';
import { KafkaSweep } from '../../source/observe/kafka-sweep.js';
import { openKafka } from '../../source/wire/kafka/link.js';
import { median } from './median.js';
import { WarmClock } from './warm-clock.js';

const { bootstrap, partitions, commits, passes, steady } = z
  .object({
    bootstrap: z.array(z.string()),
    /** How many partitions and how many committed offsets a whole sweep sees. */
    partitions: z.int(),
    commits: z.int(),
    /** How many passes are measured, and how many follow for the heap. */
    passes: z.int(),
    steady: z.int(),
  })
  .parse(JSON.parse(process.argv[2] ?? ''));

/** Between two passes, by the clock of what is measured: long enough for a pass to ask for the metadata again, so that it is whole. */
const interval = 10_000;

keepHeapSmall();
const clock = new WarmClock();
const link = openKafka(
  { cluster: 'us', bootstrap, security: {}, clientId: 'kmon', requestTimeout: 30_000, connectTimeout: 5_000 },
  { clock },
);
const { signal } = new AbortController();
setMaxListeners(0, signal);

type Pass = {
  readonly requests: number;
  readonly bytes: number;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  /** Of which the model took. */
  readonly foldSeconds: number;
};

/** How long answers that a pass did not wait for may take, ms. */
const patience = 5_000;
/** Passes in a row that may be half: on a machine this busy nothing can be measured. */
const mostHalves = 10;
let halves = 0;

/** A whole pass. One does not wait for brokers that are slow, and then asks about what they said with the next: that is no measurement. */
async function whole(pass: () => Promise<Pass | undefined>): Promise<Pass> {
  for (let tries = 1; tries <= mostHalves; tries++) {
    const measured = await pass();
    if (measured) return measured;
    halves++;
  }
  throw new Error(`${mostHalves} half passes in a row`);
}

/** Sweeps again and again, each observation going to `fold`. */
function sweeper(fold: (o: Observation) => void): () => Promise<Pass> {
  let seen = { partitions: 0, commits: 0 };
  let folding = 0;
  const sweep = new KafkaSweep('us', link, clock, o => {
    if (o.kind === 'offsets' && o.which === 'log-end') seen.partitions += entries(o.topics);
    if (o.kind === 'committed')
      for (const { answer } of o.groups) if ('ok' in answer) seen.commits += entries(answer.ok);
    const before = performance.now();
    fold(o);
    folding += performance.now() - before;
  });
  const pass = async (): Promise<Pass | undefined> => {
    clock.pass(interval);
    seen = { partitions: 0, commits: 0 };
    folding = 0;
    const before = link.counters();
    const cpu = process.cpuUsage();
    const started = performance.now();
    await sweep.pass({ signal, asking: () => undefined });
    const ended = performance.now();
    while (seen.partitions < partitions || seen.commits < commits) {
      if (performance.now() - ended > patience) return undefined;
      await sleep(1);
    }
    const wallSeconds = (performance.now() - started) / 1_000;
    const { user, system } = process.cpuUsage(cpu);
    const after = link.counters();
    return {
      requests: after.requests - before.requests,
      bytes: after.bytesReceived + after.bytesSent - before.bytesReceived - before.bytesSent,
      wallSeconds,
      cpuSeconds: (user + system) / 1e6,
      foldSeconds: folding / 1_000,
    };
  };
  return () => whole(pass);
}

function entries(columns: readonly OffsetColumn[]): number {
  return columns.reduce((sum, { partition }) => sum + partition.length, 0);
}

async function repeat(times: number, work: () => Promise<Pass>): Promise<Pass[]> {
  const all: Pass[] = [];
  for (let i = 0; i < times; i++) all.push(await work());
  return all;
}

/** Bytes that the heap grows by in a pass, after collection, over `steady` passes. */
async function growth(work: () => Promise<Pass>): Promise<number> {
  const { gc } = globalThis;
  if (!gc) throw new Error('run it with --expose-gc');
  gc();
  const before = process.memoryUsage().heapUsed;
  await repeat(steady, work);
  gc();
  return Math.round((process.memoryUsage().heapUsed - before) / steady);
}

const model = new SiteModel({ clusters: [{ name: 'us', bootstrap }], connects: [] });
const work = sweeper(o => model.fold(o));
const cold = await work();
await repeat(5, work);
const warm = await repeat(passes, work);

const started = performance.now();
const { groups } = model.snapshot(clock.now());
const snapshotSeconds = (performance.now() - started) / 1_000;
const lag = groups.reduce((sum, group) => sum + (isKnown(group.lag) ? group.lag.value : NaN), 0);

const bare = sweeper(() => undefined);
await bare();
const heap = steady > 0 && { withModel: await growth(work), withoutModel: await growth(bare) };
await link.close();

process.stdout.write(
  `${JSON.stringify({
    cold,
    warm: {
      passes,
      requests: median(warm.map(pass => pass.requests)),
      requestsMost: Math.max(...warm.map(pass => pass.requests)),
      bytes: median(warm.map(pass => pass.bytes)),
      wallSeconds: median(warm.map(pass => pass.wallSeconds)),
      cpuSeconds: median(warm.map(pass => pass.cpuSeconds)),
      foldSeconds: median(warm.map(pass => pass.foldSeconds)),
    },
    halves,
    snapshotSeconds,
    lag,
    rssBytes: process.resourceUsage().maxRSS * 1_024,
    ...(heap && { heapBytesAPass: { passes: steady, ...heap } }),
  })}\n`,
);
