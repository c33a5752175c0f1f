import { describe, expect, it } from 'vitest';
import { usualSetting, type SiteSetting } from '../../../source/simulator/site/setting.js';
import { loseWorker, reconfigure, returnWorker } from '../../../source/simulator/site/tasks.js';
import { Engine } from './engine.js';

/**
 * The engine against what was measured on a real MirrorMaker 2: 5,000 records/s of 500 B, four tasks with 32 MiB of
 * buffer each, and then 200 kB/s for each task's client id. Shapes and ratios, not digits.
 */
const measured: SiteSetting = {
  ...usualSetting,
  topics: [{ topic: 'orders', partitions: 12, rate: 5_000, recordBytes: 500 }],
  targetBrokers: 1,
  perTask: 3_450,
  bufferBytes: 32 << 20,
  brokerBytes: 10_000_000,
  groups: [],
};
const quota = { bytesPerSecond: 200_000, of: 'client' } as const;
/** What four tasks may write: 4 × 200 kB/s ÷ 500 B. */
const allowed = 1_600;

describe('the engine goes through the stages that were measured', () => {
  it('in health poll is write is arrival, and little is in flight', () => {
    const { poll, write, inFlight, throttle, wait } = new Engine(measured).run(30);
    expect(poll / 5_000).toBeCloseTo(1, 1);
    expect(write / poll).toBeCloseTo(1, 1);
    expect(inFlight).toBeLessThan(1_000);
    expect({ throttle, wait }).toEqual({ throttle: 0, wait: 0 });
  });

  it('a quota: poll ≫ write while buffers fill, and the broker says so by throttle time', () => {
    const engine = new Engine(measured);
    engine.run(30);
    engine.state.quota = quota;
    const { poll, write, throttle, wait } = engine.run(40);
    expect(poll).toBeGreaterThan(4_800);
    expect(write / allowed).toBeCloseTo(1, 1);
    expect(throttle).toBeGreaterThan(162);
    expect(throttle).toBeLessThan(300);
    expect(wait).toBe(0);
  });

  it('buffers are full after buffer × tasks ÷ (in − out), and then poll falls to write', () => {
    const engine = new Engine(measured);
    engine.run(30);
    engine.state.quota = quota;
    let seconds = 0;
    while (engine.run(5).poll > 4_000) seconds += 5;
    const byArithmetic = (measured.bufferBytes * 4) / ((5_000 - allowed) * 500);
    // Records take more room than their bytes: measured 60 to 70 s where the arithmetic says 79.
    expect(seconds).toBeGreaterThan(byArithmetic * 0.6);
    expect(seconds).toBeLessThanOrEqual(byArithmetic);

    const before = engine.run(60);
    const after = engine.run(240);
    expect(after.poll / after.write).toBeCloseTo(1, 1);
    expect(after.poll).toBeLessThan(after.arrival / 2);
    expect(after.inFlight / before.inFlight).toBeCloseTo(1, 1);
    expect(after.inFlight).toBeGreaterThan(150_000);
    expect(after.wait).toBeGreaterThan(0.8);
    expect(after.lag - before.lag).toBeGreaterThan(240 * 3_000);
  });

  it('more tasks under the quota: nothing is polled while the old ones write what they hold', () => {
    const engine = new Engine({ ...measured, targetBrokers: 1 });
    engine.state.quota = { bytesPerSecond: 800_000, of: 'user' };
    engine.run(200);
    reconfigure(engine.state, 6);
    const restart = engine.run(5);
    expect(restart.poll).toBe(0);
    expect(restart.write / allowed).toBeCloseTo(1, 1);
    expect(restart.inFlight).toBeGreaterThan(100_000);
    engine.run(115);
    const later = engine.run(60);
    expect(engine.state.tasks).toHaveLength(6);
    expect(later.write / allowed).toBeCloseTo(1, 1);
    expect(later.poll / later.write).toBeCloseTo(1, 1);
  });

  it('the quota removed: the buffers drain in seconds, far above arrival, and in flight is small again', () => {
    const engine = new Engine(measured);
    engine.state.quota = quota;
    engine.run(100);
    engine.state.quota = undefined;
    const { write, poll } = engine.run(10);
    expect(write).toBeGreaterThan(10_000);
    expect(poll).toBeLessThan(write);
    engine.run(60);
    const later = engine.run(30);
    expect(later.inFlight).toBeLessThan(1_000);
    expect(later.lag).toBeLessThan(1_000);
  });
});

describe('restarts', () => {
  const written = (engine: Engine): number =>
    engine.state.partitions.reduce((sum, p) => sum + p.targetEnd, 0);
  const reached = (engine: Engine): number => engine.state.partitions.reduce((sum, p) => sum + p.acked, 0);
  /** T − pos of all partitions: it grows by what is written twice, and by nothing else. */
  const offset = (engine: Engine): number => written(engine) - reached(engine);

  it('a killed worker: its tasks move after the delay and write again what was not flushed', () => {
    const engine = new Engine();
    const before = offset(engine);
    engine.run(50);
    expect(offset(engine)).toBe(before);
    loseWorker(engine.state, 1);
    engine.run(15);
    expect(engine.state.tasks.filter(t => t.phase === 'unassigned')).toHaveLength(2);
    engine.run(30);
    expect(engine.state.tasks.map(t => t.worker)).toEqual([0, 0, 0, 0]);
    const repeats = offset(engine) - before;
    // Two of four tasks, 50 s after the start and so after the last flush.
    expect(repeats / (50 * 1_500)).toBeCloseTo(1, 1);

    returnWorker(engine.state, 1);
    engine.run(30);
    expect(engine.state.tasks.map(t => t.worker)).toEqual([0, 1, 0, 1]);
    expect(offset(engine) - before - repeats).toBeLessThan(2_000);
  });

  it('a new tasks.max in health: the tasks commit as they stop, and repeat little', () => {
    const engine = new Engine();
    const before = offset(engine);
    engine.run(50);
    reconfigure(engine.state, 6);
    engine.run(30);
    expect(engine.state.tasks).toHaveLength(6);
    expect(offset(engine) - before).toBeLessThan(1_000);
    expect(engine.run(30).lag).toBeLessThan(1_000);
  });

  it('more than four tasks carry: six carry it', () => {
    const engine = new Engine();
    for (const topic of engine.state.topics) topic.rate *= 1.75;
    engine.run(30);
    const four = engine.run(60);
    expect(four.write / (4 * usualSetting.perTask)).toBeCloseTo(1, 1);
    expect(four.throttle).toBe(0);
    reconfigure(engine.state, 6);
    engine.run(10);
    expect(engine.run(60).write).toBeGreaterThan(four.arrival * 1.1);
  });
});

it('the same seed and the same steps give the same course', () => {
  const run = (): string => {
    const engine = new Engine();
    engine.run(20);
    engine.state.quota = { bytesPerSecond: 60_000, of: 'user' };
    engine.run(20);
    return JSON.stringify(engine.state);
  };
  expect(run()).toBe(run());
});
