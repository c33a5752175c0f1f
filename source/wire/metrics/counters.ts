import type { Millis } from '../../core/clock.js';
import type { ExposedSeries } from './exposition.js';

/** Pages that are closer together than this give rates of chance: the ones before stand. */
const shortestSpan: Millis = 1_000;

/** Over a longer silence a rate says nothing about now. */
const longestSpan: Millis = 5 * 60_000;

type Counted = { readonly value: number; readonly rate: number };

/** Rates from the counters of one page and the page before, without a store in between. */
export class Counters {
  #at: Millis = NaN;
  #counted: ReadonlyMap<string, Counted> = new Map();

  /**
   * The rates a second of a page that was read at `at`, by series; NaN where there was no reading before. A counter that
   * fell was reset: then all that it shows has come since, which is less than the truth and never negative.
   */
  next(series: readonly ExposedSeries[], at: Millis): (series: ExposedSeries) => number {
    const span = at - this.#at;
    const before = this.#counted;
    if (span < shortestSpan) return ({ id }) => before.get(id)?.rate ?? NaN;
    const counted = new Map<string, Counted>();
    for (const { id, value } of series) {
      const last = (span <= longestSpan ? before.get(id)?.value : undefined) ?? NaN;
      counted.set(id, { value, rate: grown(last, value) / (span / 1000) });
    }
    this.#at = at;
    this.#counted = counted;
    return ({ id }) => counted.get(id)?.rate ?? NaN;
  }
}

function grown(last: number, value: number): number {
  if (Number.isNaN(last) || Number.isNaN(value) || value < 0) return NaN;
  return value >= last ? value - last : value;
}
