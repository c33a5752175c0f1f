import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArrivalTimes } from '../../source/model/arrival-times.js';

/** A log end that grows by 0 to 50 records at each of many looks, 1 to 20 s apart. */
const looks = fc.array(fc.record({ after: fc.integer({ min: 1, max: 20 }), grew: fc.nat(50) }), {
  minLength: 2,
  maxLength: 400,
  size: 'max',
});

function table(): ArrivalTimes {
  const times = new ArrivalTimes();
  times.open(1);
  return times;
}

describe('how old the first unread record is', () => {
  it('is 0 for who has read all, and unknown from one look alone', () => {
    const times = table();
    times.push(0, 1_000, 50);
    expect([times.age(0, 50), times.age(0, 49)]).toEqual([0, NaN]);
  });

  it('counts from the right-hand end of a flat segment, which is never divided by', () => {
    const times = table();
    for (const at of [0, 1_000, 2_000, 3_000]) times.push(0, at, 50);
    times.push(0, 4_000, 60);
    expect(times.age(0, 50)).toBe(1_000);
  });

  it('never extrapolates: what is older than the first look is at least as old as that', () => {
    const times = table();
    times.push(0, 1_000, 50);
    times.push(0, 9_000, 60);
    expect(times.age(0, 10)).toBe(-8_000);
  });

  it('forgets a log that began anew', () => {
    const times = table();
    times.push(0, 1_000, 50);
    times.push(0, 2_000, 60);
    times.push(0, 3_000, 5);
    expect([times.age(0, 5), times.age(0, 1), times.rate(0, 60_000)]).toEqual([0, NaN, NaN]);
  });

  it('never is less than the time since an end beyond it was seen, nor more than since one that was not, however long ago', () => {
    fc.assert(
      fc.property(looks, fc.nat(10_000), (all, pick) => {
        const times = table();
        const seen: { at: number; end: number }[] = [];
        let [at, end] = [0, 1_000];
        for (const { after, grew } of all) {
          at += after * 1_000;
          end += grew;
          times.push(0, at, end);
          seen.push({ at, end });
        }
        const first = seen[0]?.end ?? 0;
        const offset = first + (pick % Math.max(1, end - first));
        if (offset >= end) return;
        const age = times.age(0, offset);
        const beyond = seen.find(s => s.end > offset)?.at ?? NaN;
        // The past is thinned, so between two looks that are kept the truth may lie anywhere.
        expect(age).toBeGreaterThanOrEqual(0);
        expect(age).toBeLessThanOrEqual(at - (seen[0]?.at ?? 0));
        if (all.length <= 60) expect(age).toBeGreaterThanOrEqual(at - beyond - 1e-6);
      }),
    );
  });

  it('has the rate of arrival between the oldest look in the window and the newest', () => {
    const growing = fc.array(
      fc.record({ after: fc.integer({ min: 1, max: 20 }), grew: fc.integer({ min: 1, max: 50 }) }),
      { minLength: 2, maxLength: 60 },
    );
    fc.assert(
      fc.property(growing, fc.integer({ min: 1_000, max: 300_000 }), (all, window) => {
        const times = table();
        const seen: { at: number; end: number }[] = [];
        let [at, end] = [0, 1_000];
        for (const { after, grew } of all) {
          at += after * 1_000;
          end += grew;
          times.push(0, at, end);
          seen.push({ at, end });
        }
        const oldest = seen.find(s => at - s.at <= window) ?? { at, end };
        const rate = oldest.at === at ? NaN : ((end - oldest.end) / (at - oldest.at)) * 1_000;
        expect(times.rate(0, window)).toBe(rate);
      }),
    );
  });

  it('has a rate of arrival that is never negative', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000), { minLength: 2, maxLength: 100 }), ends => {
        const times = table();
        for (const [i, end] of ends.entries()) {
          times.push(0, i * 5_000, end);
          const rate = times.rate(0, 60_000);
          expect(Number.isNaN(rate) || rate >= 0).toBe(true);
        }
      }),
    );
  });
});
