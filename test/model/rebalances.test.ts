import { describe, expect, it } from 'vitest';
import type { MemberSeen } from '../../source/core/observation.js';
import { Episodes, rebalanceSigns, workerId } from '../../source/model/rebalances.js';
import { description } from '../support/site-stream.js';

const member = (id: string, host: string, partitions?: readonly number[]): MemberSeen => ({
  member: `${id}-uuid`,
  clientId: id,
  host: `/${host}`,
  ...(partitions && { assignment: [{ topic: 'orders', partitions: Int32Array.from(partitions) }] }),
});

describe('an episode', () => {
  it('is all signals within 30 s of each other', () => {
    const episodes = new Episodes(0);
    episodes.signal(10_000, ['member a@h left']);
    episodes.signal(35_000, ['assignment changed']);
    episodes.signal(60_000, ['member a@h joined', 'assignment changed']);
    episodes.signal(120_000, ['epoch 3 → 4']);
    expect(episodes.view(120_000)).toEqual({
      total: 2,
      lastHour: 2,
      last: 120_000,
      since: 0,
      recent: [
        { at: 10_000, what: 'member a@h left, assignment changed, member a@h joined' },
        { at: 120_000, what: 'epoch 3 → 4' },
      ],
    });
  });

  it('leaves the last hour, and stays in the total', () => {
    const episodes = new Episodes(0);
    episodes.signal(1_000, ['x']);
    expect(episodes.view(3_602_000)).toMatchObject({ total: 1, lastHour: 0 });
  });

  it('names a few changes of many', () => {
    const episodes = new Episodes(0);
    episodes.signal(
      0,
      Array.from({ length: 9 }, (_, i) => `member ${i}@h left`),
    );
    expect(episodes.view(0).recent[0]?.what).toMatch(/member 3@h left, … 5 more$/);
  });
});

describe('the signs of a rebalance', () => {
  const stable = description('g', [member('a', '10.0.0.1', [0, 1]), member('b', '10.0.0.2', [2, 3])]);

  it('are none between two like descriptions, in whatever order', () => {
    const same = description('g', [member('b', '10.0.0.2', [3, 2]), member('a', '10.0.0.1', [0, 1])]);
    expect(rebalanceSigns(stable, same)).toEqual([]);
  });

  it('are none in the first one, if it is stable', () => {
    expect(rebalanceSigns(undefined, stable)).toEqual([]);
  });

  it('name who left and who joined', () => {
    const other = description('g', [member('a', '10.0.0.1', [0, 1, 2, 3]), member('c', '10.0.0.3')]);
    expect(rebalanceSigns(stable, other)).toEqual(['member b@10.0.0.2 left', 'member c@10.0.0.3 joined']);
  });

  it('tell a moved partition', () => {
    const moved = description('g', [member('a', '10.0.0.1', [0]), member('b', '10.0.0.2', [1, 2, 3])]);
    expect(rebalanceSigns(stable, moved)).toEqual(['assignment changed']);
  });

  it('tell a state that is no rest', () => {
    const busy = description('g', [member('a', '10.0.0.1'), member('b', '10.0.0.2')], 'PreparingRebalance');
    expect(rebalanceSigns(stable, busy)).toEqual(['state PreparingRebalance']);
    expect(rebalanceSigns(undefined, busy)).toEqual(['state PreparingRebalance']);
  });

  it('tell a raised epoch (KIP-848)', () => {
    expect(rebalanceSigns({ ...stable, epoch: 4 }, { ...stable, epoch: 5 })).toEqual(['epoch 4 → 5']);
  });

  it('name a Connect worker as the status of its tasks does', () => {
    const worker = { ...member('connect-1', '10.0.3.12'), url: 'http://10.0.3.12:8083/' };
    const before = description('connect-mm2', [worker]);
    expect(rebalanceSigns(before, description('connect-mm2', []))).toEqual(['worker 10.0.3.12:8083 left']);
    expect(workerId('https://worker-1:8443/connect/')).toBe('worker-1:8443');
  });
});
