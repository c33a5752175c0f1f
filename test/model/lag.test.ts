import { describe, expect, it } from 'vitest';
import { failure } from '../../source/core/failure.js';
import { seen, unknown } from '../../source/core/known.js';
import { drawn, groupLag, totalLag } from '../../source/model/lag.js';
import type { LagBounds } from '../../source/model/snapshot.js';

const bounds = (low: number, high: number, rested = false): LagBounds => ({
  low,
  high,
  method: 'bounded',
  rested,
});

describe('lag', () => {
  it('of a group is end − committed, and 0 where the commit overtook the end', () => {
    expect(groupLag(120, 100)).toBe(20);
    expect(groupLag(100, 101)).toBe(0);
  });

  it('is drawn over time by its lower end, which moves as the lag does', () => {
    expect(drawn(bounds(5, 9, true))).toBe(5);
    expect(drawn(bounds(5, 9))).toBe(5);
    expect(drawn({ low: 0, high: 9, method: 'flushed', rested: false })).toBe(9);
  });

  it('of a flow is the sum of its partitions, as old as the oldest', () => {
    const total = totalLag('lag', [seen(bounds(1, 5), 10), seen(bounds(2, 6, true), 20)], undefined, 20);
    expect(total).toEqual(seen(bounds(3, 11), 10));
  });

  it('names the weaker method of the two', () => {
    const flushed: LagBounds = { ...bounds(0, 5), method: 'flushed' };
    const total = totalLag('lag', [seen(bounds(1, 5), 0), seen(flushed, 0)], undefined, 0);
    expect(total).toMatchObject({ value: { method: 'flushed' } });
  });

  it('is unknown, not smaller, when a partition is; and keeps what it last was', () => {
    const before = seen(bounds(3, 11), 10);
    const dead = unknown<LagBounds>(failure('timeout', 'broker 2'), 15);
    const total = totalLag('lag of mm2', [seen(bounds(1, 5), 20), dead], before, 20);
    expect(total).toMatchObject({ unknown: { kind: 'partial' }, since: 20, last: before });
    expect(JSON.stringify(total)).toContain('1 of 2 partitions: broker 2');
  });

  it('gives the reason itself when it is the same for all', () => {
    const reason = failure('timeout', 'broker 2');
    expect(totalLag('lag', [unknown<LagBounds>(reason, 1)], undefined, 2)).toEqual({
      unknown: reason,
      since: 2,
    });
  });

  it('is unknown, not 0, without partitions', () => {
    expect(totalLag('lag', [], undefined, 2)).toMatchObject({ unknown: { kind: 'early' } });
  });
});
