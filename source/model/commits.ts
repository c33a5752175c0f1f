import type { Millis } from '../core/clock.js';
import { failure } from '../core/failure.js';
import { isKnown, unknown, valueOf, type Known } from '../core/known.js';
import type { StoppedCommits } from './commit-view.js';
import type { GroupTopicPicture } from './group-topic-picture.js';
import type { Ownership } from './ownership.js';

const leastQuiet: Millis = 300_000;
const periods = 10;
/** Markers of transactions take offsets that nobody commits: so little lag may stand for ever. */
const allowedLag = 2;

/** Partitions that have records waiting and whose commit stands still; nothing where there are none. */
export function stoppedCommits(
  topics: readonly GroupTopicPicture[],
  ownership: Ownership,
  period: Known<Millis>,
  members: number | undefined,
  at: Millis,
): StoppedCommits | undefined {
  const after = Math.max(leastQuiet, periods * (valueOf(period) ?? 0));
  let [partitions, ownedOnes, lags, oldest, bound] = [0, 0, 0, Infinity, false];
  for (const topic of topics)
    for (let p = 0; p < topic.rows; p++) {
      const unmoved = topic.unmovedSince(p);
      const since = Math.abs(unmoved);
      const lag = topic.lagNow(p);
      // NaN, in either, where it has no commit.
      if (!(lag > allowedLag && at - since >= after)) continue;
      partitions++;
      lags += lag;
      if (ownership.owner(topic.topic, p) !== undefined) ownedOnes++;
      if (since < oldest) {
        oldest = since;
        bound = unmoved < 0;
      }
    }
  if (partitions === 0) return undefined;
  const stopped = { after, partitions, owned: ownedOnes, lag: lags, since: oldest, bound };
  return { ...stopped, ...(members !== undefined && { members }) };
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
