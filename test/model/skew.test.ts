import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isKnown, seen, valueOf } from '../../source/core/known.js';
import { gates, leaderSkewOf, spreadOf, type Spread } from '../../source/model/skew.js';
import type { MemberView } from '../../source/model/snapshot.js';
import { groupSkewOf } from '../../source/model/view-skew.js';
import { groupPartitions } from '../support/views.js';

function spread(values: readonly number[], gate = gates.rate): Spread | undefined {
  const items = values.map((value, i) => ({ name: `orders/${i}`, value }));
  return valueOf(spreadOf('spread', items, gate, 0));
}

describe('a spread', () => {
  it('of what lies evenly', () => {
    expect(spread([100, 100, 100, 100])).toEqual({
      items: 4,
      unknown: 0,
      total: 400,
      top: 'orders/0',
      topShare: 0.25,
      maxToMean: 1,
      maxToMedian: 1,
      cv: 0,
      gini: 0,
      effective: 4,
    });
  });

  it('names the one that has most, by what factor, and how many partitions would do', () => {
    expect(spread([10, 10, 70, 10])).toMatchObject({
      top: 'orders/2',
      topShare: 0.7,
      maxToMean: 2.8,
      maxToMedian: 7,
      gini: 0.45,
      effective: 100 / 70,
    });
  });

  it('is beyond all measure of the median where most have nothing', () => {
    expect(spread([0, 0, 0, 90])?.maxToMedian).toBe(Infinity);
  });

  it('is not told of two partitions, of a few records, nor where many are hidden', () => {
    const of = (values: readonly number[]) =>
      spreadOf(
        'spread',
        values.map((value, i) => ({ name: `${i}`, value })),
        gates.rate,
        5,
      );
    expect(of([900, 1])).toMatchObject({ unknown: { kind: 'absent' }, since: 5 });
    expect(of([1, 1, 7])).toMatchObject({ unknown: { kind: 'absent' } });
    expect(of([900, 1, NaN, 1])).toMatchObject({ unknown: { kind: 'partial' } });
    expect(of([NaN, NaN, NaN])).toMatchObject({ unknown: { kind: 'early' } });
    expect(of([900, 1, 1, 1, 1, NaN])).toMatchObject({ value: { items: 5, unknown: 1 } });
  });

  it('has bounds, whatever it is of', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 3, maxLength: 40 }), values => {
        const s = spread(values);
        if (s === undefined) return;
        expect(s.effective).toBeGreaterThanOrEqual(1);
        expect(s.effective).toBeLessThanOrEqual(values.length + 1e-9);
        expect(s.gini).toBeGreaterThanOrEqual(-1e-12);
        expect(s.gini).toBeLessThan(1);
        expect(s.cv).toBeLessThanOrEqual(Math.sqrt(values.length - 1) + 1e-9);
        expect(s.maxToMedian).toBeGreaterThanOrEqual(1);
      }),
    );
  });
});

describe('leaders', () => {
  it('are counted by broker, with what arrives at each', () => {
    const skew = leaderSkewOf(
      'leaders',
      [
        { leader: 1, rate: 30 },
        { leader: 1, rate: 60 },
        { leader: 2, rate: 10 },
        { leader: -1, rate: 0 },
        { rate: 5 },
      ],
      0,
    );
    expect(skew).toMatchObject({
      value: {
        partitions: [
          { broker: 1, leads: 2 },
          { broker: 2, leads: 1 },
        ],
        rate: { value: { top: '1', topShare: 0.9 } },
      },
    });
  });
});

describe('members of a group', () => {
  const member = (id: string): MemberView => ({
    member: id,
    clientId: id,
    host: '/10.0.0.1',
    partitions: undefined,
    lag: seen(0, 0),
  });
  const members = seen([member('a'), member('b'), member('idle')], 0);
  const partitions = groupPartitions(() => 1_000, 4).map((p, i) => ({
    ...p,
    arrival: seen(i === 0 ? 700 : 100, 0),
  }));

  it('are compared by what they own and what arrives in it', () => {
    const owned = new Map([
      ['a', ['orders/0', 'orders/1', 'orders/2']],
      ['b', ['orders/3']],
      ['idle', []],
    ]);
    const skew = groupSkewOf('billing', partitions, members, ({ member: id }) => owned.get(id), 0);
    expect(skew.members).toMatchObject({
      value: {
        owners: 3,
        idle: 1,
        partitions: { least: 0, most: 3 },
        rate: { value: { top: 'a@10.0.0.1', topShare: 0.9 } },
      },
    });
    expect(skew.arrival).toMatchObject({ value: { top: 'orders/0', topShare: 0.7 } });
    expect(skew.lag).toMatchObject({ value: { topShare: 0.25, gini: 0 } });
  });

  it('are not compared while one does not tell what it owns', () => {
    const skew = groupSkewOf('billing', partitions, members, () => undefined, 0);
    expect(isKnown(skew.members)).toBe(false);
  });
});
