import type { Millis } from '../core/clock.js';
import { Series } from './series.js';

/**
 * The rate of one growing number (an end offset, a committed offset) as Δ ÷ Δt between its own readings.
 * A decrease means that it was restarted, recreated or rewound: counting begins anew, so a rate is never negative.
 */
export class CounterRate {
  /** Sweeps and the reading of positions interleave: readings closer than 2 s are one. */
  private readonly readings = new Series(48, 2_000);

  push(at: Millis, value: number): void {
    if (Number.isNaN(value)) return;
    if (value < this.readings.valueAt(this.readings.length - 1)) this.readings.clear();
    this.readings.push(at, value);
  }

  /** Time of the newest reading; NaN where there is none. */
  get newest(): Millis {
    return this.readings.timeAt(this.readings.length - 1);
  }

  /** Per second over (about) the last `window` ms before the newest reading; undefined until two are in it. */
  perSecond(window: Millis): number | undefined {
    const last = this.readings.length - 1;
    const end = this.readings.timeAt(last);
    let first = last;
    while (first > 0 && end - this.readings.timeAt(first - 1) <= window) first--;
    const over = end - this.readings.timeAt(first);
    if (!(over > 0)) return undefined;
    return ((this.readings.valueAt(last) - this.readings.valueAt(first)) / over) * 1000;
  }
}
