import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { Held, Holder, Pressed } from '../../source/model/pressed.js';
import { Series } from '../../source/model/series.js';

/** Plain data as a snapshot has it. */
const data = fc.letrec(tie => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.double(),
    fc.string(),
    fc.boolean(),
    fc.constant(undefined),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('at', 'lag', 'since', 'state', 'unknown', 'value'), tie('value'), {
      noNullPrototype: true,
    }),
  ),
})).value;

const row = (lag: number, state: string): object => ({ id: 'us/billing', state, lag: { value: lag, at: 1 } });

describe('what is pressed', () => {
  it('is restored as it was, whatever was pressed before it', () => {
    fc.assert(
      fc.property(data, data, (before, now) => {
        const pressed = Pressed.of(now, Pressed.of(before));
        expect(pressed.restored(0)).toEqual(now);
      }),
    );
  });

  it('is not changed by what is pressed after it', () => {
    const [first, second] = [[row(1, 'Stable')], [row(2, 'Empty'), row(3, 'Stable')]];
    const before = Pressed.of(first);
    const after = Pressed.of(second, before);
    expect(before.restored(0)).toEqual(first);
    expect(after.restored(0)).toEqual(second);
  });

  it('takes memory for its numbers alone where nothing else is another', () => {
    const before = Pressed.of([row(1, 'Stable'), row(2, 'Stable')]);
    const next = Pressed.of([row(7, 'Stable'), row(8, 'Stable')], before);
    expect(next.formBytes).toBe(0);
    expect(next.numberBytes).toBe(4 * 8);
    expect(before.formBytes).toBeGreaterThan(0);
  });

  it('takes memory for what changed, and the way to it', () => {
    const rows = Array.from({ length: 200 }, (_, i) => row(i, 'Stable'));
    const before = Pressed.of(rows);
    const next = Pressed.of([...rows.slice(0, 199), row(199, 'Empty')], before);
    expect(next.formBytes).toBeGreaterThan(0);
    expect(next.formBytes).toBeLessThan(before.formBytes / 5);
    expect(next.restored(0)).toEqual([...rows.slice(0, 199), row(199, 'Empty')]);
  });

  it('leaves getters out, and never calls one', () => {
    const withGetter = (lag: number): object => ({
      lag,
      get partitions(): never {
        throw new Error('asked');
      },
      state: 'Stable',
    });
    const before = Pressed.of(withGetter(1));
    const next = Pressed.of(withGetter(2), before);
    expect(next.restored(0)).toEqual({ lag: 2, state: 'Stable' });
    expect(Object.keys(next.restored(0))).toEqual(['lag', 'state']);
  });

  it('has series that end at the time that is asked for, and holds by reference what is held', () => {
    const series = new Series(10);
    series.push(1_000, 5);
    const held = new Held(new Map([['orders', 1]]));
    const pressed = Pressed.of({ series, held });
    series.push(2_000, 6);
    const then = pressed.restored(1_500);
    expect([then.series.length, then.series.at(9_000)]).toEqual([1, 5]);
    expect(then.held).toBe(held);
  });
});

describe('a holder', () => {
  it('holds the same thing once', () => {
    const holder = new Holder<object>();
    const [one, other] = [{}, {}];
    expect(holder.of(one)).toBe(holder.of(one));
    expect(holder.of(other).value).toBe(other);
  });
});
