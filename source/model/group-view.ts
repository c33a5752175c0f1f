import type { Millis } from '../core/clock.js';
import { failure } from '../core/failure.js';
import { isKnown, latest, mapKnown, seen, unknown, type Known } from '../core/known.js';
import type { GroupDescription } from '../core/observation.js';
import type { CommitBehaviour, CommitTotals, StoppedCommits } from './commit-view.js';
import type { TopicPicture } from './group-topic.js';
import { once } from './once.js';
import type { ReadonlySeries } from './series.js';
import type { GroupSkew } from './skew.js';
import type { Assignment, GroupPartitionView, GroupView, MemberView } from './snapshot.js';
import { tooEarly, trendOf, type Trend } from './trend.js';
import { groupSkewOf } from './view-skew.js';

/** Broker id; −1 where there is no leader, undefined where not known. */
export type Leaders = (topic: string, partition: number) => number | undefined;

/** What takes a look at all partitions, members or commits of a group. */
type Later =
  | 'members'
  | 'assignment'
  | 'lagTrend'
  | 'commitPeriod'
  | 'partitions'
  | 'partitionLags'
  | 'skew'
  | 'befell'
  | 'commits'
  | 'timeToLoss';

/** What that is made of, at the present or at a past moment. */
export type GroupParts = {
  readonly description: Known<GroupDescription>;
  readonly topics: readonly TopicPicture[];
  /** Who owns a partition, by `topic/partition`. */
  readonly owners: () => ReadonlyMap<string, string>;
  readonly leader: Leaders;
  readonly commitPeriod: () => Known<Millis>;
  /** Records/s, to tell a trend by. */
  readonly consumed: number | undefined;
  readonly befell: () => CommitTotals;
  readonly stopped: () => StoppedCommits | undefined;
  readonly timeToLoss: () => GroupView['timeToLoss'];
  /** Of what there is to tell of how evenly it lies, what is known. */
  readonly told: (skew: GroupSkew) => GroupSkew;
  /** When its lag was last told. */
  readonly judged: Millis;
};

/** The view of a group whose costly parts are made when they are first looked at: a tick does not pay for what nobody reads. */
export function groupView(facts: Omit<GroupView, Later>, parts: GroupParts): GroupView {
  const { group, lag, lagSeries } = facts;
  const { description, topics, leader, commitPeriod, consumed, judged } = parts;
  const described = latest(description)?.value;
  const partitions = once(() => partitionViews(topics, parts.owners(), leader));
  const members = once(() => memberViews(description, topics, lag));
  const assignment = once(() => assignmentOf(group, description));
  const trend = once(() => groupTrend(group, lagSeries, lag, commitPeriod(), consumed, judged));
  const skew = once(() =>
    parts.told(groupSkewOf(group, partitions(), members(), assigned(described), judged)),
  );
  const befell = once(parts.befell);
  const commits = once(() => commitsOf(befell(), parts.stopped()));
  const timeToLoss = once(parts.timeToLoss);
  return {
    ...facts,
    get members() {
      return members();
    },
    get assignment() {
      return assignment();
    },
    get lagTrend() {
      return trend();
    },
    get commitPeriod() {
      return commitPeriod();
    },
    get partitions() {
      return partitions();
    },
    get partitionLags() {
      return lagsOf(topics);
    },
    get skew() {
      return skew();
    },
    get befell() {
      return befell();
    },
    get commits() {
      return commits();
    },
    get timeToLoss() {
      return timeToLoss();
    },
  };
}

function commitsOf(befell: CommitTotals, stopped: StoppedCommits | undefined): CommitBehaviour {
  return { ...befell, ...(stopped && { stopped }) };
}

/** Where nothing is known of its commits, the time between two readings of them is the shortest that could be. */
function groupTrend(
  group: string,
  series: ReadonlySeries,
  lag: Known<number>,
  commitPeriod: Known<Millis>,
  consumed: number | undefined,
  at: Millis,
): Known<Trend> {
  const subject = `trend of the lag of ${group}`;
  if (!isKnown(lag)) return unknown(lag.unknown, lag.since);
  if (consumed === undefined) return tooEarly(subject, at);
  const period = isKnown(commitPeriod) ? commitPeriod.value : 0;
  return trendOf(series, { consume: consumed, commitPeriod: period, at }, subject);
}

function assignmentOf(group: string, description: Known<GroupDescription>): Known<Assignment> {
  const subject = `assignment of ${group}`;
  if (!isKnown(description)) return unknown(description.unknown, description.since);
  const { members } = description.value;
  let [idle, fixed, partitions, least, most] = [0, 0, 0, Infinity, 0];
  for (const { assignment, instance } of members) {
    if (assignment === undefined)
      return unknown(failure('absent', subject, 'not all members tell what they own'), description.at);
    const owned = assignment.reduce((sum, topic) => sum + topic.partitions.length, 0);
    if (owned === 0) idle++;
    if (instance !== undefined) fixed++;
    partitions += owned;
    least = Math.min(least, owned);
    most = Math.max(most, owned);
  }
  if (members.length === 0) least = 0;
  return seen({ members: members.length, idle, static: fixed, partitions, least, most }, description.at);
}

/** Names of the partitions that a member owns; undefined where it does not tell. */
function assigned(
  description: GroupDescription | undefined,
): (member: MemberView) => readonly string[] | undefined {
  const owned = new Map(
    description?.members.map(m => [
      m.member,
      m.assignment?.flatMap(({ topic, partitions }) => Array.from(partitions, p => `${topic}/${p}`)),
    ]),
  );
  return ({ member }) => owned.get(member);
}

function partitionViews(
  topics: readonly TopicPicture[],
  owners: ReadonlyMap<string, string>,
  leader: Leaders,
): GroupPartitionView[] {
  const rows: GroupPartitionView[] = [];
  for (const topic of topics)
    topic.each(p => rows.push(topic.view(p, owners.get(`${topic.topic}/${p}`), leader(topic.topic, p))));
  return rows;
}

function lagsOf(topics: readonly TopicPicture[]): readonly number[] {
  const lags: number[] = [];
  for (const topic of topics) topic.each(p => lags.push(latest(topic.lag(p))?.value ?? NaN));
  return lags;
}

function memberViews(
  description: Known<GroupDescription>,
  topics: readonly TopicPicture[],
  lag: Known<number>,
): Known<readonly MemberView[]> {
  const byName = new Map(topics.map(t => [t.topic, t]));
  return mapKnown(description, ({ members }) =>
    members.map(({ member, instance, clientId, host, assignment }) => {
      const owned = assignment?.flatMap(({ topic, partitions }) => {
        const picture = byName.get(topic);
        return [...partitions].map(p => (picture?.has(p) === true ? picture.lag(p) : undefined));
      });
      return {
        member,
        ...(instance !== undefined && { instance }),
        clientId,
        host,
        partitions: owned?.length,
        lag: memberLag(`lag of ${clientId}`, owned, lag),
      };
    }),
  );
}

function memberLag(
  subject: string,
  owned: readonly (Known<number> | undefined)[] | undefined,
  groupLagKnown: Known<number>,
): Known<number> {
  const at = isKnown(groupLagKnown) ? groupLagKnown.at : groupLagKnown.since;
  if (owned === undefined) return unknown(failure('absent', subject, 'its assignment is not known'), at);
  let total = 0;
  let known = 0;
  for (const lag of owned) {
    if (lag === undefined) continue;
    if (!isKnown(lag)) return unknown(lag.unknown, lag.since);
    total += lag.value;
    known++;
  }
  if (known === 0) return unknown(failure('absent', subject, 'no committed offset in what it owns'), at);
  return seen(total, at);
}
