import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  currentLoad,
  heal,
  inject,
  openLab,
  setLoad,
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

beforeAll(async () => {
  await heal(site);
});
afterAll(async () => {
  await heal(site);
  setLoad(site);
});

type Bounds = { readonly low: number; readonly high: number };
type Judged = { readonly at: number; readonly low: number; readonly high: number; readonly truth: Bounds };

/**
 * Watches kmon and the truth side by side for `seconds`. A partition's bounds are held against the truth of just
 * before the offsets that they rest on were asked for and just after they were answered. What passes while either is asked is no error:
 * the truth reads the target first and the source last, so that it is too high by what arrived meanwhile.
 */
async function watch(watching: LagWatch, seconds: number): Promise<{ misses: string[]; judged: Judged[] }> {
  const reader = new TruthReader(site);
  const known: {
    readonly at: number;
    readonly took: number;
    readonly behind: ReadonlyMap<string, number>;
  }[] = [];
  const from = watching.reports.length;
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    const asked = Date.now();
    const now = await reader.read();
    known.push({
      at: now.at,
      took: now.at - asked,
      behind: new Map(now.partitions.map(p => [`${p.topic}-${p.partition}`, p.behind])),
    });
    await sleep(250);
  }
  await reader.close();
  const misses: string[] = [];
  const judged: Judged[] = [];
  for (const report of watching.reports.slice(from)) {
    let low = 0;
    let high = 0;
    let least = 0;
    let most = 0;
    for (const p of report.flows.find(f => f.connector === 'mm2-source')?.partitions ?? []) {
      const at = Date.parse(p.asOf ?? '');
      const asked = p.lag?.asked ?? at;
      const near = known.filter(k => k.at > asked - 1500 && k.at < at + 1500);
      if (p.lag === null || near.length < 2) continue;
      const behind = near.map(k => k.behind.get(`${p.topic}-${p.partition}`) ?? NaN);
      const seconds = Math.max(...near.map(k => k.took)) / 1000;
      const meanwhile = Math.ceil(perPartition() * (seconds + 0.5));
      const truth = { low: Math.min(...behind) - meanwhile, high: Math.max(...behind) + meanwhile };
      if (p.lag.low > truth.high || p.lag.high < truth.low)
        misses.push(
          `${report.at} ${p.topic}/${p.partition}: [${p.lag.low} … ${p.lag.high}], truth ${truth.low} … ${truth.high}`,
        );
      low += p.lag.low;
      high += p.lag.high;
      least += truth.low;
      most += truth.high;
    }
    judged.push({ at: Date.parse(report.at), low, high, truth: { low: least, high: most } });
  }
  return { misses, judged };
}

/** Records a second of each of the source's partitions. */
function perPartition(): number {
  return (currentLoad(site)?.rate ?? 0) / 18;
}

function source(report: LagReport): LagReport['flows'][number] {
  const flow = report.flows.find(f => f.connector === 'mm2-source');
  if (!flow) throw new Error('no flow mm2-source');
  return flow;
}

describe('the true lag of MirrorMaker 2', () => {
  it('is within its bounds under load, and after two flushes they are as wide as one poll of positions', async () => {
    setLoad(site);
    const watching = new LagWatch(config);
    await watching.next();
    const { misses, judged } = await watch(watching, 135);
    watching.stop();
    expect(misses).toEqual([]);
    expect(judged.length).toBeGreaterThan(60);
    const rate = currentLoad(site)?.rate ?? NaN;
    const last = judged.slice(-10);
    // One poll of positions is 5 s, and the answers take a moment.
    for (const { low, high } of last) expect(high - low).toBeLessThanOrEqual(rate * 6);
  });

  it('is 0 one poll after the load stops, and its upper end one flush later', async () => {
    const watching = new LagWatch(config);
    await watching.until(report => source(report).lag !== null, 30);
    await sleep(10_000);
    await stopLoad(site);
    await until('everything to be replicated', async () => (await truth(site)).behind === 0, {
      timeoutMs: 30_000,
    });
    await watching.until(report => source(report).lag?.low === 0, 7);
    const rested = await watching.until(report => source(report).lag?.high === 0, 75);
    expect(source(rested).lag).toMatchObject({ low: 0, high: 0, rested: true });
    watching.stop();
  });

  it('once seen at rest its lower end is the truth, through a backlog and until a worker is killed in it', async () => {
    const watching = new LagWatch(config);
    await watching.until(report => source(report).lag?.rested === true, 90);
    setLoad(site);
    await inject(site, 'target-quota');
    const before = await watch(watching, 45);
    expect(before.misses).toEqual([]);
    expect(before.judged.at(-1)?.truth.low).toBeGreaterThan(1000);
    // What arrives in a second is what the clocks of the two readings may differ by.
    const second = currentLoad(site)?.rate ?? NaN;
    for (const { low, truth } of before.judged) {
      expect(low).toBeGreaterThanOrEqual(truth.low - second);
      expect(low).toBeLessThanOrEqual(truth.high + second);
    }
    await inject(site, 'kill-worker');
    const after = await watch(watching, 60);
    expect(after.misses).toEqual([]);
    await heal(site);
    watching.stop();
  });
});
