import { describe, expect, it } from 'vitest';
import { SiteModel } from '../../source/model/site-model.js';
import type { Snapshot } from '../../source/model/snapshot.js';
import { site, SiteStream, SiteTruth } from '../support/site-stream.js';

/** Ten minutes of a flow that is healthy for five, and whose target then accepts a third; in between a task fails. */
function tenMinutes(): {
  readonly model: SiteModel;
  readonly start: number;
  readonly seen: Map<number, Snapshot>;
} {
  const truth = new SiteTruth();
  const stream = new SiteStream(truth);
  const model = new SiteModel(site);
  const seen = new Map<number, Snapshot>();
  const start = truth.now;
  const run = (ms: number): void => {
    for (let passed = 0; passed < ms; passed += 5_000) {
      for (const o of stream.run(5_000)) model.fold(o);
      seen.set(truth.now, model.snapshot(truth.now));
    }
  };
  run(300_000);
  truth.quota = 1_700;
  run(150_000);
  truth.taskStates[3] = 'FAILED';
  truth.config['tasks.max'] = '6';
  run(150_000);
  return { model, start, seen };
}

const { model, start, seen } = tenMinutes();
const minutes = (n: number): number => start + n * 60_000;

describe('the past', () => {
  it('is what was seen then: states, tasks, rates, bounds of lag', () => {
    // The last answers of each half minute are kept.
    for (const at of [2, 5, 8].map(n => minutes(n) + 5_000)) {
      const [was] = seen.get(at)?.flows ?? [];
      const [is] = model.at(at + 4_000).flows;
      expect(was).toBeDefined();
      for (const key of ['state', 'tasks', 'tasksMax', 'config', 'lag', 'inFlight', 'restarts'] as const)
        expect([key, is?.[key]]).toEqual([key, was?.[key]]);
      expect(is?.poll.now).toEqual(was?.poll.now);
      expect(is?.partitions.map(p => p.lag)).toEqual(was?.partitions.map(p => p.lag));
    }
  });

  it('leaves nothing out that the present has', () => {
    const now = model.snapshot(minutes(10));
    const then = model.at(minutes(9));
    expect(Object.keys(then).sort()).toEqual(Object.keys(now).sort());
    for (const part of ['clusters', 'connects', 'metrics', 'flows', 'workers'] as const)
      expect(Object.keys(then[part][0] ?? {}).sort()).toEqual(Object.keys(now[part][0] ?? {}).sort());
  });

  it('has series that end there', () => {
    const at = minutes(4) + 3_000;
    const [flow] = model.at(at).flows;
    const series = flow?.lagSeries;
    expect(series?.length).toBeGreaterThan(10);
    expect(series?.timeAt(series.length - 1)).toBeLessThanOrEqual(at);
    expect(series?.at(minutes(10))).toBe(series?.at(at));
    expect([...(series?.buckets(minutes(10), 60_000, 5) ?? [])]).toEqual([NaN, NaN, NaN, NaN, NaN]);
  });

  it('knows nothing of the time before anything was observed', () => {
    const before = model.at(start - 60_000);
    expect(before.flows).toEqual([]);
    expect(before.clusters[0]?.brokers).toMatchObject({ unknown: { kind: 'early' } });
    expect(before.changes).toEqual([]);
  });

  it('tells what changed until then, and nothing of what changed later', () => {
    const told = (at: number): string[] =>
      model.at(at).changes.map(({ subject, what, was, is }) => `${subject} ${what}: ${was} → ${is}`);
    expect(told(minutes(7))).toEqual([]);
    expect(told(minutes(10))).toEqual([
      'us/mm2-source task 3: RUNNING → FAILED',
      'us/mm2-source tasks.max: 4 → 6',
    ]);
  });

  it('can be gone back to every half minute', () => {
    const times = model.momentTimes();
    expect(times).toHaveLength(20);
    expect(times.every((at, i) => i === 0 || at - (times[i - 1] ?? 0) === 30_000)).toBe(true);
    expect(model.snapshot(minutes(10)).history.moments).toMatchObject({
      oldest: times[0],
      newest: times[19],
    });
  });
});
