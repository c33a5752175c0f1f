import { afterEach, describe, expect, it } from 'vitest';
import { isKnown, valueOf } from '../../../source/core/known.js';
import type { LiveFinding } from '../../../source/diagnose/finding.js';
import { wayOf } from '../../../source/diagnose/tree.js';
import { usualSetting, type SiteSetting } from '../../../source/simulator/site/setting.js';
import { lagOf } from '../../../source/simulator/site/state.js';
import { Watched } from './watched.js';

const open: Watched[] = [];
afterEach(async () => {
  for (const watched of open.splice(0)) await watched.close();
});

async function watching(setting: SiteSetting = usualSetting): Promise<Watched> {
  const watched = await Watched.start(setting);
  open.push(watched);
  return watched;
}

/** Every partition's true lag lies within what kmon says of it; returns how many were compared. */
function contained({ flow, site }: Watched): number {
  let compared = 0;
  for (const { topic, partition, lag } of flow.partitions) {
    if (!isKnown(lag)) continue;
    const truth = site.state.partitions.find(p => p.topic === topic && p.partition === partition);
    if (truth === undefined) throw new Error(`kmon sees ${topic}-${partition}, which is not there`);
    const where = `${topic}-${partition} at ${site.state.now}`;
    expect(lag.value.low, where).toBeLessThanOrEqual(lagOf(truth));
    expect(lag.value.high, where).toBeGreaterThanOrEqual(lagOf(truth));
    compared++;
  }
  return compared;
}

/** Records in the target less those of the source that are there: it grows by what is written twice. */
function surplus({ site }: Watched): number {
  return site.state.partitions.reduce((n, p) => n + p.targetEnd - p.acked, 0);
}

describe('kmon over the sockets of a simulated site', () => {
  it('sees health as health, with numbers of every plane', async () => {
    const watched = await watching();
    await watched.watch(240, contained);
    const { flow, snapshot } = watched;
    // That a cluster of one broker has one copy of everything is no trouble of now, and is said once.
    expect(watched.findings).toMatchObject([
      { rule: 'replication-posture', severity: 'info', subject: { id: 'eu' }, verdict: 'one-broker' },
    ]);
    expect(valueOf(flow.pollBatch)?.longest).toBeGreaterThan(0);
    expect((valueOf(flow.poll.now) ?? NaN) / 3_000).toBeCloseTo(1, 1);
    expect((valueOf(flow.write.now) ?? NaN) / 3_000).toBeCloseTo(1, 1);
    expect((valueOf(flow.arrival.now) ?? NaN) / 3_000).toBeCloseTo(1, 1);
    expect(contained(watched)).toBe(18);
    expect(snapshot.workers.map(w => [w.tasks > 0, isKnown(w.processCpu), isKnown(w.hostCpu)])).toEqual([
      [true, true, true],
      [true, true, true],
    ]);
    expect(snapshot.groups.map(g => `${g.type} ${g.group}`).sort()).toEqual([
      'classic billing',
      'classic connect-mm2',
      'classic search-indexer',
      'consumer audit',
      'share fraud-share',
    ]);
  }, 300_000);

  it('names the target as the limit in each stage of a quota, and bounds the true lag at every poll', async () => {
    const watched = await watching();
    await watched.watch(20, contained);
    watched.site.state.quota = { bytesPerSecond: 150_000, of: 'user' };
    await watched.watch(24, contained);

    const named = new Set<string>();
    const stages: { poll: number; write: number; inFlight: number }[] = [];
    const note = (): void => {
      contained(watched);
      for (const verdict of watched.verdicts) named.add(verdict);
      const { poll, write, inFlight } = watched.flow;
      stages.push({
        poll: valueOf(poll.now) ?? NaN,
        write: valueOf(write.now) ?? NaN,
        inFlight: valueOf(inFlight) ?? NaN,
      });
    };
    await watched.watch(110, note);
    expect([...named]).toEqual(['firing target-limited']);
    expect(Math.max(...stages.map(s => s.poll / s.write))).toBeGreaterThan(2);
    const found = watched.findings.find(f => f.rule === 'flow-limits');
    expect(found?.sentence).toContain('produce quota of user mm2-user (146 KiB/s a broker)');
    expect(wayOf(found?.tree?.steps ?? []).map(step => step.id)).toEqual([
      'behind',
      'held-back',
      'target-quota',
    ]);
    const last = stages.slice(-5);
    expect(Math.max(...last.map(s => Math.abs(s.poll / s.write - 1)))).toBeLessThan(0.5);
    expect(Math.min(...last.map(s => s.inFlight))).toBeGreaterThan(20_000);

    watched.site.state.quota = undefined;
    await watched.watch(150, contained);
    expect(watched.verdicts.filter(v => v.startsWith('firing'))).toEqual([]);
  }, 300_000);

  it('bounds the true lag through the loss of a worker in a backlog, and through its return', async () => {
    const watched = await watching();
    await watched.watch(20, contained);
    watched.site.state.quota = { bytesPerSecond: 300_000, of: 'user' };
    await watched.watch(50, contained);
    await watched.site.loseWorker(1);
    await watched.watch(40, contained);
    await watched.site.returnWorker(1);
    await watched.watch(30, contained);
    expect(contained(watched)).toBe(18);
  }, 300_000);

  it('sees tasks.max stored over REST take its course: six tasks, a restart, more throughput', async () => {
    const watched = await watching();
    for (const topic of watched.site.state.topics) topic.rate *= 1.75;
    await watched.watch(70, contained);
    expect(watched.verdicts).toContain('firing capacity-exceeded');
    const found = watched.findings.find(f => f.rule === 'flow-limits');
    expect(wayOf(found?.tree?.steps ?? []).map(step => step.id)).toEqual([
      'behind',
      'overloaded',
      'few-tasks',
    ]);
    const before = valueOf(watched.flow.write.now) ?? NaN;
    const once = surplus(watched);
    const [url = ''] = watched.site.addresses.connect;
    const response = await fetch(`${url}/connectors/mm2-source/config`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ 'tasks.max': '6' }),
    });
    expect(response.status).toBe(200);
    await watched.watch(60, contained);
    expect(watched.flow.tasks).toHaveLength(6);
    expect(valueOf(watched.flow.write.now) ?? NaN).toBeGreaterThan(before * 1.15);
    await watched.watch(40, contained);
    // The limit is gone. What its tasks wrote again after the restart is told, and is what they truly did.
    expect(watched.verdicts.filter(v => v.startsWith('firing'))).toEqual(['firing written-twice']);
    const { repeats } = watched.flow;
    const twice = surplus(watched) - once;
    expect(repeats?.low).toBeLessThanOrEqual(twice);
    expect(repeats?.high).toBeGreaterThanOrEqual(twice);
  }, 300_000);
});

describe('leaders of the target', () => {
  /** Whether such a finding stood at any poll, as it was last. */
  async function standing(watched: Watched, seconds: number): Promise<LiveFinding | undefined> {
    let last: LiveFinding | undefined;
    const all = (among: readonly LiveFinding[]): readonly LiveFinding[] =>
      among.flatMap(f => [f, ...all(f.consequences)]);
    await watched.watch(seconds, ({ findings }) => {
      last = all(findings).find(f => f.rule === 'unclean-election') ?? last;
    });
    return last;
  }

  it('that go to replicas in sync, as in a rolling restart of the brokers, are no unclean election', async () => {
    const watched = await watching();
    await watched.watch(20);
    for (const id of [1, 2, 3]) {
      await watched.site.loseBroker(id);
      expect(await standing(watched, 16)).toBeUndefined();
      await watched.site.returnBroker(id);
      expect(await standing(watched, 24)).toBeUndefined();
    }
    const moved = watched.snapshot.topics.filter(t => t.cluster === 'us' && t.leaderMoves > 0);
    expect(moved.length).toBeGreaterThan(0);
  }, 300_000);

  it('that go to a replica that did not follow are one, though no log end was seen to go back', async () => {
    const watched = await watching();
    const { site } = watched;
    const configs = { 'min.insync.replicas': '1', 'unclean.leader.election.enable': 'true' };
    for (const topic of Object.values(site.us.state.topics)) topic.configs = configs;
    // The slow beat reads the configuration within its first round.
    await watched.watch(60);
    const [, , third] = site.state.brokers;
    if (third === undefined) throw new Error('there is no third broker');
    third.isStuck = true;
    await watched.watch(28);
    await site.loseBroker(2);
    await watched.watch(28);
    expect(await standing(watched, 4)).toBeUndefined();
    await site.loseBroker(1);
    const found = await standing(watched, 40);
    expect(found).toMatchObject({ severity: 'critical', verdict: 'unclean-election', phase: 'firing' });
    expect(found?.sentence).toMatch(
      /^\d+ leaders elected that were not in sync: partition 0 \((1|none) → 3\)/,
    );
    expect(found?.evidence.map(e => e.threshold)).toContain('one of those in sync before: 1');
    expect(found?.advice[0]?.lines).toContain('unclean.leader.election.enable=false');
  }, 300_000);
});
