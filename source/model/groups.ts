import type { Millis } from '../core/clock.js';
import { failure, type Failure } from '../core/failure.js';
import { isKnown, latest, lost, seen, unknown, type Known } from '../core/known.js';
import type {
  CommittedSeen,
  GroupDescription,
  GroupsListed,
  GroupType,
  OffsetColumn,
} from '../core/observation.js';
import { cells, type EndOffset } from './end-offsets.js';
import type { History } from './history.js';
import { groupLag } from './lag.js';
import { CounterRate } from './rates.js';
import { Episodes, rebalanceSigns } from './rebalances.js';
import type { Series } from './series.js';
import type { GroupPartitionView, GroupView, MemberView } from './snapshot.js';
import { drainTime, slopeOf, tooEarly } from './trend.js';

const window: Millis = 60_000;
const keptRewinds = 20;

type Listed = Extract<GroupsListed['answer'], { readonly ok: unknown }>['ok'][number];
type Committed = CommittedSeen['groups'][number]['answer'];

/** One group as it was observed. */
export class Group {
  readonly id: string;
  coordinator = -1;
  protocolType = '';
  /** Since when its coordinator does not list it any more. */
  unlistedSince: Millis | undefined;
  private type: GroupType = 'unknown';
  private state: Known<string>;
  private description: Known<GroupDescription>;
  private readonly partitions = new Map<string, (Partition | undefined)[]>();
  private owners = new Map<string, string>();
  private readonly rebalances: Episodes;
  private readonly lagSeries: Series;
  private lag: Known<number>;
  private lagSlope: Known<number>;
  private consume: Known<number>;
  private consumed = 0;
  private readonly consumption = new CounterRate();
  private unknownPartitions = 0;

  constructor(
    readonly cluster: string,
    readonly group: string,
    private readonly history: History,
    at: Millis,
  ) {
    this.id = `${cluster}/${group}`;
    this.rebalances = new Episodes(at);
    this.lagSeries = history.forGroup();
    const not = (what: string): Known<never> =>
      unknown(failure('absent', `${what} of ${group}`, 'not read yet'), at);
    this.state = not('state');
    this.description = not('members');
    this.lag = not('lag');
    this.lagSlope = not('growth of lag');
    this.consume = not('consumption');
  }

  observeListing(listed: Listed, broker: number, at: Millis): void {
    this.coordinator = broker;
    this.unlistedSince = undefined;
    this.type = listed.type;
    this.protocolType = listed.protocolType;
    if (listed.state !== '') this.state = seen(listed.state, at);
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

  /** Returns the signs of a rebalance since the last description. */
  observeDescription(answer: GroupDescription, at: Millis): string[] {
    const before = latest(this.description)?.value;
    const now = withWhatWasKnown(answer, before);
    const signs = rebalanceSigns(before, now);
    this.rebalances.signal(at, signs);
    this.description = seen(now, at);
    this.state = seen(now.state, at);
    if (now.protocolType !== '') this.protocolType = now.protocolType;
    this.owners = ownersOf(now);
    return signs;
  }

  descriptionLost(reason: Failure, at: Millis): void {
    this.description = lost(this.description, reason, at);
  }

  observeCommitted(answer: Committed, failures: readonly Failure[], asked: Millis, answered: Millis): void {
    if ('failed' in answer) return this.committedLost(answer.failed, answered);
    const named = new Set<string>();
    for (const column of answer.ok) {
      named.add(column.topic);
      const row = this.partitions.get(column.topic) ?? [];
      const committed = new Set<number>();
      for (const { partition, offset, failed } of cells(column, failures)) {
        if (Number.isNaN(offset) && failed === undefined) continue;
        committed.add(partition);
        let p = row[partition];
        if (p === undefined) {
          p = new Partition(column.topic, partition, this.history.forPartition(), answered);
          row[partition] = p;
        }
        this.consumed += p.observeCommitted(offset, failed, asked, answered);
      }
      for (const p of row.keys()) if (!committed.has(p)) row[p] = undefined;
      if (committed.size > 0) this.partitions.set(column.topic, row);
      else this.partitions.delete(column.topic);
    }
    for (const topic of this.partitions.keys()) if (!named.has(topic)) this.partitions.delete(topic);
    this.consumption.push(answered, this.consumed);
    const pace = this.consumption.perSecond(window);
    this.consume =
      pace === undefined ? tooEarly(`consumption of ${this.group}`, answered) : seen(pace, answered);
    if (this.partitions.size === 0) this.judge(answered);
  }

  committedLost(reason: Failure, at: Millis): void {
    for (const p of this.all()) p.committedLost(reason, at);
    this.consume = lost(this.consume, reason, at);
    this.lag = lost(this.lag, reason, at);
    this.judge(at);
  }

  /** Takes the log ends that were just read; where it returns true, `judge` must follow. */
  observeEnds(
    { topic, partition }: OffsetColumn,
    end: (partition: number) => EndOffset | undefined,
  ): boolean {
    const row = this.partitions.get(topic);
    if (row === undefined) return false;
    let touched = false;
    for (const p of partition) {
      const read = row[p] && end(p);
      if (read === undefined) continue;
      row[p]?.observeEnd(read);
      touched = true;
    }
    return touched;
  }

  /** Brings totals and trends up to date. */
  judge(at: Millis): void {
    const subject = `lag of ${this.group}`;
    let [total, known, faded] = [0, 0, 0];
    let count = 0;
    let reason: Failure | undefined;
    let oldest = Infinity;
    for (const { lag } of this.all()) {
      count++;
      if (isKnown(lag)) {
        total += lag.value;
        known++;
        oldest = Math.min(oldest, lag.at);
      } else {
        reason ??= lag.unknown;
        if (lag.last !== undefined) faded++;
      }
    }
    this.unknownPartitions = count - known;
    const none = failure('absent', subject, 'no committed offsets');
    this.lag = known > 0 ? seen(total, oldest) : lost(this.lag, reason ?? none, at);
    this.lagSeries.push(at, isKnown(this.lag) && faded === 0 ? this.lag.value : NaN);
    this.lagSlope = slopeOf(this.lagSeries, window, at, `growth of ${subject}`);
  }

  retain(exists: (topic: string) => boolean): void {
    for (const topic of this.partitions.keys()) if (!exists(topic)) this.partitions.delete(topic);
  }

  topics(): Iterable<string> {
    return this.partitions.keys();
  }

  members(): GroupDescription['members'] {
    return latest(this.description)?.value.members ?? [];
  }

  view(at: Millis, leader: (topic: string, partition: number) => number | undefined): GroupView {
    const described = latest(this.description)?.value;
    const lag = this.lagOfItsKind();
    return {
      id: this.id,
      cluster: this.cluster,
      group: this.group,
      type: this.type,
      state: this.state,
      ...(described?.assignor !== undefined && { assignor: described.assignor }),
      coordinator: this.coordinator,
      members: this.memberViews(),
      lag,
      unknownPartitions: this.unknownPartitions,
      lagSeries: this.lagSeries,
      lagSlope: this.lagSlope,
      consume: this.consume,
      drain: drainTime(this.group, lag, this.lagSlope, this.consume, at),
      partitions: [...this.all()].map(p => p.view(this.owners, leader)),
      rebalances: this.rebalances.view(at),
    };
  }

  private lagOfItsKind(): Known<number> {
    const why =
      this.type === 'share'
        ? 'a share group tracks records, not one offset a partition (KIP-932)'
        : this.protocolType === 'connect'
          ? 'Connect workers commit no offsets as a group'
          : undefined;
    if (why === undefined) return this.lag;
    const since = isKnown(this.lag) ? this.lag.at : this.lag.since;
    return unknown(failure('unsupported', `lag of ${this.group}`, why), since);
  }

  private memberViews(): Known<readonly MemberView[]> {
    const { description } = this;
    if (isKnown(description)) return seen(this.membersWithLag(description.value), description.at);
    const { last } = description;
    return unknown(
      description.unknown,
      description.since,
      last && seen(this.membersWithLag(last.value), last.at),
    );
  }

  private membersWithLag({ members }: GroupDescription): MemberView[] {
    return members.map(({ member, instance, clientId, host, assignment }) => {
      const owned = assignment?.flatMap(({ topic, partitions }) =>
        [...partitions].map(p => this.partitions.get(topic)?.[p]?.lag),
      );
      return {
        member,
        ...(instance !== undefined && { instance }),
        clientId,
        host,
        partitions: owned?.length,
        lag: memberLag(`lag of ${clientId}`, owned, this.lag),
      };
    });
  }

  private *all(): Generator<Partition> {
    for (const row of this.partitions.values()) for (const p of row) if (p !== undefined) yield p;
  }
}

class Partition {
  lag: Known<number>;
  private committed: Known<number>;
  private end: Known<number>;
  private committedAnswered: Millis = -Infinity;
  private readonly rewinds: Millis[] = [];

  constructor(
    readonly topic: string,
    readonly partition: number,
    private readonly series: Series,
    at: Millis,
  ) {
    const name = `${topic}/${partition}`;
    const not = (what: string): Known<never> =>
      unknown(failure('absent', `${what} of ${name}`, 'not read yet'), at);
    this.lag = not('lag');
    this.committed = not('committed offset');
    this.end = not('end offset');
  }

  /** Returns by how much the commit advanced: never negative, a rewind is none. */
  observeCommitted(offset: number, failed: Failure | undefined, asked: Millis, answered: Millis): number {
    if (failed !== undefined) {
      this.committedLost(failed, answered);
      return 0;
    }
    if (asked < this.committedAnswered) return 0;
    const before = latest(this.committed)?.value ?? offset;
    this.committed = seen(offset, answered);
    this.committedAnswered = answered;
    if (offset < before) {
      this.rewinds.push(answered);
      if (this.rewinds.length > keptRewinds) this.rewinds.shift();
    }
    return Math.max(0, offset - before);
  }

  committedLost(reason: Failure, at: Millis): void {
    this.committed = lost(this.committed, reason, at);
    this.lag = lost(this.lag, reason, at);
    this.series.push(at, NaN);
  }

  /** Lag is said only of an end that was asked after the commit was answered: the race then overstates it a little. */
  observeEnd({ offset, asked, answered }: EndOffset): void {
    this.end = offset;
    if (!isKnown(offset)) {
      this.lag = lost(this.lag, offset.unknown, offset.since);
      this.series.push(answered, NaN);
    } else if (isKnown(this.committed) && asked >= this.committedAnswered) {
      this.lag = seen(groupLag(offset.value, this.committed.value), answered);
      this.series.push(answered, this.lag.value);
    }
  }

  view(
    owners: ReadonlyMap<string, string>,
    leader: (topic: string, partition: number) => number | undefined,
  ): GroupPartitionView {
    const { topic, partition, committed, end, lag, series, rewinds } = this;
    const owner = owners.get(`${topic}/${partition}`);
    const led = leader(topic, partition);
    return {
      topic,
      partition,
      committed,
      end,
      lag,
      series,
      ...(owner !== undefined && { owner }),
      ...(led !== undefined && { leader: led }),
      rewinds: [...rewinds],
    };
  }
}

/**
 * Only a stable group tells assignments and worker URLs. While it rebalances, those of the members that stay are
 * what they last were, so that a rebalance is not taken for a loss of all owners.
 */
function withWhatWasKnown(now: GroupDescription, before: GroupDescription | undefined): GroupDescription {
  const was = new Map(before?.members.map(m => [m.member, m]));
  const members = now.members.map(m => {
    const { assignment, url } = was.get(m.member) ?? {};
    return { ...(assignment && { assignment }), ...(url !== undefined && { url }), ...m };
  });
  return { ...now, members };
}

function ownersOf(description: GroupDescription): Map<string, string> {
  const owners = new Map<string, string>();
  for (const { clientId, host, assignment } of description.members)
    for (const { topic, partitions } of assignment ?? [])
      for (const p of partitions) owners.set(`${topic}/${p}`, `${clientId}@${host.replace(/^\//, '')}`);
  return owners;
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
