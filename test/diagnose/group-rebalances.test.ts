import { describe, expect, it } from 'vitest';
import { failure } from '../../source/core/failure.js';
import { seen, unknown } from '../../source/core/known.js';
import { defaultLimits } from '../../source/diagnose/limits.js';
import { connectRebalances } from '../../source/diagnose/rules/connect-rebalances.js';
import { groupRebalances } from '../../source/diagnose/rules/group-rebalances.js';
import type { GroupView, Rebalance, RebalanceView } from '../../source/model/snapshot.js';
import { GroupTruth, GroupWatch } from '../support/group-truth.js';
import { group, healthyFlow, now, rebalances, view } from '../support/views.js';

/** One member of three leaves every `every` seconds, and is away for `away`. */
function flapping(truth: GroupTruth, every: number, away: number): (second: number) => void {
  const all = truth.members;
  return second => {
    const isAway = second >= 60 && (second - 60) % every < away;
    truth.members = isAway ? all.slice(1) : all;
  };
}

describe('a storm', () => {
  it('is one member that leaves and returns again and again; a crash loop where it is away for long', () => {
    const truth = new GroupTruth(6, 3, 100);
    const watch = new GroupWatch(truth).run(420, flapping(truth, 100, 40));
    const found = watch.find('group-rebalances');
    expect(found).toMatchObject({ verdict: 'storm', phase: 'firing', severity: 'warning' });
    expect(found?.sentence).toMatch(
      /^rebalance storm: \d in 10m, c-0@10\.0\.0\.1 left 4 times; likely a crash loop/,
    );
    expect(found?.consequence).toMatch(/^\d\d partition-stops in 10m/);
    expect(found?.advice.flatMap(a => a.lines).join('\n')).toMatch(
      /group\.instance\.id[^]*CooperativeSticky/,
    );
  });

  it('says what is likely before the names of many, which a screen may cut', () => {
    const truth = new GroupTruth(6, 4, 100);
    const all = truth.members;
    const watch = new GroupWatch(truth).run(420, second => {
      const isAway = second >= 60 && (second - 60) % 100 < 5;
      truth.members = isAway ? all.slice(2) : all;
    });
    expect(watch.find('group-rebalances')?.sentence).toMatch(
      /^rebalance storm: \d in 10m, 2 members come and go; likely missed heartbeats \(GC, CPU, network\), or restarts: c-0@10\.0\.0\.1, c-1@10\.0\.0\.\d$/,
    );
  });

  it('is so, too, where rebalances follow each other so closely that they are one, however long it goes on', () => {
    const truth = new GroupTruth(6, 3, 100);
    const watch = new GroupWatch(truth).run(1_500, flapping(truth, 20, 10));
    const { recent, lastTenMinutes } = watch.group.rebalances;
    expect(recent).toHaveLength(1);
    expect(lastTenMinutes).toBeGreaterThanOrEqual(29);
    const found = watch.find('group-rebalances');
    expect(found).toMatchObject({ verdict: 'storm', phase: 'firing' });
    expect(found?.sentence).toMatch(`rebalance storm: ${lastTenMinutes} in 10m`);
  });

  it('resolves when it is quiet, and is over after five more minutes', () => {
    const truth = new GroupTruth(6, 3, 100);
    const watch = new GroupWatch(truth).run(420, flapping(truth, 100, 40));
    watch.run(700);
    expect(watch.find('group-rebalances')).toMatchObject({ phase: 'resolving' });
    watch.run(300);
    expect(watch.find('group-rebalances')).toBeUndefined();
  });
});

it('is frequent, and no storm, where one member leaves every five minutes: likely the poll interval', () => {
  const truth = new GroupTruth(6, 3, 100);
  truth.assignor = 'cooperative-sticky';
  const watch = new GroupWatch(truth).run(2_100, flapping(truth, 300, 5));
  const found = watch.find('group-rebalances');
  expect(found).toMatchObject({ verdict: 'frequent', phase: 'firing', severity: 'warning' });
  expect(found?.sentence).toContain('likely max.poll.interval.ms');
  expect(found?.consequence).toContain('partitions that move stop');
  expect(found?.advice.map(a => a.lines[0])).toEqual(['max.poll.records=100']);
  expect([...watch.fired]).toEqual(['group-rebalances frequent warning']);
});

/** What the rule says of a group that had these rebalances. */
function judged(over: Partial<GroupView>) {
  const { snapshot } = view({}, { groups: [group('billing', 0, over)] });
  return groupRebalances.judge(snapshot, defaultLimits)[0]?.finding;
}

const episode = (over: Partial<Rebalance> = {}): Omit<Rebalance, 'at' | 'times'> => ({
  what: 'something',
  reason: 'unknown',
  joined: [],
  left: [],
  ...over,
});

function storm(over: Partial<RebalanceView> = {}): RebalanceView {
  const left = episode({ left: ['c-0'], joined: ['c-0'], reason: 'restarted' });
  return rebalances(
    [8, 7, 5, 4, 2, 1].map(m => [m, left] as const),
    {
      pattern: {
        kind: 'recurring',
        count: 6,
        since: now - 480_000,
        left: 6,
        returned: 6,
        of: 3,
        recidivism: 6,
      },
      returns: 6,
      churn: [{ member: 'c-0', left: 6, returned: 6, last: now - 60_000 }],
      ...over,
    },
  );
}

describe('the severity of a storm', () => {
  it('is critical where it starves the group', () => {
    const starved = { consume: seen(400, now), lagSlope: seen(800, now) };
    expect(judged({ rebalances: storm(), ...starved })).toMatchObject({
      severity: 'critical',
      verdict: 'storm',
    });
    expect(judged({ rebalances: storm(), ...starved })?.consequence).toContain(
      'consumes 400/s of 1.20k/s (33%)',
    );
  });

  it('is a warning where the group keeps up, or that is not known', () => {
    expect(judged({ rebalances: storm() })?.severity).toBe('warning');
    const blind = unknown<number>(failure('early', 'consumption'), now);
    const found = judged({ rebalances: storm(), consume: blind });
    expect(found?.severity).toBe('warning');
    expect(found?.raise).toContain('consumption');
  });

  it('names the assignors where the group changes between them', () => {
    const flips = rebalances(
      [8, 6, 4].map(m => [m, episode({ reason: 'assignor' })] as const),
      {
        pattern: {
          kind: 'mixed',
          count: 3,
          since: now - 480_000,
          left: 0,
          returned: 0,
          of: 3,
          recidivism: 0,
        },
      },
    );
    expect(judged({ rebalances: flips })?.sentence).toBe(
      'rebalance storm: 3 in 10m, 3 of them because members list different assignors, and the group changes between them',
    );
  });

  it.each(['consumer', 'share', 'streams'] as const)(
    'of a %s group is cured at the brokers, for they hold the time-out, under the keys of its kind',
    type => {
      const found = judged({ rebalances: storm(), type });
      expect(found?.advice.flatMap(a => a.lines)).toContain(`group.${type}.session.timeout.ms=45000`);
      expect(found?.consequence).toContain('partitions that move stop');
    },
  );
});

it('says nothing of three rebalances by three members', () => {
  const each = ['a', 'b', 'c'].map((m, i) => [8 - 2 * i, episode({ left: [m], reason: 'left' })] as const);
  expect(judged({ rebalances: rebalances(each) })).toBeUndefined();
});

it('leaves the workers of a watched Connect to the rule about Connect', () => {
  expect(judged({ rebalances: storm(), protocol: 'connect' })).toBeUndefined();
});

describe('the workers of Connect', () => {
  const lost = rebalances([[1, episode({ left: ['10.0.3.12:8083'], reason: 'worker-lost' })]], {
    pattern: { kind: 'single', count: 1, left: 1, returned: 0, of: 2, recidivism: 0 },
  });
  const waiting: RebalanceView = {
    ...lost,
    recent: lost.recent.map(r => ({ ...r, waitsUntil: now + 240_000 })),
  };

  it('that lost one keep its tasks for it: until then that they rest is excused', () => {
    const { snapshot } = view({}, { flows: [healthyFlow({ rebalances: waiting })] });
    const [judgement] = connectRebalances.judge(snapshot, defaultLimits);
    expect(judgement).toMatchObject({ subject: { kind: 'connect', id: 'connect us' }, fireAfter: 40_000 });
    expect(judgement?.finding).toMatchObject({
      verdict: 'worker-lost',
      severity: 'warning',
      sentence: 'worker 10.0.3.12:8083 is gone since 60s',
      consequence: 'its tasks rest up to 4m more, in case it returns',
    });
    expect(judgement?.finding?.explains).toContainEqual({
      rule: 'flow-running',
      subject: { kind: 'flow', id: 'connect us/*' },
      excuses: true,
      until: now + 240_000,
    });
  });

  it('that come and go are a storm, whose time-outs are the workers’ own', () => {
    const { snapshot } = view({}, { flows: [healthyFlow({ rebalances: storm() })] });
    const [judgement] = connectRebalances.judge(snapshot, defaultLimits);
    expect(judgement?.finding).toMatchObject({ verdict: 'storm' });
    expect(judgement?.finding?.advice[0]?.where).toContain('not a connector');
  });

  it('are no storm when connectors were configured anew three times: somebody is at work there', () => {
    const anew = episode({ reason: 'tasks-changed' });
    const tuned = rebalances([8, 5, 2].map(m => [m, anew] as const));
    const { snapshot } = view({}, { flows: [healthyFlow({ rebalances: tuned })] });
    expect(connectRebalances.judge(snapshot, defaultLimits)[0]?.finding).toBeUndefined();
  });

  it('of which one is lost are told of as such before all else: the others only work there', () => {
    const unknown = episode({ reason: 'by-metrics' });
    const gone = episode({ left: ['10.0.3.12:8083'], reason: 'worker-lost' });
    const { recent, ...others } = rebalances([
      [8, unknown],
      [6, unknown],
      [4, unknown],
      [1, gone],
    ]);
    const tuned = {
      ...others,
      recent: recent.map(r => (r.left.length > 0 ? { ...r, waitsUntil: now + 240_000 } : r)),
    };
    const { snapshot } = view({}, { flows: [healthyFlow({ rebalances: tuned })] });
    const [judgement] = connectRebalances.judge(snapshot, defaultLimits);
    expect(judgement?.finding).toMatchObject({ verdict: 'worker-lost' });
  });

  it('are silent in health', () => {
    const { snapshot } = view();
    expect(connectRebalances.judge(snapshot, defaultLimits)).toEqual([
      { subject: { kind: 'connect', id: 'connect us', name: 'connect connect us' } },
    ]);
  });
});
