import type { Millis } from '../core/clock.js';
import type { Failure } from '../core/failure.js';
import type { EpochEndColumn, OffsetColumn } from '../core/observation.js';
import { Columns, type Picture } from './columns.js';
import { CommitEvents, type CommitStory } from './commit-events.js';
import type { CommitIntervals } from './commit-intervals.js';
import { column } from './group-topic-columns.js';
import { GroupTopicNotes } from './group-topic-notes.js';
import { GroupTopicPicture, type TopicLineUp } from './group-topic-picture.js';
import type { Totals } from './group-totals.js';
import { groupLag } from './lag.js';
import type { LagBatch } from './lag-batch.js';
import type { LagHistory } from './lag-history.js';
import { highest, type TopicOffsets } from './topic-offsets.js';
import { reasonOf, Troubles } from './troubles.js';

const keptRewinds = 20;
const noRewinds: ReadonlyMap<number, readonly Millis[]> = new Map();

/** What the commits of an answer are judged by. */
export type CommitContext = {
  readonly asked: Millis;
  readonly answered: Millis;
  /** Takes the times between two moves of a commit that had something to commit. */
  readonly intervals: CommitIntervals;
  readonly ends: TopicOffsets | undefined;
  /** State of the group, where it is known. */
  readonly state: string | undefined;
};

/** What one group has committed in one topic, in columns by partition: a sweep makes no object a partition. */
export class GroupTopic {
  private readonly cells = new Columns(Object.keys(column).length);
  private troubles = new Troubles();
  /** Line of the partition in the group's history; −1 none. */
  private lines = new Int32Array(0);
  private linesShown = false;
  private shownLineUp: TopicLineUp | undefined;
  /** The answer of its group that last named it: a number of the group's. */
  namedIn = 0;
  private answers = 0;
  private notes = new GroupTopicNotes();
  /** Of a share group: records that are not done with, as its coordinator counts them; NaN where it does not. */
  private counted: Float64Array | undefined;
  /** Made with the first: hardly any topic of a group has one. */
  private rewinds: Map<number, readonly Millis[]> | undefined;
  private readonly events = new CommitEvents();
  /** Partitions whose commit has gone, and nobody has asked about yet. */
  private gone = 0;
  /** When log starts were read that no commit was held against yet. */
  private startsRead: Millis | undefined;

  constructor(
    readonly topic: string,
    private readonly history: LagHistory,
  ) {}

  /**
   * Takes what was committed; partitions that the answer does not name have no commit any more. Returns by how many records
   * the commits advanced (never negative: a rewind is none).
   */
  observeCommitted(
    { partition, offset, failure: failed, leaderEpoch, lag }: OffsetColumn,
    failures: readonly Failure[],
    context: CommitContext,
  ): number {
    const { answered } = context;
    this.open(highest(partition) + 1);
    this.answers++;
    let advanced = 0;
    for (let i = 0; i < partition.length; i++) {
      const p = partition[i] ?? 0;
      const committed = offset[i] ?? NaN;
      const reason = reasonOf(failed[i], failures);
      if (reason === undefined && Number.isNaN(committed)) continue;
      this.notes.named[p] = this.answers;
      if (this.lines[p] === -1) this.setLine(p, this.history.add());
      if (reason !== undefined) this.lose(p, reason, answered);
      else if (committed === this.cells.get(column.committed, p)) this.stays(p, context);
      else advanced += this.commit(p, committed, context);
    }
    this.keepEpochs(partition, offset, leaderEpoch);
    this.counted = lag && byPartition(partition, lag, this.cells.rows);
    for (let p = 0; p < this.cells.rows; p++)
      if (this.lines[p] !== -1 && this.notes.named[p] !== this.answers) this.forget(p);
    this.notes.anchor(answered, this.cells);
    if (this.startsRead !== undefined && context.asked >= this.startsRead) this.lookForOverruns(context);
    return advanced;
  }

  /** Log starts were read: the next commits are held against them. A commit that was read before may have moved on since. */
  observeStarts(at: Millis): void {
    this.startsRead = at;
  }

  /** Ends of epochs of former leaders: of an epoch in which something was committed that lies beyond, it is no longer in the log. */
  observeEpochEnds(
    { partition, offset, wanted }: EpochEndColumn,
    at: Millis,
    state: string | undefined,
  ): void {
    for (let i = 0; i < partition.length; i++) {
      const p = partition[i] ?? 0;
      const end = offset[i] ?? NaN;
      const committed = this.cells.get(column.committed, p);
      const isOf = this.notes.epochs[p] === wanted[i] && this.lines[p] !== -1;
      const isKnown = !(this.cells.get(column.committedTrouble, p) >= 0);
      if (isOf && isKnown && committed > end) this.events.beyond(p, committed, end, at, state);
    }
  }

  get story(): CommitStory {
    return this.events.story;
  }

  /** Nothing of it is known now. */
  lost(reason: Failure, at: Millis): void {
    this.open(0);
    for (let p = 0; p < this.cells.rows; p++) if (this.lines[p] !== -1) this.lose(p, reason, at);
  }

  /** Returns whether it has commits in any of these partitions. */
  observeEnds(read: LagBatch, ends: TopicOffsets): boolean {
    if (!this.hasAny(read)) return false;
    this.open(0);
    this.judge(read, ends);
    ends.arrivals.ages(read);
    this.take(read);
    this.history.writeAll(read);
    return true;
  }

  /** Whether the lag of each partition is what the coordinator counts, and not a distance of offsets. */
  get isCounted(): boolean {
    return this.lines.every((line, p) => line === -1 || (this.counted?.[p] ?? NaN) >= 0);
  }

  /** Whether any partition has a commit. */
  get empty(): boolean {
    return this.lines.every(line => line === -1);
  }

  addTo(totals: Totals, ends: TopicOffsets | undefined): void {
    const { data, rows } = this.cells;
    const { lines } = this;
    // Numbers of the loop's own: each that is written to an object is an object itself.
    let { count, known, lag: sum, most, faded, oldest, age: eldest, ageBound, ageless } = totals;
    for (let p = 0; p < rows; p++) {
      if (lines[p] === -1) continue;
      count++;
      const lag = data[column.lag * rows + p] ?? NaN;
      const trouble = data[column.lagTrouble * rows + p] ?? NaN;
      if (trouble >= 0) {
        totals.reason ??= this.troubles.at(trouble)?.reason;
        if (lag >= 0) faded++;
      } else if (lag >= 0) {
        known++;
        sum += lag;
        if (lag > most) most = lag;
        const at = data[column.lagAt * rows + p] ?? NaN;
        if (at < oldest) oldest = at;
        const age = data[column.age * rows + p] ?? NaN;
        if (Number.isNaN(age)) ageless++;
        else if (!(Math.abs(age) <= eldest)) {
          eldest = Math.abs(age);
          ageBound = age < 0;
        }
      }
    }
    totals.count = count;
    totals.known = known;
    totals.lag = sum;
    totals.most = most;
    totals.faded = faded;
    totals.oldest = oldest;
    totals.age = eldest;
    totals.ageBound = ageBound;
    totals.ageless = ageless;
    if (ends?.compacted === true) return;
    totals.lost += ends === undefined ? NaN : ends.removed(data, column.committed * rows, lines);
  }

  picture(ends: TopicOffsets | undefined): GroupTopicPicture {
    this.linesShown = true;
    return this.pictureOf(this.cells.picture(), ends);
  }

  /** A picture that is good until the next observation. */
  glance(ends: TopicOffsets | undefined): GroupTopicPicture {
    return this.pictureOf(this.cells.glance(), ends);
  }

  private pictureOf(cells: Picture, ends: TopicOffsets | undefined): GroupTopicPicture {
    return new GroupTopicPicture(
      this.topic,
      cells,
      this.troubles,
      this.history,
      this.history.moment,
      this.lines,
      this.rewinds === undefined ? noRewinds : new Map(this.rewinds),
      this.events.story,
      ends?.picture(),
    );
  }

  /** Partitions with a commit. */
  get committedPartitions(): number {
    return this.lines.reduce((n, line) => (line === -1 ? n : n + 1), 0);
  }

  /** Partitions whose commit has gone since this was last asked. */
  takeVanished(): number {
    const { gone } = this;
    this.gone = 0;
    return gone;
  }

  /** What a past moment is made of; the same object until it is another. */
  lineUp(): TopicLineUp {
    const { topic, history, lines, rewinds = noRewinds, story } = this;
    if (this.shownLineUp?.lines === lines && this.shownLineUp.story === story) return this.shownLineUp;
    this.linesShown = true;
    return (this.shownLineUp = { topic, history, moment: history.moment, lines, rewinds, story });
  }

  /** Gives its lines back: the group no longer has commits in it. */
  dispose(): void {
    for (const line of this.lines) if (line !== -1) this.history.remove(line);
    this.lines = this.lines.slice().fill(-1);
  }

  /** Of the commits that were taken. Apart from them: a number that is handed on is an object, for each partition of a sweep. */
  private keepEpochs(
    partition: Int32Array,
    offset: Float64Array,
    leaderEpoch: Float64Array | undefined,
  ): void {
    const { data, rows } = this.cells;
    const { epochs } = this.notes;
    if (leaderEpoch === undefined) {
      epochs.fill(NaN);
      return;
    }
    for (let i = 0; i < partition.length; i++) {
      const p = partition[i] ?? 0;
      if (data[column.committed * rows + p] === offset[i]) epochs[p] = leaderEpoch[i] ?? NaN;
    }
  }

  /** The commit is where it was: so it is of most, at most times. */
  private stays(p: number, { asked, answered }: CommitContext): void {
    const { cells } = this;
    if (asked < cells.get(column.committedAt, p)) return;
    cells.set(column.committedAt, p, answered);
    cells.set(column.committedTrouble, p, NaN);
    this.pace(p, answered);
  }

  /** It is elsewhere, or seen for the first time. */
  private commit(p: number, committed: number, context: CommitContext): number {
    const { asked, answered, intervals, ends, state } = context;
    const { cells } = this;
    const lastRead = cells.get(column.committedAt, p);
    if (asked < lastRead) return 0;
    const before = cells.get(column.committed, p);
    const stood = cells.get(column.unmoved, p);
    cells.set(column.unmoved, p, Number.isNaN(before) ? -answered : answered);
    const records = committed - before;
    if (records > 0 && stood >= 0 && this.events.isOrdinary(records))
      this.events.read(records, answered - stood);
    else if (!Number.isNaN(before)) {
      const after = answered - stood;
      const move = { partition: p, from: before, to: committed, at: answered, after, seen: lastRead };
      if (committed < before) this.events.rewind(move, state);
      else if (stood >= 0) this.events.forward(move, ends, state);
    }
    cells.set(column.committed, p, committed);
    cells.set(column.committedAt, p, answered);
    cells.set(column.committedTrouble, p, NaN);
    if (committed < before) {
      const rewinds = (this.rewinds ??= new Map<number, readonly Millis[]>());
      rewinds.set(p, [...(rewinds.get(p) ?? []), answered].slice(-keptRewinds));
      this.notes.rewound(p);
    } else if (committed > before) {
      const since = this.notes.moved[p] ?? NaN;
      if (!Number.isNaN(since)) intervals.note(answered - since);
      this.notes.moved[p] = answered;
    }
    this.pace(p, answered);
    return Number.isNaN(before) ? 0 : Math.max(0, committed - before);
  }

  /** Its consumption, by the older of two readings of old. */
  private pace(p: number, answered: Millis): void {
    const { cells } = this;
    const { anchored, anchoredAt } = this.notes;
    if (answered > anchoredAt) {
      const from = anchored[p] ?? NaN;
      const committed = cells.get(column.committed, p);
      cells.set(column.consumed, p, ((committed - from) / (answered - anchoredAt)) * 1000);
    } else cells.set(column.consumed, p, NaN);
  }

  private lookForOverruns({ answered, ends, state }: CommitContext): void {
    this.startsRead = undefined;
    if (ends === undefined || ends.compacted) return;
    for (let p = 0; p < this.cells.rows; p++)
      if (this.lines[p] !== -1 && Number.isNaN(this.cells.get(column.committedTrouble, p)))
        this.events.below(p, this.cells.get(column.committed, p), ends.start(p), answered, state);
  }

  /** Finds the lines of the partitions; whether there is any. */
  private hasAny({ size, row, line }: LagBatch): boolean {
    const { lines } = this;
    let has = false;
    for (let i = 0; i < size; i++) {
      const its = lines[row[i] ?? 0] ?? -1;
      line[i] = its;
      if (its !== -1) has = true;
    }
    return has;
  }

  /** Lag is said only of an end that was asked after the commit was answered: the race then overstates it a little. */
  private judge(read: LagBatch, ends: TopicOffsets): void {
    const { data, rows } = this.cells;
    const { counted } = this;
    const { size, row, line, committed, end, asked, trouble, lag } = read;
    for (let i = 0; i < size; i++) {
      if (line[i] === -1) {
        lag[i] = -1;
        continue;
      }
      const p = row[i] ?? 0;
      committed[i] = data[column.committed * rows + p] ?? NaN;
      if ((trouble[i] ?? NaN) >= 0) {
        this.loseEnd(p, ends);
        lag[i] = NaN;
        continue;
      }
      const told = counted?.[p] ?? NaN;
      const behind = told >= 0 ? told : groupLag(end[i] ?? NaN, committed[i] ?? NaN);
      const isOld = !((asked[i] ?? NaN) >= (data[column.committedAt * rows + p] ?? NaN));
      const hasNoCommit = (data[column.committedTrouble * rows + p] ?? NaN) >= 0;
      lag[i] = isOld || hasNoCommit || Number.isNaN(behind) ? -1 : behind;
    }
  }

  /** Takes what the batch says of lag. */
  private take({ size, row, answered, lag, age }: LagBatch): void {
    const { data, rows } = this.cells;
    for (let i = 0; i < size; i++) {
      const behind = lag[i] ?? NaN;
      if (!(behind >= 0)) continue;
      const p = row[i] ?? 0;
      data[column.lag * rows + p] = behind;
      data[column.lagAt * rows + p] = answered[i] ?? NaN;
      data[column.lagTrouble * rows + p] = NaN;
      data[column.age * rows + p] = age[i] ?? NaN;
      if (behind === 0) this.notes.moved[p] = NaN;
    }
  }

  private loseEnd(p: number, ends: TopicOffsets): void {
    const { reason, since } = ends.endTrouble(p) ?? {};
    if (reason === undefined || since === undefined) return;
    const before = this.cells.get(column.lagTrouble, p);
    this.cells.set(column.lagTrouble, p, this.troubles.lost(before, reason, since));
  }

  private lose(p: number, reason: Failure, at: Millis): void {
    const { cells, troubles } = this;
    for (const c of [column.committedTrouble, column.lagTrouble])
      cells.set(c, p, troubles.lost(cells.get(c, p), reason, at));
    cells.set(column.consumed, p, NaN);
    this.notes.moved[p] = NaN;
    this.history.write(this.lines[p] ?? -1, NaN);
  }

  private forget(p: number): void {
    this.gone++;
    for (const c of Object.values(column)) this.cells.set(c, p, NaN);
    this.history.remove(this.lines[p] ?? -1);
    this.setLine(p, -1);
    this.notes.forget(p);
    this.rewinds?.delete(p);
    this.events.forget(p);
  }

  private setLine(p: number, line: number): void {
    if (this.linesShown) this.lines = this.lines.slice();
    this.linesShown = false;
    this.lines[p] = line;
  }

  private open(rows: number): void {
    const wanted = Math.max(rows, this.cells.rows);
    this.cells.open(wanted);
    this.troubles = this.troubles.compacted(this.cells, [column.committedTrouble, column.lagTrouble]);
    if (wanted <= this.lines.length) return;
    const lines = new Int32Array(wanted).fill(-1);
    lines.set(this.lines);
    this.lines = lines;
    this.notes = this.notes.grown(wanted);
  }
}

function byPartition(partition: Int32Array, values: Float64Array, rows: number): Float64Array {
  const all = new Float64Array(rows).fill(NaN);
  for (let i = 0; i < partition.length; i++) all[partition[i] ?? 0] = values[i] ?? NaN;
  return all;
}
