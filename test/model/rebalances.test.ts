import { describe, expect, it } from 'vitest';
import type { MemberSeen } from '../../source/core/observation.js';
import { noSigns, rebalanceSigns, workerId, type Signs } from '../../source/model/rebalance-signs.js';
import type { RebalanceView } from '../../source/model/rebalance-view.js';
import { Rebalances } from '../../source/model/rebalances.js';
import { description } from '../support/site-stream.js';

const member = (
  id: string,
  host: string,
  partitions?: readonly number[],
  over: Partial<MemberSeen> = {},
): MemberSeen => ({
  member: `${id}-uuid`,
  clientId: id,
  host: `/${host}`,
  ...(partitions && { assignment: [{ topic: 'orders', partitions: Int32Array.from(partitions) }] }),
  ...over,
});

const signs = (over: Partial<Signs>): Signs => ({ ...noSigns, what: ['something'], ...over });
const left = (...members: readonly string[]): Signs =>
  signs({ what: members.map(m => `${m} left`), left: members });
const joined = (...members: readonly string[]): Signs =>
  signs({ what: members.map(m => `${m} joined`), joined: members });

/** What a group did: at which second, the signs, how many members there are then, and in which state it was found. */
function viewOf(
  history: readonly (readonly [second: number, signs: Signs, size: number, state?: string])[],
  until: number,
  kind: 'consumers' | 'workers' = 'consumers',
): RebalanceView {
  const rebalances = new Rebalances(0, kind);
  for (const [second, what, size, state = 'Stable'] of history) {
    rebalances.signal(second * 1_000, what, size);
    rebalances.noteState(second * 1_000, state);
  }
  return rebalances.view(until * 1_000);
}

describe('an episode', () => {
  it('is all signs within 30 s of each other', () => {
    const { total, lastHour, last, since, recent } = viewOf(
      [
        [10, left('a'), 1],
        [35, signs({ what: ['assignment changed'] }), 1],
        [60, signs({ what: ['a joined', 'assignment changed'], joined: ['a'] }), 2],
        [120, signs({ what: ['epoch 3 → 4'] }), 2],
      ],
      120,
    );
    expect({ total, lastHour, last, since }).toEqual({ total: 2, lastHour: 2, last: 120_000, since: 0 });
    expect(recent).toEqual([
      {
        at: 10_000,
        what: 'a left, assignment changed, a joined',
        reason: 'restarted',
        left: ['a'],
        joined: ['a'],
        times: 1,
        until: 60_000,
      },
      { at: 120_000, what: 'epoch 3 → 4', reason: 'unknown', left: [], joined: [], times: 1 },
    ]);
  });

  it('is as many rebalances as one member came back, where they run into each other', () => {
    const flapping = Array.from({ length: 60 }, (_, i) =>
      i % 2 === 0 ? ([i * 20, left('a'), 1] as const) : ([i * 20, joined('a'), 2] as const),
    );
    const view = viewOf(flapping, 1_180);
    expect(view).toMatchObject({ total: 30, lastHour: 30, lastTenMinutes: 15, returns: 15, last: 1_180_000 });
    expect(view.recent).toMatchObject([{ at: 0, times: 30 }]);
    expect(view.pattern).toMatchObject({ kind: 'recurring', count: 30 });
  });

  it('is one rebalance of all members where each comes back once', () => {
    const { total, recent } = viewOf(
      [
        [0, left('a', 'b'), 0],
        [10, joined('a'), 1],
        [20, joined('b'), 2],
      ],
      20,
    );
    expect({ total, recent }).toMatchObject({ total: 1, recent: [{ times: 1 }] });
  });

  it('leaves the last hour, and stays in the total', () => {
    expect(viewOf([[1, left('a'), 1]], 3_602)).toMatchObject({ total: 1, lastHour: 0, lastTenMinutes: 0 });
  });

  it('names a few changes of many', () => {
    const many = Array.from({ length: 9 }, (_, i) => `member ${i}@h`);
    expect(viewOf([[0, left(...many), 1]], 0).recent[0]?.what).toMatch(/member 3@h left, … 5 more$/);
  });

  it('lasts until it is found at rest; how long is not said where it was over between two looks', () => {
    const busy = signs({ what: ['state PreparingRebalance'] });
    const { recent } = viewOf(
      [
        [10, left('a'), 1],
        [100, busy, 1, 'PreparingRebalance'],
        [105, busy, 1, 'CompletingRebalance'],
        [110, noSigns, 1, 'Stable'],
      ],
      110,
    );
    expect(recent.map(r => r.seconds)).toEqual([undefined, 10]);
  });
});

describe('the reason of a rebalance', () => {
  const reasons = (...history: Parameters<typeof viewOf>[0]) =>
    viewOf(history, 10_000).recent.map(r => r.reason);

  it('is a restart where who left comes back, be it later', () => {
    expect(reasons([0, left('a'), 2], [100, joined('a'), 3])).toEqual(['restarted', 'restarted']);
    expect(reasons([0, left('a'), 2], [700, joined('a'), 3])).toEqual(['left', 'joined']);
  });

  it('is a replacement where others come for those that left', () => {
    expect(reasons([0, left('a'), 2], [20, joined('b'), 3])).toEqual(['replaced']);
  });

  it('is a lost worker where it does not come back, with the time that Connect waits for it', () => {
    const { recent } = viewOf([[60, left('w1'), 1]], 60, 'workers');
    expect(recent).toMatchObject([{ reason: 'worker-lost', waitsUntil: 360_000 }]);
  });

  it('is what members do not explain', () => {
    expect(reasons([0, signs({ reasons: ['subscription'] }), 1])).toEqual(['subscription']);
    expect(reasons([0, signs({ reasons: ['coordinator', 'assignor'] }), 1])).toEqual(['assignor']);
  });

  it('may have been seen a moment before', () => {
    const rebalances = new Rebalances(0);
    rebalances.hint(1_000, 'coordinator', 'coordinator 1 → 2');
    rebalances.signal(5_000, signs({ what: ['state PreparingRebalance'] }));
    rebalances.signal(500_000, signs({ what: ['state PreparingRebalance'] }));
    expect(rebalances.view(500_000).recent).toMatchObject([
      { reason: 'coordinator', what: 'state PreparingRebalance, coordinator 1 → 2' },
      { reason: 'unknown' },
    ]);
  });
});

describe('deployment or storm', () => {
  const restartOf = (names: readonly string[], every: number): Parameters<typeof viewOf>[0] =>
    names.flatMap((name, i) => [
      [i * every, left(name), names.length - 1] as const,
      [i * every + 40, joined(name), names.length] as const,
    ]);

  it('is a rolling restart where each member leaves and comes back once', () => {
    expect(viewOf(restartOf(['a', 'b', 'c'], 100), 300).pattern).toEqual({
      kind: 'rolling-restart',
      count: 6,
      since: 0,
      left: 3,
      returned: 3,
      of: 3,
      recidivism: 1,
    });
  });

  it('is one that is under way, too, however long it takes', () => {
    const names = Array.from({ length: 12 }, (_, i) => `m${i}`);
    const history = restartOf(names, 200).slice(0, -1);
    expect(viewOf(history, 2_210).pattern).toMatchObject({ kind: 'rolling-restart', left: 12, returned: 11 });
  });

  it('is one where each pod comes back under another name', () => {
    const history = [
      [0, joined('x'), 4],
      [10, left('a'), 3],
      [100, joined('y'), 4],
      [110, left('b'), 3],
    ] as const;
    expect(viewOf(history, 120).pattern).toMatchObject({
      kind: 'rolling-restart',
      left: 2,
      returned: 2,
      recidivism: 0,
    });
  });

  it('recurs where the same member leaves and comes back again and again', () => {
    const history = restartOf(['a', 'a', 'a'], 100);
    const view = viewOf(history, 300);
    expect(view.pattern).toMatchObject({ kind: 'recurring', recidivism: 3 });
    expect(view.churn).toEqual([{ member: 'a', left: 3, returned: 3, last: 240_000 }]);
  });

  it('recurs where there are more rebalances than members could explain', () => {
    const busy = signs({ what: ['state PreparingRebalance'] });
    const history = Array.from({ length: 9 }, (_, i) => [i * 60, busy, 3] as const);
    expect(viewOf(history, 480).pattern).toMatchObject({ kind: 'recurring', count: 9, recidivism: 0 });
  });

  it('scales where members only come', () => {
    expect(
      viewOf(
        [
          [0, joined('c'), 3],
          [100, joined('d'), 4],
        ],
        100,
      ).pattern.kind,
    ).toBe('scaling');
  });

  it('is a single one, and quiet after ten minutes', () => {
    const history = [
      [0, left('a'), 2],
      [40, joined('a'), 3],
    ] as const;
    expect(viewOf(history, 40).pattern.kind).toBe('single');
    expect(viewOf(history, 700).pattern.kind).toBe('quiet');
  });
});

describe('the share of time spent rebalancing', () => {
  it('is told of what was seen, after a minute of looking', () => {
    const rebalances = new Rebalances(0);
    rebalances.noteState(0, 'Stable');
    rebalances.noteState(30_000, 'PreparingRebalance');
    expect(rebalances.view(30_000).busyShare).toMatchObject({ unknown: { kind: 'early' } });
    rebalances.noteState(60_000, 'Stable');
    rebalances.noteState(100_000, 'Stable');
    expect(rebalances.view(100_000).busyShare).toEqual({ value: 0.3, at: 100_000 });
    expect(rebalances.view(650_000).busyShare).toMatchObject({ unknown: { kind: 'early' } });
  });

  it('is not told while the group cannot be seen, and begins anew then', () => {
    const rebalances = new Rebalances(0);
    for (const at of [0, 60_000]) rebalances.noteState(at, 'PreparingRebalance');
    rebalances.unseen();
    expect(rebalances.view(61_000).busyShare).toHaveProperty('unknown');
    for (const at of [400_000, 460_000]) rebalances.noteState(at, 'Stable');
    expect(rebalances.view(460_000).busyShare).toMatchObject({ value: 0 });
  });
});

describe('what workers count themselves', () => {
  const counts = (...values: readonly number[]) => new Map(values.map((n, i) => [`w${i}`, n]));

  it('adds an episode only where the group showed none', () => {
    const rebalances = new Rebalances(0, 'workers');
    rebalances.observeCompleted(0, counts(5, 5));
    rebalances.signal(100_000, left('w2'));
    rebalances.observeCompleted(130_000, counts(6, 6));
    expect(rebalances.view(130_000)).toMatchObject({ total: 1, completed: { value: 1 } });
    rebalances.observeCompleted(300_000, counts(6, 6));
    rebalances.observeCompleted(400_000, counts(7, 8));
    expect(rebalances.view(400_000)).toMatchObject({ total: 2, completed: { value: 3 } });
    expect(rebalances.view(400_000).recent[1]).toMatchObject({ reason: 'by-metrics' });
  });

  it('is one with the signs that the group shows later', () => {
    const rebalances = new Rebalances(0, 'workers');
    rebalances.observeCompleted(0, counts(5));
    rebalances.observeCompleted(200_000, counts(6));
    rebalances.signal(250_000, left('w2'));
    expect(rebalances.view(250_000)).toMatchObject({ total: 1, recent: [{ reason: 'worker-lost' }] });
  });

  it('begins again at 0 with the worker', () => {
    const rebalances = new Rebalances(0, 'workers');
    rebalances.observeCompleted(0, counts(50));
    rebalances.observeCompleted(200_000, counts(1));
    expect(rebalances.view(200_000).completed).toMatchObject({ value: 1 });
  });

  it('is not known of consumers', () => {
    expect(new Rebalances(0).view(0).completed).toHaveProperty('unknown');
  });
});

describe('the signs of a rebalance', () => {
  const stable = description('g', [member('a', '10.0.0.1', [0, 1]), member('b', '10.0.0.2', [2, 3])]);

  it('are none between two like descriptions, in whatever order', () => {
    const same = description('g', [member('b', '10.0.0.2', [3, 2]), member('a', '10.0.0.1', [0, 1])]);
    expect(rebalanceSigns(stable, same)).toEqual(noSigns);
  });

  it('are none in the first one, if it is stable', () => {
    expect(rebalanceSigns(undefined, stable)).toEqual(noSigns);
  });

  it('name who left and who joined', () => {
    const other = description('g', [member('a', '10.0.0.1', [0, 1, 2, 3]), member('c', '10.0.0.3')]);
    expect(rebalanceSigns(stable, other)).toMatchObject({
      what: ['member b@10.0.0.2 left', 'member c@10.0.0.3 joined'],
      left: ['b@10.0.0.2'],
      joined: ['c@10.0.0.3'],
    });
  });

  it('tell a moved partition', () => {
    const moved = description('g', [member('a', '10.0.0.1', [0]), member('b', '10.0.0.2', [1, 2, 3])]);
    expect(rebalanceSigns(stable, moved)).toEqual({ ...noSigns, what: ['assignment changed'] });
  });

  it('tell partitions that were added from another subscription', () => {
    const more = description('g', [member('a', '10.0.0.1', [0, 1]), member('b', '10.0.0.2', [2, 3, 4])]);
    expect(rebalanceSigns(stable, more)).toMatchObject({
      what: ['orders 4 → 5 partitions'],
      reasons: ['partitions-added'],
    });
    const mail = { topic: 'mail', partitions: Int32Array.of(0) };
    const [a, b] = more.members;
    if (a === undefined || b?.assignment === undefined) throw new Error('no members');
    const wider = description('g', [a, { ...b, assignment: [...b.assignment, mail] }]);
    expect(rebalanceSigns(more, wider)).toMatchObject({ what: ['topics + mail'], reasons: ['subscription'] });
  });

  it('tell another assignor', () => {
    expect(rebalanceSigns(stable, { ...stable, assignor: 'cooperative-sticky' })).toMatchObject({
      what: ['assignor range → cooperative-sticky'],
      reasons: ['assignor'],
    });
  });

  it('are none where a static member comes back and nothing moves, which is told apart', () => {
    const of = (id: string) =>
      description('g', [
        member('a', '10.0.0.1', [0], { instance: 'a', member: id }),
        member('b', '10.0.0.2', [1]),
      ]);
    expect(rebalanceSigns(of('a-1'), of('a-2'))).toEqual({
      ...noSigns,
      returned: ['a'],
      reasons: ['static-return'],
    });
  });

  it('tell a state that is no rest', () => {
    const busy = description('g', [member('a', '10.0.0.1'), member('b', '10.0.0.2')], 'PreparingRebalance');
    expect(rebalanceSigns(stable, busy).what).toEqual(['state PreparingRebalance']);
    expect(rebalanceSigns(undefined, busy).what).toEqual(['state PreparingRebalance']);
  });

  it('tell a raised epoch (KIP-848)', () => {
    expect(rebalanceSigns({ ...stable, epoch: 4 }, { ...stable, epoch: 5 }).what).toEqual(['epoch 4 → 5']);
  });

  it('name a Connect worker as the status of its tasks does', () => {
    const worker = { ...member('connect-1', '10.0.3.12'), url: 'http://10.0.3.12:8083/' };
    const before = description('connect-mm2', [worker]);
    expect(rebalanceSigns(before, description('connect-mm2', []))).toMatchObject({
      what: ['worker 10.0.3.12:8083 left'],
      left: ['10.0.3.12:8083'],
    });
    expect(workerId('https://worker-1:8443/connect/')).toBe('worker-1:8443');
  });
});
