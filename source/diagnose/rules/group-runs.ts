import type { Millis } from '../../core/clock.js';
import type { GroupView, Rebalance } from '../../model/snapshot.js';

/** From the first member that came to a group without any until the last one left. */
export type Run = { readonly from: Millis; readonly to: Millis };

/** A lag that a batch job may leave behind when it ends, per partition. */
const left = 2;

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
 * The next run of a batch job: a group that comes and goes, and had read everything when it went. Undefined of any other one, and where
 * fewer than two runs were seen. Half of the time between two runs is granted.
 */
export function nextRun({ rebalances, lagSeries, partitionCount }: GroupView): Millis | undefined {
  const runs = runsOf(rebalances.recent);
  const [first, last] = [runs[0], runs[runs.length - 1]];
  if (first === undefined || last === undefined || runs.length < 2) return undefined;
  if (!runs.every(run => lagSeries.at(run.to) <= left * partitionCount)) return undefined;
  const every = (last.from - first.from) / (runs.length - 1);
  return last.from + 1.5 * every;
}
