import type { Millis } from '../core/clock.js';
import { failure } from '../core/failure.js';
import { isKnown, latest, mapKnown, seen, unknown, valueOf, type Known } from '../core/known.js';
import type { GroupDescription } from '../core/observation.js';
import type { CommitBehaviour, CommitTotals, StoppedCommits } from './commit-view.js';
import type { TopicPicture } from './group-topic-picture.js';
import { OnDemand } from './on-demand.js';
import type { Ownership } from './ownership.js';
import type { ReadonlySeries } from './series.js';
import type { GroupSkew } from './skew.js';
import type { Assignment, GroupPartitionView, GroupView, MemberView } from './snapshot.js';
import { tooEarly, trendOf, type Trend } from './trend.js';
import { groupSkewOf } from './view-skew.js';

/** Broker id; −1 where there is no leader, undefined where not known. */
export type Leaders = (topic: string, partition: number) => number | undefined;

/** What takes a look at all partitions, members, commits or samples of a group. */
type Later =
  | 'members'
  | 'assignment'
  | 'lagSlope'
  | 'lagTrend'
  | 'commitPeriod'
  | 'drain'
  | 'partitions'
  | 'partitionLags'
  | 'skew'
  | 'befell'
  | 'commits'
  | 'timeToLoss';

/** What costs nothing. */
export type GroupFacts = Omit<GroupView, Later | 'assignor' | 'lastRewind'> & {
  readonly assignor?: string | undefined;
  readonly lastRewind?: Millis | undefined;
};

/** What the rest is made of, at the present or at a past moment. */
export type GroupParts = {
  readonly description: Known<GroupDescription>;
  readonly topics: readonly TopicPicture[];
  readonly leader: Leaders;
  /** Records/s, to tell a trend by. */
  readonly consumed: number | undefined;
  /** When its lag was last told. */
  readonly judged: Millis;
  /** By the newest description. */
  readonly ownership: Ownership;
  slope(): GroupView['lagSlope'];
  drain(slope: GroupView['lagSlope']): GroupView['drain'];
  commitPeriod(): Known<Millis>;
  befell(): CommitTotals;
  stopped(): StoppedCommits | undefined;
  timeToLoss(): GroupView['timeToLoss'];
  /** Of what there is to tell of how evenly it lies, what is known. */
  told(skew: GroupSkew): GroupSkew;
};

/** The view of a group whose costly parts are made when they are first looked at: a tick does not pay for what nobody reads. */
export class SeenGroup extends OnDemand implements GroupView {
  readonly id: string;
  readonly cluster: string;
  readonly group: string;
  readonly type: GroupView['type'];
  readonly protocol: string;
  readonly state: GroupView['state'];
  declare readonly assignor?: string;
  readonly coordinator: number;
  readonly lag: GroupView['lag'];
  readonly lagMethod: GroupView['lagMethod'];
  readonly timeLag: GroupView['timeLag'];
  readonly lost: GroupView['lost'];
  readonly mostLag: number;
  readonly partitionCount: number;
  readonly unknownPartitions: number;
  readonly lagSeries: ReadonlySeries;
  readonly isYoung: boolean;
  readonly consume: GroupView['consume'];
  declare readonly lastRewind?: Millis;
  readonly rebalances: GroupView['rebalances'];
  readonly #parts: GroupParts;
  #members: GroupView['members'] | undefined;
  #assignment: GroupView['assignment'] | undefined;
  #lagSlope: GroupView['lagSlope'] | undefined;
  #drain: GroupView['drain'] | undefined;
  #lagTrend: GroupView['lagTrend'] | undefined;
  #partitions: GroupView['partitions'] | undefined;
  #skew: GroupView['skew'] | undefined;
  #befell: GroupView['befell'] | undefined;
  #commits: GroupView['commits'] | undefined;
  #timeToLoss: GroupView['timeToLoss'] | undefined;

  constructor(facts: GroupFacts, parts: GroupParts) {
    super();
    this.id = facts.id;
    this.cluster = facts.cluster;
    this.group = facts.group;
    this.type = facts.type;
    this.protocol = facts.protocol;
    this.state = facts.state;
    if (facts.assignor !== undefined) this.assignor = facts.assignor;
    this.coordinator = facts.coordinator;
    this.lag = facts.lag;
    this.lagMethod = facts.lagMethod;
    this.timeLag = facts.timeLag;
    this.lost = facts.lost;
    this.mostLag = facts.mostLag;
    this.partitionCount = facts.partitionCount;
    this.unknownPartitions = facts.unknownPartitions;
    this.lagSeries = facts.lagSeries;
    this.isYoung = facts.isYoung;
    this.consume = facts.consume;
    if (facts.lastRewind !== undefined) this.lastRewind = facts.lastRewind;
    this.rebalances = facts.rebalances;
    this.#parts = parts;
  }

  get members(): GroupView['members'] {
    const { description, topics } = this.#parts;
    return (this.#members ??= memberViews(description, topics, this.lag));
  }

  get assignment(): GroupView['assignment'] {
    const { description, ownership } = this.#parts;
    return (this.#assignment ??= assignmentOf(this.group, description, ownership));
  }

  get lagSlope(): GroupView['lagSlope'] {
    return (this.#lagSlope ??= this.#parts.slope());
  }

  get drain(): GroupView['drain'] {
    return (this.#drain ??= this.#parts.drain(this.lagSlope));
  }

  get lagTrend(): GroupView['lagTrend'] {
    return (this.#lagTrend ??= groupTrend(this, this.#parts));
  }

  get commitPeriod(): GroupView['commitPeriod'] {
    return this.#parts.commitPeriod();
  }

  get partitions(): GroupView['partitions'] {
    const { topics, ownership, leader } = this.#parts;
    return (this.#partitions ??= partitionViews(topics, ownership, leader));
  }

  get partitionLags(): GroupView['partitionLags'] {
    return lagsOf(this.#parts.topics);
  }

  get skew(): GroupView['skew'] {
    return (this.#skew ??= this.skewNow());
  }

  get befell(): GroupView['befell'] {
    return (this.#befell ??= this.#parts.befell());
  }

  get commits(): GroupView['commits'] {
    return (this.#commits ??= commitsOf(this.befell, this.#parts.stopped()));
  }

  get timeToLoss(): GroupView['timeToLoss'] {
    return (this.#timeToLoss ??= this.#parts.timeToLoss());
  }

  /** Growth of then is told in a past moment, whose samples are minutes. */
  override told(): Readonly<Record<string, unknown>> {
    const { lagSlope, drain } = this;
    return { ...super.told(), lagSlope, drain };
  }

  private skewNow(): GroupSkew {
    const { group, partitions, members } = this;
    const { description, judged } = this.#parts;
    const owned = assigned(latest(description)?.value);
    return this.#parts.told(groupSkewOf(group, partitions, members, owned, judged));
  }
}

function commitsOf(befell: CommitTotals, stopped: StoppedCommits | undefined): CommitBehaviour {
  return { ...befell, ...(stopped && { stopped }) };
}

/** Where nothing is known of its commits, the time between two readings of them is the shortest that could be. */
function groupTrend(
  { group, lag, lagSeries }: Pick<GroupFacts, 'group' | 'lag' | 'lagSeries'>,
  parts: GroupParts,
): Known<Trend> {
  const { consumed, judged } = parts;
  const subject = `trend of the lag of ${group}`;
  if (!isKnown(lag)) return unknown(lag.unknown, lag.since);
  if (consumed === undefined) return tooEarly(subject, judged);
  const period = valueOf(parts.commitPeriod()) ?? 0;
  return trendOf(lagSeries, { consume: consumed, commitPeriod: period, at: judged }, subject);
}

function assignmentOf(
  group: string,
  description: Known<GroupDescription>,
  { assignment }: Ownership,
): Known<Assignment> {
  if (!isKnown(description)) return unknown(description.unknown, description.since);
  if (assignment !== undefined) return seen(assignment, description.at);
  const subject = `assignment of ${group}`;
  return unknown(failure('absent', subject, 'not all members tell what they own'), description.at);
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
  ownership: Ownership,
  leader: Leaders,
): GroupPartitionView[] {
  const rows: GroupPartitionView[] = [];
  for (const topic of topics) {
    const { topic: name } = topic;
    topic.each(p => rows.push(topic.view(p, ownership.owner(name, p), leader(name, p))));
  }
  return rows;
}

function lagsOf(topics: readonly TopicPicture[]): readonly number[] {
  const lags: number[] = [];
  for (const topic of topics) topic.each(p => lags.push(topic.lastLag(p)));
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
      return {
        member,
        ...(instance !== undefined && { instance }),
        clientId,
        host,
        partitions: assignment?.reduce((sum, { partitions }) => sum + partitions.length, 0),
        lag: memberLag(`lag of ${clientId}`, assignment, byName, lag),
      };
    }),
  );
}

/** Summed as numbers: a fact is made only to say why one is not known. */
function memberLag(
  subject: string,
  assignment: GroupDescription['members'][number]['assignment'],
  byName: ReadonlyMap<string, TopicPicture>,
  groupLagKnown: Known<number>,
): Known<number> {
  const at = isKnown(groupLagKnown) ? groupLagKnown.at : groupLagKnown.since;
  if (assignment === undefined) return unknown(failure('absent', subject, 'its assignment is not known'), at);
  let total = 0;
  let known = 0;
  for (const { topic, partitions } of assignment) {
    const picture = byName.get(topic);
    if (picture === undefined) continue;
    for (let i = 0; i < partitions.length; i++) {
      const p = partitions[i] ?? -1;
      if (!picture.has(p)) continue;
      const lag = picture.lagNow(p);
      const fact = Number.isNaN(lag) ? picture.lag(p) : undefined;
      if (fact !== undefined && !isKnown(fact)) return unknown(fact.unknown, fact.since);
      total += fact?.value ?? lag;
      known++;
    }
  }
  if (known === 0) return unknown(failure('absent', subject, 'no committed offset in what it owns'), at);
  return seen(total, at);
}
