import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  currentLoad,
  heal,
  inject,
  openLab,
  type PartitionTruth,
  setLoad,
  settle,
  stopLoad,
  truth,
  TruthReader,
  until,
} from '../../lab/index.js';
import type { LagReport } from '../../source/commands/lag-report.js';
import { LagWatch } from './kmon.js';

/** The lag of MirrorMaker 2 against what is true: the sequence numbers in the records of the target, which kmon never reads. */

const site = openLab(process.env['KMON_LAB'] ?? 'default');
const config = ['--config', site.paths.config];

let watching: LagWatch | undefined;
/** One kmon through all of them: what it knows of flushes, another one would wait a minute for. */
const kmon = (): LagWatch => (watching ??= new LagWatch(config));
beforeAll(() => settle(site, { quickly: true }));
afterAll(async () => {
  watching?.stop();
  await heal(site);
  setLoad(site);
});

type Bounds = { readonly low: number; readonly high: number };
type Watched = { readonly misses: readonly string[]; readonly judged: readonly Judged[] };
/** One reading of the truth: when it was asked for and over, and what it told. */
type Reading = {
  readonly asked: number;
  readonly at: number;
  readonly of: ReadonlyMap<string, PartitionTruth>;
};
type Judged = { readonly at: number; readonly low: number; readonly high: number; readonly truth: Bounds };

/**
 * Watches kmon and the truth side by side while `meanwhile` goes on. A partition's bounds are held against two readings
 * of the truth: the last one that was over before the offsets which they rest on were asked for, and the first one that
 * began after these were answered. Ends and replicated sequences only grow, so the lag lay between the end before less
 * the sequence after, and the end after less the sequence before; a restart takes sequences back, so that all readings
 * in between count.
 */
async function watch(watching: LagWatch, meanwhile: () => Promise<unknown>): Promise<Watched> {
  const reader = new TruthReader(site);
  const known: Reading[] = [];
  const from = watching.reports.length;
  const work = meanwhile();
  const isOver = work.then(() => true);
  do {
    const reading = await read(reader);
    if (reading) known.push(reading);
  } while (!(await Promise.race([isOver, sleep(200)])));
  await reader.close();
  const misses: string[] = [];
  const judged: Judged[] = [];
  for (const report of watching.reports.slice(from)) {
    const sum = { low: 0, high: 0, least: 0, most: 0 };
    const { partitions } = source(report);
    let found = 0;
    for (const p of partitions) {
      const truth =
        p.lag && between(known, `${p.topic}-${p.partition}`, p.lag.asked, Date.parse(p.asOf ?? ''));
      if (!truth) continue;
      found++;
      if (p.lag.low > truth.high || p.lag.high < truth.low)
        misses.push(
          `${report.at} ${p.topic}/${p.partition}: [${p.lag.low} … ${p.lag.high}], truth ${truth.low} … ${truth.high}`,
        );
      sum.low += p.lag.low;
      sum.high += p.lag.high;
      sum.least += truth.low;
      sum.most += truth.high;
    }
    if (found === 0 || found < partitions.length) continue;
    judged.push({
      at: Date.parse(report.at),
      low: sum.low,
      high: sum.high,
      truth: { low: sum.least, high: sum.most },
    });
  }
  return { misses, judged };
}

/** Undefined while a broker that was just killed is still in the way: the truth goes round it, as kmon does. */
async function read(reader: TruthReader): Promise<Reading | undefined> {
  const asked = Date.now();
  try {
    const { at, partitions } = await reader.read();
    return { asked, at, of: new Map(partitions.map(p => [`${p.topic}-${p.partition}`, p])) };
  } catch {
    return undefined;
  }
}

function between(
  known: readonly Reading[],
  partition: string,
  asked: number | undefined,
  answered: number,
): Bounds | undefined {
  const first = known.findLastIndex(k => k.at <= (asked ?? answered));
  const last = known.findIndex(k => k.asked >= answered);
  if (first < 0 || last < 0) return undefined;
  const truths = known.slice(first, last + 1).flatMap(k => k.of.get(partition) ?? []);
  const reached = truths.map(t => (t.newestTargetSequence ?? -1) + 1);
  return {
    low: Math.max(0, (truths[0]?.sourceEnd ?? NaN) - Math.max(...reached)),
    high: (truths.at(-1)?.sourceEnd ?? NaN) - Math.min(...reached),
  };
}

function source(report: LagReport): LagReport['flows'][number] {
  const flow = report.flows.find(f => f.connector === 'mm2-source');
  if (!flow) throw new Error('no flow mm2-source');
  return flow;
}

describe('the true lag of MirrorMaker 2', () => {
  it('is within its bounds under load, and after two flushes they are as wide as one poll of positions', async () => {
    setLoad(site);
    await kmon().next();
    const { misses, judged } = await watch(kmon(), () => sleep(135_000));
    expect(misses).toEqual([]);
    expect(judged.length).toBeGreaterThan(60);
    const rate = currentLoad(site)?.rate ?? NaN;
    const last = judged.slice(-10);
    // One poll of positions is 5 s, and the answers take a moment.
    for (const { low, high } of last) expect(high - low).toBeLessThanOrEqual(rate * 6);
  });

  it('is within its bounds when a broker of the target is killed under load, when it is back, and after', async () => {
    setLoad(site);
    await kmon().next();
    const { misses, judged } = await watch(kmon(), async () => {
      await sleep(10_000);
      await inject(site, 'stop-broker');
      await sleep(30_000);
      await heal(site, 'stop-broker');
      await sleep(30_000);
    });
    expect(misses).toEqual([]);
    expect(judged.length).toBeGreaterThan(40);
  });

  it('is 0 one poll after the load stops, and its upper end one flush later', async () => {
    await kmon().until(report => source(report).lag !== null, 30);
    await stopLoad(site);
    await until('everything to be replicated', async () => (await truth(site)).behind === 0, {
      timeoutMs: 30_000,
    });
    await kmon().until(report => source(report).lag?.low === 0, 7);
    const rested = await kmon().until(report => source(report).lag?.high === 0, 75);
    expect(source(rested).lag).toMatchObject({ low: 0, high: 0, rested: true });
  });

  it('once seen at rest its lower end is the truth, through a backlog and until a worker is killed in it', async () => {
    await stopLoad(site);
    await kmon().until(report => source(report).lag?.rested === true, 90);
    setLoad(site);
    await inject(site, 'target-quota');
    const before = await watch(kmon(), () => sleep(45_000));
    expect(before.misses).toEqual([]);
    expect(before.judged.at(-1)?.truth.low).toBeGreaterThan(1000);
    // What arrives in a second is what the clocks of the two readings may differ by.
    const second = currentLoad(site)?.rate ?? NaN;
    for (const { low, truth } of before.judged) {
      expect(low).toBeGreaterThanOrEqual(truth.low - second);
      expect(low).toBeLessThanOrEqual(truth.high + second);
    }
    await inject(site, 'kill-worker');
    const after = await watch(kmon(), () => sleep(60_000));
    expect(after.misses).toEqual([]);
    await heal(site);
  });
});
