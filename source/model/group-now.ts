import type { Millis } from '../core/clock.js';
import { failure } from '../core/failure.js';
import { latest, seen, unknown, type Known } from '../core/known.js';
import type { GroupDescription } from '../core/observation.js';
import { togetherOf } from './commit-events.js';
import { CommitIntervals } from './commit-intervals.js';
import type { CommitTotals, StoppedCommits, VanishedCommits } from './commit-view.js';
import { soonestLoss, stoppedCommits } from './commits.js';
import type { GroupTopicPicture } from './group-topic-picture.js';
import type { GroupFacts, GroupParts, Leaders } from './group-view.js';
import type { Ownership } from './ownership.js';
import type { GroupSkew } from './skew.js';
import type { GroupView } from './snapshot.js';
import { drainTime, slopeOf } from './trend.js';

/** Over which the growth of the lag of a group is told, and its consumption. */
export const rateWindow: Millis = 60_000;

/** What the parts of a view are made of. */
type Now = Pick<GroupParts, 'description' | 'leader' | 'consumed' | 'judged' | 'ownership'> & {
  readonly at: Millis;
  readonly facts: Pick<GroupFacts, 'group' | 'lag' | 'lagSeries' | 'consume'>;
  readonly topics: readonly GroupTopicPicture[];
  readonly gone: VanishedCommits | undefined;
  /** As `CommitIntervals` has them, and when they were noted. */
  readonly intervals: Float64Array | undefined;
  readonly intervalsNoted: Millis;
};

/**
 * The parts of a group as it is now. Fields and methods, not a closure for each part: of two hundred groups each tick makes them all, of
 * which hardly any is looked at, and what lives until the next tick has to be copied and marked.
 */
export class GroupNow implements GroupParts {
  readonly description: Known<GroupDescription>;
  readonly topics: readonly GroupTopicPicture[];
  readonly leader: Leaders;
  readonly consumed: number | undefined;
  readonly judged: Millis;
  readonly ownership: Ownership;
  readonly #at: Millis;
  readonly #group: string;
  readonly #lag: GroupFacts['lag'];
  readonly #lagSeries: GroupFacts['lagSeries'];
  readonly #consume: GroupFacts['consume'];
  readonly #gone: VanishedCommits | undefined;
  readonly #intervals: Float64Array | undefined;
  readonly #intervalsNoted: Millis;
  #commitPeriod: Known<Millis> | undefined;

  constructor(now: Now) {
    this.description = now.description;
    this.topics = now.topics;
    this.leader = now.leader;
    this.consumed = now.consumed;
    this.judged = now.judged;
    this.ownership = now.ownership;
    this.#at = now.at;
    this.#group = now.facts.group;
    this.#lag = now.facts.lag;
    this.#lagSeries = now.facts.lagSeries;
    this.#consume = now.facts.consume;
    this.#gone = now.gone;
    this.#intervals = now.intervals;
    this.#intervalsNoted = now.intervalsNoted;
  }

  slope(): GroupView['lagSlope'] {
    return slopeOf(this.#lagSeries, rateWindow, this.judged, `growth of lag of ${this.#group}`);
  }

  drain(slope: GroupView['lagSlope']): GroupView['drain'] {
    return drainTime(this.#group, this.#lag, slope, this.#consume, this.#at);
  }

  commitPeriod(): Known<Millis> {
    return (this.#commitPeriod ??= commitPeriodOf(this.#group, this.#intervals, this.#intervalsNoted));
  }

  befell(): CommitTotals {
    const together = togetherOf(this.topics.map(t => t.story));
    return this.#gone === undefined ? together : { ...together, vanished: this.#gone };
  }

  stopped(): StoppedCommits | undefined {
    const members = latest(this.description)?.value.members.length;
    return stoppedCommits(this.topics, this.ownership, this.commitPeriod(), members, this.#at);
  }

  timeToLoss(): GroupView['timeToLoss'] {
    return soonestLoss(this.#group, this.topics, this.judged);
  }

  told(skew: GroupSkew): GroupSkew {
    return skew;
  }
}

/** How often a group commits where there is something to commit: the median of the intervals. */
export function commitPeriodOf(
  group: string,
  intervals: Float64Array | undefined,
  noted: Millis,
): Known<Millis> {
  const middle = CommitIntervals.median(intervals);
  if (middle !== undefined) return seen(middle, noted);
  const detail = `needs ${CommitIntervals.needed} commits of a partition that is behind`;
  return unknown(failure('early', `commit period of ${group}`, detail), noted);
}
