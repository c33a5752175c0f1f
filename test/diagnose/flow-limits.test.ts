import { beforeAll, describe, expect, it } from 'vitest';
import { seen } from '../../source/core/known.js';
import { Lifecycle } from '../../source/diagnose/lifecycle.js';
import { defaultLimits } from '../../source/diagnose/limits.js';
import { flowLimits } from '../../source/diagnose/rules/flow-limits.js';
import { SiteModel } from '../../source/model/site-model.js';
import { site, SiteStream, SiteTruth } from '../support/site-stream.js';
import { value, Watch } from '../support/watch.js';

const slowFetches = { sourceIsThrottled: false, fetchLatency: 350 };
const refused = { sourceIsThrottled: false, fetchLatency: 3 };

describe('what limits a flow', () => {
  it('says nothing of a healthy one', () => {
    const watch = new Watch(new SiteStream(new SiteTruth())).run(300_000);
    expect(new Set(watch.history)).toEqual(new Set(['silent']));
  });

  describe('a producer quota on the target, as it was measured stage by stage', () => {
    const truth = new SiteTruth();
    const watch = new Watch(new SiteStream(truth));
    beforeAll(() => watch.run(120_000));

    it('is named while poll still exceeds write by far: buffers are filling', () => {
      truth.quota = 700;
      watch.run(30_000);
      expect(value(watch.flow.poll.now)).toBeGreaterThan(5 * value(watch.flow.write.now));
      expect(watch.finding).toMatchObject({
        verdict: 'target-limited',
        phase: 'firing',
        severity: 'critical',
      });
      expect(watch.finding.sentence).toContain('produce quota, throttled 180ms on 4 of 4 tasks');
    });

    it('is still the target when poll has fallen to write: buffers are full', () => {
      watch.run(120_000);
      expect(value(watch.flow.poll.now)).toBeCloseTo(value(watch.flow.write.now), -1);
      expect(value(watch.flow.poll.now)).toBeLessThan(0.2 * truth.arrival);
      expect(watch.finding).toMatchObject({ verdict: 'target-limited', phase: 'firing' });
    });

    it('is still the target when poll has all but stopped', () => {
      truth.quota = 2;
      watch.run(60_000);
      expect(value(watch.flow.poll.now)).toBeLessThan(5);
      expect(watch.finding).toMatchObject({ verdict: 'target-limited', phase: 'firing' });
    });

    it('says that a larger quota cures it, that more tasks will not, and how lag grows', () => {
      expect(watch.finding.remedies).toEqual([
        expect.objectContaining({ action: 'raise-quota', cures: true }),
        expect.objectContaining({ action: 'tasks-max', cures: false }),
      ]);
      expect(watch.finding.consequence).toMatch(/^lag \+(4\.9|5\.0)\dk\/s$/);
    });

    it('is silent while the backlog drains after the quota is lifted, and goes', () => {
      truth.quota = Infinity;
      watch.run(25_000);
      expect(value(watch.flow.lagSlope)).toBeLessThan(0);
      watch.run(10_000);
      expect(watch.finding).toMatchObject({ phase: 'resolving', consequence: 'holds no longer' });
      watch.run(120_000);
      expect(watch.findings).toEqual([]);
    });
  });

  it('names a limited target within 30 s when kmon starts in the middle of it', () => {
    const truth = new SiteTruth();
    truth.advance(60_000);
    truth.quota = 700;
    truth.advance(600_000);
    const watch = new Watch(new SiteStream(truth)).run(30_000);
    expect(watch.finding).toMatchObject({ verdict: 'target-limited', phase: 'firing', sinceIsBound: true });
  });

  it.each([
    ['evenly', [5_000]],
    ['a little closer', [4_300, 5_200, 4_500]],
    ['a little wider', [5_600, 5_900, 5_500]],
  ])('names it at the fourth look, with what held it back before, where looks lie %s', (_, gaps) => {
    const truth = new SiteTruth();
    truth.quota = 700;
    truth.advance(600_000);
    const watch = new Watch(new SiteStream(truth));
    for (let look = 0; look < 4; look++) watch.run(1, gaps[look % gaps.length]);
    expect(watch.history).toEqual(['silent', 'silent', 'silent', 'firing target-limited']);
    expect(watch.finding).toMatchObject({ sinceIsBound: true, since: truth.now - sum(gaps, 3) });
  });

  describe.each([
    ['more than its tasks carry', 'capacity-exceeded', { arrival: 3_000 }, { perTask: 500 }],
    ['a quota of the source', 'source-limited', { sourceLimit: 1_500 }, {}],
    ['a slow way to the source', 'source-limited', { sourceLimit: 1_500, ...slowFetches }, {}],
    ['a source that gives nothing', 'source-limited', { sourceLimit: 0, ...refused }, {}],
  ])('%s, older than kmon', (_, verdict, fault, options) => {
    it.each([
      ['evenly', [5_000]],
      ['a little closer', [4_300, 5_200, 4_500]],
      ['a little wider', [5_600, 5_900, 5_500]],
    ])('is named within 25 s, at the fifth look, where looks lie %s', (_spacing, gaps) => {
      const truth = new SiteTruth({ meanOver: 30_000, scrapedAgo: 5_000, ...options });
      truth.advance(120_000);
      Object.assign(truth, fault);
      truth.advance(600_000);
      const watch = new Watch(new SiteStream(truth));
      for (let look = 0; look < 5; look++) watch.run(1, gaps[look % gaps.length]);
      expect(watch.history.at(-1)).toBe(`firing ${verdict}`);
      expect(watch.finding).toMatchObject({ sinceIsBound: true, since: truth.now - sum(gaps, 4) });
    });
  });

  it('waits longer for what did not grow from each look to the next, as a burst that ends', () => {
    const truth = new SiteTruth({ perTask: 500, meanOver: 30_000, scrapedAgo: 5_000 });
    truth.arrival = 1_000;
    truth.advance(120_000);
    truth.arrival = 3_000;
    const watch = new Watch(new SiteStream(truth)).run(15_000);
    truth.arrival = 1_000;
    watch.run(40_000);
    expect(watch.history.filter(said => said.includes('firing'))).toEqual([]);
  });

  it('never takes a restart into full buffers, in the middle of which it is started, for too few tasks', () => {
    const truth = new SiteTruth({ meanOver: 30_000, scrapedAgo: 5_000 });
    truth.quota = 700;
    truth.advance(600_000);
    truth.restart();
    truth.advance(5_000);
    const watch = new Watch(new SiteStream(truth)).run(120_000);
    expect(watch.history.join()).toContain('firing target-limited');
    expect(watch.history.join()).not.toMatch(/capacity-exceeded|source-limited/);
  });

  it('dates a limited target by the growth of the lag, where that was seen', () => {
    const truth = new SiteTruth();
    const watch = new Watch(new SiteStream(truth)).run(120_000);
    truth.quota = 700;
    watch.run(60_000);
    expect(watch.finding).toMatchObject({ verdict: 'target-limited', sinceIsBound: false });
    expect(watch.history.slice(-12).filter(said => said === 'pending target-limited')).toHaveLength(2);
  });

  it('tells a slow source by throttled fetches and empty buffers', () => {
    const truth = new SiteTruth();
    const watch = new Watch(new SiteStream(truth)).run(60_000);
    truth.sourceLimit = 1_500;
    watch.run(60_000);
    expect(watch.finding).toMatchObject({ verdict: 'source-limited', phase: 'firing' });
    expect(watch.finding.sentence).toContain('fetch quota');
  });

  it('tells a slow way to the source by slow fetches and tasks that hold nothing', () => {
    const truth = new SiteTruth();
    const watch = new Watch(new SiteStream(truth)).run(60_000);
    Object.assign(truth, { sourceLimit: 1_500, sourceIsThrottled: false, fetchLatency: 350 });
    watch.run(60_000);
    expect(watch.finding).toMatchObject({ verdict: 'source-limited', confidence: 'medium' });
  });

  describe('fetches against those of its own past', () => {
    const slower = { sourceLimit: 3_500, sourceIsThrottled: false };
    const watched = (before: number, ms: number): { truth: SiteTruth; watch: Watch } => {
      const truth = new SiteTruth();
      truth.fetchLatency = before;
      return { truth, watch: new Watch(new SiteStream(truth)).run(ms) };
    };

    it('are slow where they take several times as long as while it kept up, and both numbers are told', () => {
      const { truth, watch } = watched(12, 400_000);
      Object.assign(truth, slower, { fetchLatency: 80 });
      watch.run(50_000);
      expect(watch.finding).toMatchObject({
        verdict: 'source-limited',
        phase: 'firing',
        sentence: 'source limits reads: fetches take 80ms, 12ms while it kept up',
      });
      expect(watch.finding.evidence).toContainEqual(
        expect.objectContaining({
          what: 'fetch latency, worst task',
          value: '80ms, 12ms while it kept up',
          threshold: '> 24ms',
          holds: true,
          measured: 80,
          limit: 24,
          setting: 'fetch-latency-grown',
        }),
      );
    });

    it('are not slow where they take what they always took, however long that is', () => {
      const { truth, watch } = watched(160, 400_000);
      Object.assign(truth, slower, { fetchLatency: 170 });
      watch.run(60_000);
      expect(watch.finding.sentence).toBe('source limits reads: tasks poll less than arrives');
      expect(watch.finding.evidence).toContainEqual(
        expect.objectContaining({ value: '170ms, 160ms while it kept up', holds: false, limit: 320 }),
      );
    });

    it('are not slow where both are a matter of milliseconds', () => {
      const { truth, watch } = watched(3, 400_000);
      Object.assign(truth, slower, { fetchLatency: 12 });
      watch.run(60_000);
      expect(watch.finding.sentence).toBe('source limits reads: tasks poll less than arrives');
      expect(watch.finding.evidence).toContainEqual(
        expect.objectContaining({ value: '12ms, 3.0ms while it kept up', holds: false, limit: 20 }),
      );
    });

    it('are held against the threshold where too little of a healthy past was seen', () => {
      const { truth, watch } = watched(160, 120_000);
      Object.assign(truth, slower, { fetchLatency: 170 });
      watch.run(40_000);
      expect(watch.finding.sentence).toBe('source limits reads: fetches take 170ms');
      expect(watch.finding.evidence).toContainEqual(
        expect.objectContaining({ value: '170ms', threshold: '> 100ms', setting: 'fetch-latency' }),
      );
    });

    it('forget no healthy past while it is slow, and learn none from it', () => {
      const { truth, watch } = watched(12, 400_000);
      Object.assign(truth, slower, { fetchLatency: 80 });
      watch.run(1_200_000);
      expect(watch.finding.sentence).toContain('80ms, 12ms while it kept up');
    });
  });

  it('does not take the waiting fetches of idle partitions for a slow source while tasks are busy', () => {
    const truth = new SiteTruth({ perTask: 500 });
    truth.fetchLatency = 520;
    truth.arrival = 3_000;
    const watch = new Watch(new SiteStream(truth)).run(60_000);
    expect(watch.finding).toMatchObject({ verdict: 'capacity-exceeded', confidence: 'high' });
  });

  it('does not take the batches of slow tasks for a limited target', () => {
    const truth = new SiteTruth({ perTask: 50 });
    truth.arrival = 400;
    const watch = new Watch(new SiteStream(truth)).run(60_000);
    expect(value(watch.flow.inFlight) / value(watch.flow.write.now)).toBeGreaterThan(5);
    expect(watch.finding.verdict).toBe('capacity-exceeded');
  });

  it('does not take tasks that wait for records for too few of them, as poll falls where they may not read', () => {
    const truth = new SiteTruth();
    const watch = new Watch(new SiteStream(truth)).run(60_000);
    Object.assign(truth, { sourceIsThrottled: false, fetchLatency: 3 });
    // Rates are averages of half a minute: measured after an ACL was taken away, poll took so long to reach 0.
    for (const sourceLimit of [3_300, 1_300, 100]) {
      truth.sourceLimit = sourceLimit;
      watch.run(10_000);
    }
    expect(watch.finding).toMatchObject({ verdict: 'source-limited', phase: 'firing' });
    expect(watch.history.join()).not.toContain('capacity-exceeded');
  });

  it('does not take one batch more in flight for a limited target, while write begins again', () => {
    const truth = new SiteTruth();
    const { model } = new Watch(new SiteStream(truth)).run(60_000);
    const snapshot = model.snapshot(truth.now);
    // Measured: 2,500 in flight of four tasks at 80 records/s, seconds after the source could be read again.
    const flows = snapshot.flows.map(flow => ({
      ...flow,
      poll: { ...flow.poll, now: seen(180, truth.now) },
      write: { ...flow.write, now: seen(80, truth.now) },
      inFlight: seen(2_500, truth.now),
      lagSlope: seen(5_000, truth.now),
      tasks: flow.tasks.map((task, i) => ({ ...task, inFlight: seen(i === 0 ? 1_000 : 500, truth.now) })),
    }));
    const said = flowLimits.judge({ ...snapshot, flows }, defaultLimits).map(j => j.finding?.verdict);
    expect(said).not.toContain('target-limited');
  });

  it('says so when tasks run and poll nothing at all', () => {
    const truth = new SiteTruth();
    const watch = new Watch(new SiteStream(truth)).run(60_000);
    Object.assign(truth, { sourceLimit: 0, sourceIsThrottled: false });
    watch.run(5_000);
    expect(watch.findings).toEqual([]);
    watch.run(100_000);
    expect(watch.finding.sentence).toContain('RUNNING but poll nothing');
  });

  it('tells too little capacity, which more tasks cure while partitions are left', () => {
    const truth = new SiteTruth({ perTask: 1_000 });
    truth.arrival = 3_000;
    const watch = new Watch(new SiteStream(truth)).run(60_000);
    expect(watch.findings).toEqual([]);
    truth.arrival = 6_000;
    watch.run(60_000);
    expect(watch.finding).toMatchObject({ verdict: 'capacity-exceeded', phase: 'firing' });
    expect(watch.finding.remedies[0]).toMatchObject({ action: 'tasks-max', cures: true });
  });

  it('tells one hot partition from too few tasks: its one task is busy, the others are idle', () => {
    const truth = new SiteTruth({ perTask: 1_000 });
    truth.arrival = 6_000;
    const { model } = new Watch(new SiteStream(truth)).run(60_000);
    const snapshot = model.snapshot(truth.now);
    const flows = snapshot.flows.map(flow => ({
      ...flow,
      fetchLatency: seen(160, truth.now),
      tasks: flow.tasks.map((task, i) => ({ ...task, inFlight: seen(i === 0 ? 490 : 20, truth.now) })),
      partitions: flow.partitions.map((p, i) => ({
        ...p,
        lag: seen(
          { low: i === 0 ? 9_300 : 60, high: 9_400, method: 'bounded' as const, rested: true },
          truth.now,
        ),
      })),
    }));
    const [judged] = flowLimits.judge({ ...snapshot, flows }, defaultLimits);
    expect(judged?.finding).toMatchObject({ verdict: 'capacity-exceeded' });
    expect(judged?.finding?.sentence).toMatch(/more than one task can carry: 9\d% of the lag/);
    expect(judged?.finding?.remedies[0]?.cures).toBe(false);
  });

  describe('a host without CPU, that several workers share', () => {
    /** Two workers on one host, each with such a share of its CPU. */
    const said = (each: number, host: number): string | undefined => {
      const truth = new SiteTruth({ perTask: 1_000 });
      truth.workers = ['10.0.3.11:8083', '10.0.3.11:8084'];
      truth.arrival = 6_000;
      const { model } = new Watch(new SiteStream(truth)).run(60_000);
      const snapshot = model.snapshot(truth.now);
      const workers = snapshot.workers.map(worker => ({
        ...worker,
        processCpu: seen(each, truth.now),
        hostCpu: seen(host, truth.now),
      }));
      return flowLimits.judge({ ...snapshot, workers }, defaultLimits)[0]?.finding?.sentence;
    };

    it('is the limit where they are what uses it, though none of them has 85 % to itself', () => {
      expect(said(0.29, 0.99)).toContain('the CPU of their host is used up, 59% of it by its workers');
    });

    it('is the limit where they have a good part of it, as was measured of a converter that computes', () => {
      expect(said(0.2, 0.998)).toContain('the CPU of their host is used up, 40% of it by its workers');
    });

    it('is none of theirs where they wait, as was measured of one that does, or some is left', () => {
      expect(said(0.03, 0.88)).toContain('4 tasks read 8 partitions');
      expect(said(0.1, 0.99)).toContain('4 tasks read 8 partitions');
      expect(said(0.29, 0.7)).toContain('4 tasks read 8 partitions');
    });
  });

  it('does not promise more tasks where each partition has one', () => {
    const truth = new SiteTruth({ perTask: 1_000, partitions: 4 });
    truth.arrival = 6_000;
    const watch = new Watch(new SiteStream(truth)).run(60_000);
    expect(watch.finding.verdict).toBe('capacity-exceeded');
    expect(watch.finding.remedies[0]?.cures).toBe(false);
  });

  it('is less sure without the producer’s metrics, and says what it could not check', () => {
    const truth = new SiteTruth();
    const watch = new Watch(new SiteStream(truth, 'no-producer')).run(60_000);
    truth.quota = 700;
    watch.run(180_000);
    expect(watch.finding).toMatchObject({ verdict: 'target-limited', confidence: 'medium' });
    expect(watch.finding.unchecked.join('\n')).toContain('producer-throttle-time-avg');
    expect(watch.finding.raise).toContain('producer buffer');
  });

  it('names no culprit without metrics', () => {
    const truth = new SiteTruth();
    const watch = new Watch(new SiteStream(truth, 'none')).run(60_000);
    truth.quota = 700;
    watch.run(60_000);
    expect(watch.flow.write.method).toBe('end-offsets');
    expect(watch.finding).toMatchObject({ verdict: 'undetermined', confidence: 'low', severity: 'warning' });
  });

  it('is silent about what does not run: that is another finding', () => {
    const truth = new SiteTruth();
    const watch = new Watch(new SiteStream(truth)).run(30_000);
    truth.state = 'PAUSED';
    watch.run(60_000);
    expect(watch.findings.map(f => f.verdict)).toEqual(['not-running']);
  });

  it('does not judge what cannot be known: no arrival, no verdict', () => {
    const truth = new SiteTruth();
    const stream = new SiteStream(truth);
    const model = new SiteModel({ ...site, clusters: [site.clusters[1]] });
    truth.quota = 700;
    for (const o of stream.run(120_000)) model.fold(o);
    expect(new Lifecycle().judge(model.snapshot(truth.now)).findings).toEqual([]);
  });
});

function sum(gaps: readonly number[], last: number): number {
  return Array.from({ length: last }, (_, i) => gaps[(i + 1) % gaps.length] ?? 0).reduce((a, b) => a + b, 0);
}
