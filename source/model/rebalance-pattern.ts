import type { Millis } from '../core/clock.js';
import type { Episode } from './rebalance-record.js';
import type { RebalancePattern } from './rebalance-view.js';

const recent: Millis = 600_000;
const longest: Millis = 3_600_000;
/** What follows sooner belongs together: a member restarts, then the next one. */
const gap: Millis = 300_000;

/**
 * Deployment or storm? In a rolling restart of n members each one leaves and comes back once: at most 2 n episodes (and one that was
 * under way at either end), whoever they are. Pods of Kubernetes come back under other names: then as many come as went.
 */
export function patternOf(episodes: readonly Episode[], at: Millis): RebalancePattern {
  const run = runOf(episodes, at);
  const [first] = run;
  if (first === undefined) return { kind: 'quiet', count: 0, left: 0, returned: 0, of: 0, recidivism: 0 };
  const gone = new Map<string, number>();
  const back = new Map<string, number>();
  let [left, joined] = [0, 0];
  for (const episode of run) {
    for (const member of episode.left) {
      gone.set(member, (gone.get(member) ?? 0) + 1);
      left++;
    }
    for (const member of episode.joined) {
      joined++;
      if ((gone.get(member) ?? 0) > (back.get(member) ?? 0)) back.set(member, (back.get(member) ?? 0) + 1);
    }
  }
  const cameBack = [...back.values()].reduce((a, b) => a + b, 0);
  const strangers = joined - cameBack;
  const returned = cameBack + Math.min(left - cameBack, strangers);
  const recidivism = Math.max(0, ...back.values());
  const of = Math.max(...run.map(e => e.size));
  const each = Math.max(0, ...gone.values());
  const count = run.reduce((n, e) => n + e.times, 0);
  const kind = kindOf({ count, left, joined, returned, of, recidivism, each });
  return { kind, count, since: first.at, left, returned, of, recidivism };
}

type Counts = Pick<RebalancePattern, 'count' | 'left' | 'returned' | 'of' | 'recidivism'> & {
  readonly joined: number;
  /** The most often that one member left. */
  readonly each: number;
};

function kindOf({ count, left, joined, returned, of, recidivism, each }: Counts): RebalancePattern['kind'] {
  if (recidivism >= 2 || (count > 1 && count > 2 * of + 2)) return 'recurring';
  const oneRestarted = left === 1 && returned === 1 && count <= 2;
  if (oneRestarted || (count === 1 && left <= 1)) return 'single';
  if (each === 1 && left >= 2 && left - returned <= 1) return 'rolling-restart';
  if (left + joined > 0 && (left === 0 || joined === 0)) return 'scaling';
  return 'mixed';
}

/** The newest episodes that follow each other, where the last of them is recent. */
function runOf(episodes: readonly Episode[], at: Millis): readonly Episode[] {
  let first = episodes.length;
  for (let i = episodes.length - 1; i >= 0; i--) {
    const [episode, next] = [episodes[i], episodes[i + 1]];
    if (episode === undefined || episode.at <= at - longest) break;
    const belongs = episode.latest > at - recent || (next !== undefined && next.at - episode.latest <= gap);
    if (!belongs) break;
    first = i;
  }
  return episodes.slice(first);
}
