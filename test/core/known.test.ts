import { describe, expect, it } from 'vitest';
import { failure } from '../../source/core/failure.js';
import { latest, lost, mapKnown, seen, unknown, valueOf, type Known } from '../../source/core/known.js';

const down = failure('refused', 'broker 1');
const hung = failure('timeout', 'broker 1');

describe('a fact that can no longer be seen', () => {
  it('keeps what it was, and since when it is not known', () => {
    const fact = lost(seen(7, 100), down, 200);
    expect(fact).toEqual({ unknown: down, since: 200, last: { value: 7, at: 100 } });
    expect(valueOf<number>(fact)).toBeUndefined();
    expect(latest<number>(fact)).toEqual({ value: 7, at: 100 });
  });

  it('keeps the beginning of the trouble while its reason changes', () => {
    const fact = lost(lost(seen(7, 100), down, 200), hung, 300);
    expect(fact.since).toBe(200);
    expect(fact.unknown).toBe(hung);
    expect(fact.last?.value).toBe(7);
  });

  it('has no last value when it was never seen', () => {
    expect(lost(undefined, down, 200)).toEqual({ unknown: down, since: 200 });
  });
});

describe('mapKnown', () => {
  it('maps the last value of an unknown fact too', () => {
    const fact: Known<number> = unknown(down, 200, seen(7, 100));
    expect(mapKnown(fact, n => n * 2)).toEqual({ unknown: down, since: 200, last: { value: 14, at: 100 } });
  });
});
