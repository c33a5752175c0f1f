import type { Millis } from '../core/clock.js';
import { failure } from '../core/failure.js';
import { isKnown, unknown, valueOf, type Known } from '../core/known.js';
import type { StoppedCommits } from './commit-view.js';
import type { GroupTopicPicture } from './group-topic.js';
import type { GroupPartitionView } from './snapshot.js';

const leastQuiet: Millis = 300_000;
const periods = 10;
/** Markers of transactions take offsets that nobody commits: so little lag may stand for ever. */
const allowedLag = 2;

/** Partitions that have records waiting and whose commit stands still; nothing where there are none. */
export function stoppedCommits(
  partitions: readonly GroupPartitionView[],
  period: Known<Millis>,
  members: number | undefined,
  at: Millis,
): { readonly stopped?: StoppedCommits } {
  const after = Math.max(leastQuiet, periods * (valueOf(period) ?? 0));
  const stopped = partitions.filter(p => {
    const unmoved = valueOf(p.unmoved);
    return unmoved !== undefined && (valueOf(p.lag) ?? 0) > allowedLag && at - unmoved.since >= after;
  });
  if (stopped.length === 0) return {};
  const times = stopped.flatMap(p => valueOf(p.unmoved) ?? []);
  const earliest = times.reduce((a, b) => (b.since < a.since ? b : a), { since: Infinity, bound: false });
  return {
    stopped: {
      after,
      partitions: stopped.length,
      owned: stopped.filter(p => p.owner !== undefined).length,
      lag: stopped.reduce((sum, p) => sum + (valueOf(p.lag) ?? 0), 0),
      ...earliest,
      ...(members !== undefined && { members }),
    },
  };
}

/** Of the partitions where it is known; else why the first one's is not. */
export function soonestLoss(group: string, topics: readonly GroupTopicPicture[], at: Millis): Known<Millis> {
  let soonest: Known<Millis> | undefined;
  let reason: Known<Millis> | undefined;
  for (const topic of topics)
    topic.each(p => {
      const loss = topic.timeToLoss(p);
      if (!isKnown(loss)) {
        // What is not known yet says more than that some partition is safe.
        if (reason === undefined || loss.unknown.kind !== 'unsupported') reason = loss;
      } else if (soonest === undefined || !isKnown(soonest) || loss.value < soonest.value) soonest = loss;
    });
  const none = unknown<Millis>(failure('absent', `time to loss of ${group}`, 'no committed offsets'), at);
  return soonest ?? reason ?? none;
}
