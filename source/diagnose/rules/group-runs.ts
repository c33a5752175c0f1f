import type { Millis } from '../../core/clock.js';
import type { ReadonlySeries } from '../../model/series.js';
import type { GroupView, Rebalance } from '../../model/snapshot.js';

/** From the first member that came to a group without any until the last one left. */
export type Run = { readonly from: Millis; readonly to: Millis };

/** How much of what had waited for it a batch job may leave when it ends: something arrives meanwhile. */
const mostLeft = 0.05;
const minute: Millis = 60_000;
/** A job that works for longer than this share of the time is none. */
const mostBusy = 0.5;

/** The runs of a group that has no members now, oldest first; the first one is left out if its start was not seen. */
export function runsOf(recent: readonly Rebalance[]): readonly Run[] {
  const runs: Run[] = [];
  let size = 0;
  let ended: Millis | undefined;
  for (const { at, joined, left: gone } of [...recent].reverse()) {
    if (size === 0 && gone.length > 0) ended = at;
    size = Math.max(0, size - joined.length + gone.length);
    if (size > 0 || joined.length === 0 || ended === undefined) continue;
    runs.unshift({ from: at, to: ended });
    ended = undefined;
  }
  return runs;
}

/**
 * Until when the next run of a batch job may begin. Undefined of any other group: a job was seen to run twice, is away for more than half of the
 * time, and had read what had waited when it went. Half of the time between two runs is granted.
 */
export function nextRun({ rebalances, lagSeries }: GroupView): Millis | undefined {
  const runs = runsOf(rebalances.recent);
  const [first, last] = [runs[0], runs[runs.length - 1]];
  if (first === undefined || last === undefined || runs.length < 2) return undefined;
  const every = (last.from - first.from) / (runs.length - 1);
  if (!runs.every(run => run.to - run.from <= mostBusy * every && isDone(run, lagSeries))) return undefined;
  return last.from + 1.5 * every;
}

function isDone({ from, to }: Run, lag: ReadonlySeries): boolean {
  const most = Math.max(...lag.since(from - minute, to).values);
  const least = Math.min(...lag.since(Math.max(from, to - minute), to).values);
  return least <= mostLeft * most;
}
