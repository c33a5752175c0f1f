import type { Millis } from '../../core/clock.js';

type Reading = { readonly at: Millis; readonly total: number };

/** What `rate()` makes of counters that are read now and then; a counter that fell has begun anew. */
export class Rates {
  private readonly counters = new Map<string, { last: number; readings: Reading[] }>();

  constructor(private readonly window: Millis) {}

  /** Per second over the window; undefined before the second reading. */
  read(key: string, value: number, at: Millis): number | undefined {
    const counter = this.counters.get(key) ?? { last: value, readings: [] };
    this.counters.set(key, counter);
    const before = counter.readings.at(-1)?.total ?? 0;
    const total = before + (value >= counter.last ? value - counter.last : value);
    counter.last = value;
    counter.readings = [...counter.readings.filter(r => at - r.at <= this.window), { at, total }];
    const first = counter.readings[0];
    if (first === undefined || first.at === at) return undefined;
    return ((total - first.total) / (at - first.at)) * 1000;
  }
}
