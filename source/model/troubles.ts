import type { Millis } from '../core/clock.js';
import type { Failure } from '../core/failure.js';
import { seen, unknown, type Known } from '../core/known.js';
import type { Columns, Picture } from './columns.js';

export type Trouble = { readonly reason: Failure; readonly since: Millis };

/** Beyond so many, the entries that no cell names any more are dropped. */
const keptUnsorted = 256;

/**
 * Why cells of a table are not known: the cells hold an index into this list, NaN for no trouble. The list only grows, so that
 * an index means the same in every picture of the table; `compacted` begins a new one.
 */
export class Troubles {
  private readonly list: Trouble[] = [];

  /** Asked for each cell of a sweep: a list that is asked for NaN or −1 looks for a property of that name, which is slow. */
  at(index: number): Trouble | undefined {
    return index >= 0 ? this.list[index] : undefined;
  }

  /** Failed items of one answer share their reason, so the newest entries are nearly always the ones. */
  index(reason: Failure, since: Millis): number {
    for (let i = this.list.length - 1; i >= Math.max(0, this.list.length - 8); i--) {
      const entry = this.list[i];
      if (entry?.since === since && same(entry.reason, reason)) return i;
    }
    return this.list.push({ reason, since }) - 1;
  }

  /** This list, or where it has grown long one of what `cells` still name; `columns` hold the indices. To be called after `open`. */
  compacted(cells: Columns, columns: readonly number[]): Troubles {
    if (this.list.length <= keptUnsorted) return this;
    const fresh = new Troubles();
    const moved = new Map<number, number>();
    for (const column of columns)
      for (let row = 0; row < cells.rows; row++) {
        const index = cells.get(column, row);
        const entry = this.list[index];
        if (entry === undefined) continue;
        let now = moved.get(index);
        if (now === undefined) moved.set(index, (now = fresh.list.push(entry) - 1));
        cells.set(column, row, now);
      }
    return fresh;
  }

  /** The same cell after it could not be seen: it keeps when the trouble began. */
  lost(before: number, reason: Failure, at: Millis): number {
    return this.index(reason, this.at(before)?.since ?? at);
  }
}

/** A fact from three columns that follow each other: its value, when it was seen, and its trouble. */
export function fact(
  cells: Picture,
  troubles: Troubles,
  column: number,
  row: number,
): Known<number> | undefined {
  const value = cells.get(column, row);
  const last = Number.isNaN(value) ? undefined : seen(value, cells.get(column + 1, row));
  const trouble = troubles.at(cells.get(column + 2, row));
  return trouble === undefined ? last : unknown(trouble.reason, trouble.since, last);
}

/** The reason that a column of an observation names; undefined for 0. For each cell of a sweep, as `Troubles.at`. */
export function reasonOf(failed: number | undefined, failures: readonly Failure[]): Failure | undefined {
  return failed === undefined || failed === 0 ? undefined : failures[failed - 1];
}

function same(a: Failure, b: Failure): boolean {
  return a === b || (a.kind === b.kind && a.subject === b.subject && a.detail === b.detail);
}
