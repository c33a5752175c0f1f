import { describe, expect, it } from 'vitest';
import { FlowPartition } from '../../source/model/flow-partition.js';
import { LagHistory } from '../../source/model/lag-history.js';
import { LagPool } from '../../source/model/lag-pool.js';

const flush = 60_000;

describe('the lag of a source partition', () => {
  it('is dated by the pair of end offsets that it rests on, not by the newest answer', () => {
    const p = new FlowPartition('orders', 0, new LagHistory(new LagPool(10, 1), 0).line(), 'one-for-one', 0);
    p.observeFlushed(0, 10, 99);
    p.observeTarget(20, 30, 100, undefined, flush);
    p.observeSource(40, 50, 120, undefined);
    expect(p.lag).toMatchObject({ at: 50, value: { low: 0, high: 20 } });
    // The target is asked after the source: the two make no pair, and the lag stays that of before.
    p.observeSource(2000, 2010, 220, undefined);
    p.observeTarget(2020, 2030, 150, undefined, flush);
    p.observeSource(2025, 2035, 221, undefined);
    expect(p.lag).toMatchObject({ at: 50 });
    p.observeSource(2040, 2050, 222, undefined);
    expect(p.lag).toMatchObject({ at: 2050 });
  });
});
