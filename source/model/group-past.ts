import type { Millis } from '../core/clock.js';
import { isKnown, latest, mapKnown, type Known } from '../core/known.js';
import type { GroupDescription } from '../core/observation.js';
import { togetherOf } from './commit-events.js';
import type { StoppedCommits } from './commit-view.js';
import type { TopicLineUp } from './group-topic-picture.js';
import { SeenGroup, type Leaders } from './group-view.js';
import { unkept } from './not-kept.js';
import { Ownership } from './ownership.js';
import { PastTopicPicture } from './past-topic.js';
import type { Held } from './pressed.js';
import { pastRebalances, type RebalancesKept } from './seen-rebalances.js';
import type { GroupSkew } from './skew.js';
import type { GroupView } from './snapshot.js';

/** Of one moment, beside the view: what its members, partitions and trend can be made of. */
export type GroupKept = {
  readonly description: Known<Held<GroupDescription>>;
  readonly topics: Held<readonly TopicLineUp[]>;
  readonly commitPeriod: Known<Millis>;
  readonly consumed?: number;
  readonly stopped?: StoppedCommits;
  readonly judged: Millis;
  readonly rebalances: RebalancesKept;
};

/**
 * A group at a past moment: of its view, from which what is made on demand was left out. Lag of partitions is what their
 * history has of `at`; what else was known of them then is not kept.
 */
export function pastGroup(view: GroupView, kept: GroupKept, leader: Leaders, at: Millis): GroupView {
  const { group, lag, lagSlope, drain } = view;
  const description = mapKnown(kept.description, held => held.value);
  const described = latest(description)?.value;
  const facts = { ...view, rebalances: pastRebalances(view.rebalances, kept.rebalances, at) };
  return new SeenGroup(facts, {
    description,
    topics: kept.topics.value.map(topic => new PastTopicPicture(topic, lag, at)),
    leader,
    consumed: kept.consumed,
    judged: kept.judged,
    ownership: described === undefined ? Ownership.none : new Ownership(described.members),
    slope: () => lagSlope,
    drain: () => drain,
    commitPeriod: () => kept.commitPeriod,
    befell: () => togetherOf(kept.topics.value.map(t => t.story)),
    stopped: () => kept.stopped,
    timeToLoss: () => unkept(`time to loss of ${group}`, at),
    told: skew => pastSkew(group, skew),
  });
}

/** How lag and partitions lay, without what arrived, which is not kept. */
function pastSkew(group: string, skew: GroupSkew): GroupSkew {
  const { lag, arrival, members, leaders } = skew;
  const rate = unkept(`spread of arrival of ${group}`, isKnown(arrival) ? arrival.at : arrival.since);
  return {
    lag,
    arrival: rate,
    members: mapKnown(members, m => ({ ...m, rate })),
    leaders: mapKnown(leaders, l => ({ ...l, rate })),
  };
}
