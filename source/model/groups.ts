import type { Millis } from '../core/clock.js';
import { failure, type Failure } from '../core/failure.js';
import { isKnown, latest, lost, mapKnown, seen, unknown, valueOf, type Known } from '../core/known.js';
import type {
  CommittedSeen,
  EpochEndColumn,
  GroupDescription,
  GroupType,
  GroupsListed,
} from '../core/observation.js';
import type { ChangeLog } from './change-log.js';
import { CommitIntervals } from './commit-intervals.js';
import { stoppedCommits } from './commits.js';
import { withWhatWasKnown } from './group-description.js';
import type { GroupKept } from './group-past.js';
import { commitPeriodOf, GroupNow, rateWindow } from './group-now.js';
import { GroupTopic } from './group-topic.js';
import type { GroupTopicPicture, TopicLineUp } from './group-topic-picture.js';
import { lostOf, noTotals, timeLagOf, type Totals } from './group-totals.js';
import { SeenGroup, type GroupFacts, type Leaders } from './group-view.js';
import type { History } from './history.js';
import type { LagBatch } from './lag-batch.js';
import type { LagHistory } from './lag-history.js';
import { memberChanges } from './member-changes.js';
import { Ownership } from './ownership.js';
import { Holder } from './pressed.js';
import { CounterRate } from './rates.js';
import { rebalanceSigns, type Signs } from './rebalance-signs.js';
import { Rebalances } from './rebalances.js';
import { same } from './same.js';
import type { Series } from './series.js';
import { noCommits, type GroupLagMethod, type GroupView } from './snapshot.js';
import type { TopicOffsets } from './topic-offsets.js';
import { Vanished } from './vanished.js';
import { hasSlope, risingWhen, tooEarly } from './trend.js';

type Listed = Extract<GroupsListed['answer'], { readonly ok: unknown }>['ok'][number];
type Committed = CommittedSeen['groups'][number]['answer'];

/** How long what is looked at has to last: a picture for good, a glance until the next observation. */
export type Look = 'picture' | 'glance';

/** One group as it was observed. */
export class Group {
  readonly id: string;
  coordinator = -1;
  protocolType = '';
  /** Since when its coordinator does not list it any more. */
  unlistedSince: Millis | undefined;
  private type: GroupType = 'unknown';
  private lagMethod: GroupLagMethod = 'offsets';
  private state: Known<string>;
  private description: Known<GroupDescription>;
  private readonly topics = new Map<string, GroupTopic>();
  /** Of its committed offsets, so far. */
  private answers = 0;
  private names: ReadonlySet<string> = new Set();
  private readonly past: LagHistory;
  private readonly log: ChangeLog;
  private ownership = Ownership.none;
  private readonly described = new Holder<GroupDescription>();
  private lineUp: readonly TopicLineUp[] = [];
  private readonly lineUps = new Holder<readonly TopicLineUp[]>();
  private readonly rebalances: Rebalances;
  private readonly vanished = new Vanished();
  private readonly lagSeries: Series;
  private lag: Known<number>;
  /** What `lag` rests on. */
  private totals = noTotals();
  /** When `lag` was last told, or will be told of what was read since. */
  private judged: Millis;
  /** Whether log ends were read that `lag` does not take into account yet. */
  private unsettled = false;
  /** Why the last answer did not tell what it committed. */
  private unread: Failure | undefined;
  /** The sums of now: made when they are looked at. */
  private sums: Totals | undefined;
  private consume: Known<number>;
  private consumed = 0;
  private readonly consumption = new CounterRate();
  private readonly commitIntervals = new CommitIntervals();
  private commitNoted: Millis;

  constructor(
    readonly cluster: string,
    readonly group: string,
    history: History,
    /** What is known of the log ends of a topic of its cluster. */
    private readonly offsets: (topic: string) => TopicOffsets | undefined,
    at: Millis,
  ) {
    this.past = history.forPartitions();
    this.log = history.log;
    this.id = `${cluster}/${group}`;
    this.rebalances = new Rebalances(at);
    this.lagSeries = history.forGroup();
    const not = (what: string): Known<never> =>
      unknown(failure('early', `${what} of ${group}`, 'not read yet'), at);
    this.state = not('state');
    this.description = not('members');
    this.lag = not('lag');
    this.judged = at;
    this.commitNoted = at;
    this.consume = not('consumption');
  }

  observeListing(listed: Listed, broker: number, at: Millis): void {
    if (this.coordinator !== -1 && this.coordinator !== broker)
      this.rebalances.hint(at, 'coordinator', `coordinator ${this.coordinator} → ${broker}`);
    this.coordinator = broker;
    this.unlistedSince = undefined;
    this.type = listed.type;
    this.protocolType = listed.protocolType;
    if (listed.state !== '') this.became(listed.state, at);
  }

  unlisted(at: Millis): void {
    this.unlistedSince ??= at;
  }

  /** Its coordinator does not answer: nothing of the group is known now. */
  coordinatorLost(reason: Failure, at: Millis): void {
    this.state = lost(this.state, reason, at);
    this.descriptionLost(reason, at);
    this.committedLost(reason, at);
  }

  /** Returns the signs of a rebalance since the last description, and the group as it is now, with what only an earlier one told. */
  observeDescription(
    answer: GroupDescription,
    at: Millis,
  ): { readonly signs: Signs; readonly description: GroupDescription } {
    const before = latest(this.description)?.value;
    const told = withWhatWasKnown(answer, before);
    // Most often nothing changed: then the one of before goes on, and the new one need not be kept.
    const now = before !== undefined && same(before, told) ? before : told;
    const signs = rebalanceSigns(before, now);
    if (this.rebalances.signal(at, signs, now.members.length))
      this.log.note({
        at,
        kind: 'rebalance',
        subject: this.id,
        what: 'rebalance',
        is: signs.what.join(', '),
      });
    this.rebalances.noteState(at, now.state);
    if (before !== undefined && now !== before) this.log.note(...memberChanges(this.id, before, now, at));
    this.description = seen(now, at);
    this.became(now.state, at);
    if (now.protocolType !== '') this.protocolType = now.protocolType;
    if (now !== before) this.ownership = new Ownership(now.members);
    return { signs, description: now };
  }

  private became(state: string, at: Millis): void {
    const was = latest(this.state)?.value;
    if (was !== undefined && was !== state)
      this.log.note({ at, kind: 'group', subject: this.id, what: 'state', was, is: state });
    this.state = seen(state, at);
  }

  descriptionLost(reason: Failure, at: Millis): void {
    this.rebalances.unseen();
    this.description = lost(this.description, reason, at);
  }

  /** A share group commits no offsets: what it answers when asked for them says nothing. */
  observeCommitted(answer: Committed, failures: readonly Failure[], asked: Millis, answered: Millis): void {
    if (this.type !== 'share') this.observeOffsets(answer, failures, asked, answered);
  }

  /** Start offsets of its share partitions stand where other groups have committed offsets. */
  observeShare(answer: Committed, failures: readonly Failure[], asked: Millis, answered: Millis): void {
    this.observeOffsets(answer, failures, asked, answered);
    const isCounted = [...this.topics.values()].every(topic => topic.isCounted);
    this.lagMethod = isCounted ? 'share-count' : 'share-start';
  }

  private observeOffsets(
    answer: Committed,
    failures: readonly Failure[],
    asked: Millis,
    answered: Millis,
  ): void {
    if ('failed' in answer) return this.committedLost(answer.failed, answered);
    this.settle();
    this.unread = undefined;
    this.past.begin(answered);
    this.answers++;
    for (const column of answer.ok) {
      const topic = this.topics.get(column.topic) ?? new GroupTopic(column.topic, this.past);
      const ends = this.offsets(column.topic);
      const context = { asked, answered, intervals: this.commitIntervals, ends, state: valueOf(this.state) };
      this.consumed += topic.observeCommitted(column, failures, context);
      topic.namedIn = this.answers;
      if (topic.empty) this.topics.delete(column.topic);
      else this.topics.set(column.topic, topic);
    }
    for (const topic of this.topics.values()) {
      if (topic.namedIn === this.answers) {
        this.vanished.note(topic.topic, topic.takeVanished(), () => topic.committedPartitions, answered);
        continue;
      }
      this.vanished.note(topic.topic, topic.committedPartitions, () => 0, answered);
      this.remove(topic);
    }
    this.commitNoted = answered;
    this.consumption.push(answered, this.consumed);
    const pace = this.consumption.perSecond(rateWindow);
    this.consume =
      pace === undefined ? tooEarly(`consumption of ${this.group}`, answered) : seen(pace, answered);
    if (this.topics.size === 0) this.judge(answered);
  }

  committedLost(reason: Failure, at: Millis): void {
    this.settle();
    this.past.begin(at);
    for (const topic of this.topics.values()) topic.lost(reason, at);
    this.unread = reason;
    this.consume = lost(this.consume, reason, at);
    this.lag = lost(this.lag, reason, at);
    this.judge(at);
  }

  /**
   * Takes the log ends of a topic that were just read. A sweep reads them broker by broker: its sample is opened here, and the sum over
   * all partitions is made once, when it is looked at or when something else begins.
   */
  observeEnds(read: LagBatch, ends: TopicOffsets, name: string, at: Millis): void {
    const topic = this.topics.get(name);
    if (topic === undefined) return;
    if (!this.lagSeries.isNewest(at)) this.settle();
    this.past.begin(at);
    if (topic.observeEnds(read, ends)) this.judge(at);
  }

  /** Ends of epochs of former leaders of a topic in which it has commits. */
  observeEpochEnds(column: EpochEndColumn, at: Millis): void {
    this.topics.get(column.topic)?.observeEpochEnds(column, at, latest(this.state)?.value);
  }

  /** Log starts of a topic were read in which it has commits: what it lost may be another number. */
  observeStarts(topic: string, at: Millis): void {
    this.sums = undefined;
    this.topics.get(topic)?.observeStarts(at);
  }

  /** Its commits in a topic that is cleaned in another way are judged anew. */
  observeCleaning(): void {
    this.sums = undefined;
  }

  /** Makes what was read of its lag final, before what that rests on changes. */
  settle(): void {
    if (!this.unsettled) return;
    const { lag, totals } = this.judgement();
    this.lag = lag;
    this.totals = totals;
    this.unsettled = false;
  }

  private judge(at: Millis): void {
    this.lagSeries.push(at, NaN);
    this.judged = at;
    this.unsettled = true;
    this.sums = undefined;
  }

  /** Lag and totals by all that was read. Whoever looks changes nothing by it, but for the sample that still is open. */
  private judgement(): { readonly lag: Known<number>; readonly totals: Totals } {
    if (!this.unsettled) return { lag: this.lag, totals: this.totals };
    const totals = (this.sums ??= this.summed());
    const { known, oldest, faded } = totals;
    const lag = known > 0 ? seen(totals.lag, oldest) : lost(this.lag, this.whyNone(totals), this.judged);
    this.lagSeries.amend(isKnown(lag) && faded === 0 ? lag.value : NaN);
    return { lag, totals };
  }

  /** Why there is no lag: only a group whose commits were read, and that has none, has none to tell. */
  private whyNone({ reason, count }: Totals): Failure {
    const subject = `lag of ${this.group}`;
    const none =
      count > 0
        ? failure('early', subject, 'its log ends were not read yet')
        : failure('absent', subject, noCommits);
    return reason ?? this.unread ?? none;
  }

  private summed(): Totals {
    const totals = noTotals();
    for (const topic of this.topics.values()) topic.addTo(totals, this.offsets(topic.topic));
    return totals;
  }

  /** Topics that are no longer there: their commits have gone with them. */
  retain(exists: (topic: string) => boolean): void {
    this.vanished.retain(exists);
    for (const topic of this.topics.values()) if (!exists(topic.topic)) this.remove(topic);
  }

  private remove(topic: GroupTopic): void {
    topic.dispose();
    this.topics.delete(topic.topic);
  }

  /** Gives back what its history took. */
  dispose(): void {
    this.past.dispose();
  }

  topicNames(): Iterable<string> {
    return this.topics.keys();
  }

  /** The topics as of now; the set is made anew only after they changed. */
  topicSet(): ReadonlySet<string> {
    const { names, topics } = this;
    if (names.size === topics.size && [...topics.keys()].every(t => names.has(t))) return names;
    return (this.names = new Set(topics.keys()));
  }

  members(): GroupDescription['members'] {
    return latest(this.description)?.value.members ?? [];
  }

  /**
   * Rows of partitions and the lag of members are made when they are asked for, of what is known now; of a glance they are to be
   * asked before the next observation.
   */
  view(at: Millis, leader: Leaders, look: Look = 'picture'): GroupView {
    const { description, ownership, group, lagSeries, judged } = this;
    const described = latest(description)?.value;
    const judgement = this.judgement();
    const { totals } = judgement;
    const lag = this.lagOfItsKind(judgement.lag);
    const isYoung = !hasSlope(lagSeries, rateWindow, judged);
    const topics = this.topicsAs(look);
    const facts: GroupFacts = {
      id: this.id,
      cluster: this.cluster,
      group,
      type: this.type,
      protocol: this.protocolType,
      state: this.state,
      assignor: described?.assignor,
      coordinator: this.coordinator,
      lag,
      lagMethod: this.lagMethod,
      timeLag: timeLagOf(group, lag, totals),
      lost: lostOf(group, lag, totals),
      mostLag: totals.most,
      partitionCount: totals.count,
      unknownPartitions: totals.count - totals.known,
      lagSeries,
      isYoung,
      consume: this.consume,
      lastRewind: lastRewindOf(topics),
      rebalances: this.rebalances.view(at),
    };
    const parts = new GroupNow({
      at,
      facts,
      description,
      topics,
      leader,
      consumed: this.consumption.perSecond(risingWhen.window),
      judged,
      ownership,
      gone: this.vanished.view(),
      intervals: this.commitIntervals.picture(),
      intervalsNoted: this.commitNoted,
    });
    return new SeenGroup(facts, parts);
  }

  /**
   * What a later `pastGroup` needs besides its view of the same time. Its parts are shared with those of before where nothing
   * changed.
   */
  kept(at: Millis): GroupKept {
    const topics = [...this.topics.values()].map(topic => topic.lineUp());
    if (topics.length !== this.lineUp.length || topics.some((t, i) => t !== this.lineUp[i]))
      this.lineUp = topics;
    const consumed = this.consumption.perSecond(risingWhen.window);
    const commitPeriod = commitPeriodOf(this.group, this.commitIntervals.picture(), this.commitNoted);
    const pictures = this.topicsAs('glance');
    const members = latest(this.description)?.value.members.length;
    const stopped = stoppedCommits(pictures, this.ownership, commitPeriod, members, at);
    return {
      description: mapKnown(this.description, told => this.described.of(told)),
      topics: this.lineUps.of(this.lineUp),
      commitPeriod,
      ...(consumed !== undefined && { consumed }),
      ...(stopped && { stopped }),
      judged: this.judged,
      rebalances: this.rebalances.kept(at),
    };
  }

  private topicsAs(look: Look): readonly GroupTopicPicture[] {
    return [...this.topics.values()].map(t => t[look](this.offsets(t.topic)));
  }

  private lagOfItsKind(lag: Known<number>): Known<number> {
    const [why, nextStep] =
      this.type === 'share' && this.lagMethod === 'offsets'
        ? ['share group: it tracks records (KIP-932), and its start offsets were not read', undefined]
        : this.protocolType === 'connect'
          ? ['Connect workers commit no offsets as a group', 'how far connectors are is told by their flows']
          : [];
    if (why === undefined) return lag;
    const since = isKnown(lag) ? lag.at : lag.since;
    return unknown(failure('unsupported', `lag of ${this.group}`, why, nextStep), since);
  }
}

function lastRewindOf(topics: readonly GroupTopicPicture[]): Millis | undefined {
  let last: Millis | undefined;
  for (const { story } of topics) {
    const { rewind } = story.totals;
    if (rewind.count > 0 && !(rewind.last <= (last ?? -Infinity))) last = rewind.last;
  }
  return last;
}
