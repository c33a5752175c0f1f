import type { Millis } from '../core/clock.js';
import type { Failure } from '../core/failure.js';
import type { Known } from '../core/known.js';
import type { OffsetColumn } from '../core/observation.js';
import { ArrivalTimes } from './arrival-times.js';
import { Columns, type Picture } from './columns.js';
import { isOfDeposed } from './deposed.js';
import { RemovalPace } from './removal-pace.js';
import type { LagBatch } from './lag-batch.js';
import { fact, reasonOf, Troubles } from './troubles.js';

const column = {
  end: 0,
  endAt: 1,
  endTrouble: 2,
  start: 3,
  startAt: 4,
  startTrouble: 5,
  arrival: 6,
  removal: 7,
} as const;
const rateWindow: Millis = 60_000;

export type TopicPicture = Pick<EndsPicture, 'end' | 'start' | 'arrival' | 'removal' | 'compacted'>;

/** Where the log of a partition ends and begins, as of one picture of the cells. */
class EndsPicture {
  constructor(
    readonly cells: Picture,
    private readonly troubles: Troubles,
    readonly compacted: boolean,
  ) {}

  end(partition: number): Known<number> | undefined {
    return fact(this.cells, this.troubles, column.end, partition);
  }

  start(partition: number): Known<number> | undefined {
    return fact(this.cells, this.troubles, column.start, partition);
  }

  /** Records/s that producers append; NaN where not known. */
  arrival(partition: number): number {
    const isTold = Number.isNaN(this.cells.get(column.endTrouble, partition));
    return isTold ? this.cells.get(column.arrival, partition) : NaN;
  }

  /** Records/s that retention removes; NaN where not known. */
  removal(partition: number): number {
    return this.cells.get(column.removal, partition);
  }
}

/** A log end that went back under the same topic: the log was truncated. */
export type Truncation = { readonly partition: number; readonly from: number; readonly to: number };

/** Log-end and log-start offsets of one topic. */
export class TopicOffsets {
  readonly arrivals = new ArrivalTimes();
  /** Cleaned by compaction alone: what is gone was written anew under its key, so that a gap is no loss. */
  compacted = false;
  private readonly removals = new RemovalPace();
  private readonly cells = new Columns(Object.keys(column).length);
  private troubles = new Troubles();
  private asked = new Float64Array(0);
  /** Of the leader that told the end, the last that was told. */
  private epochs = new Float64Array(0);
  private shown: EndsPicture | undefined;

  /** Returns the partitions whose end went back although nothing overtook anything. What a former leader still tells is passed over. */
  foldEnds(
    { partition, offset, failure, leaderEpoch }: OffsetColumn,
    failures: readonly Failure[],
    asked: Millis,
    answered: Millis,
  ): Truncation[] {
    const truncated: Truncation[] = [];
    this.open(partition);
    for (let i = 0; i < partition.length; i++) {
      const p = partition[i] ?? 0;
      const end = offset[i] ?? NaN;
      const failed = reasonOf(failure[i], failures);
      if (failed !== undefined) this.lose(column.endTrouble, p, failed, answered);
      else if (!Number.isNaN(end)) {
        const epoch = leaderEpoch?.[i] ?? NaN;
        if (isOfDeposed(epoch, this.epochs[p] ?? NaN, asked, this.cells.get(column.endAt, p))) continue;
        if (!Number.isNaN(epoch)) this.epochs[p] = epoch;
        const before = this.cells.get(column.end, p);
        if (end < before && asked >= this.cells.get(column.endAt, p))
          truncated.push({ partition: p, from: before, to: end });
        this.cells.set(column.end, p, end);
        this.cells.set(column.endAt, p, answered);
        this.cells.set(column.endTrouble, p, NaN);
        this.arrivals.push(p, answered, end);
        this.cells.set(column.arrival, p, this.arrivals.rate(p, rateWindow));
      }
      this.asked[p] = asked;
    }
    return truncated;
  }

  foldStarts(
    { partition, offset, failure }: OffsetColumn,
    failures: readonly Failure[],
    answered: Millis,
  ): void {
    this.open(partition);
    for (let i = 0; i < partition.length; i++) {
      const p = partition[i] ?? 0;
      const start = offset[i] ?? NaN;
      const failed = reasonOf(failure[i], failures);
      if (failed !== undefined) this.lose(column.startTrouble, p, failed, answered);
      else if (!Number.isNaN(start)) {
        const pace = this.removals.push(p, answered, start, this.cells.get(column.start, p));
        this.cells.set(column.removal, p, pace);
        this.cells.set(column.start, p, start);
        this.cells.set(column.startAt, p, answered);
        this.cells.set(column.startTrouble, p, NaN);
      }
    }
  }

  /** Begins a batch of these partitions: says what is known of their ends. */
  tell(partition: Int32Array, batch: LagBatch): void {
    batch.begin(partition);
    const { cells } = this;
    const { size, row, end, asked, answered, trouble } = batch;
    for (let i = 0; i < size; i++) {
      const p = row[i] ?? 0;
      end[i] = cells.get(column.end, p);
      answered[i] = cells.get(column.endAt, p);
      trouble[i] = cells.get(column.endTrouble, p);
      asked[i] = this.asked[p] ?? NaN;
    }
  }

  /**
   * Records below the log starts that come after the committed offsets, summed; NaN where a start is not known. The committed offsets
   * begin at `from` of `data`; rows without a line are no commits.
   */
  removed(data: Float64Array, from: number, lines: Int32Array): number {
    const { cells } = this;
    let sum = 0;
    for (let p = 0; p < lines.length; p++) {
      if (lines[p] === -1) continue;
      const records = cells.get(column.start, p) - (data[from + p] ?? NaN);
      const isUnknown = cells.get(column.startTrouble, p) >= 0 || Number.isNaN(records);
      if (isUnknown) return NaN;
      if (records > 0) sum += records;
    }
    return sum;
  }

  /** The last end that was read; NaN where none was. */
  end(partition: number): number {
    return this.cells.get(column.end, partition);
  }

  /** Why the end is not known now. */
  endTrouble(partition: number): ReturnType<Troubles['at']> {
    return this.troubles.at(this.cells.get(column.endTrouble, partition));
  }

  /** NaN where the start is not known. */
  start(partition: number): number {
    return Number.isNaN(this.cells.get(column.startTrouble, partition))
      ? this.cells.get(column.start, partition)
      : NaN;
  }

  picture(): TopicPicture {
    const cells = this.cells.picture();
    const { troubles, compacted, shown } = this;
    if (shown?.cells === cells && shown.compacted === compacted) return shown;
    return (this.shown = new EndsPicture(cells, troubles, compacted));
  }

  private lose(trouble: number, p: number, reason: Failure, at: Millis): void {
    this.cells.set(trouble, p, this.troubles.lost(this.cells.get(trouble, p), reason, at));
  }

  private open(partition: Int32Array): void {
    const rows = Math.max(this.cells.rows, highest(partition) + 1);
    this.cells.open(rows);
    this.troubles = this.troubles.compacted(this.cells, [column.endTrouble, column.startTrouble]);
    this.arrivals.open(rows);
    if (this.asked.length < rows) {
      const asked = new Float64Array(rows).fill(NaN);
      const epochs = new Float64Array(rows).fill(NaN);
      asked.set(this.asked);
      epochs.set(this.epochs);
      [this.asked, this.epochs] = [asked, epochs];
    }
  }
}

export function highest(partition: Int32Array): number {
  let most = -1;
  for (let i = 0; i < partition.length; i++) most = Math.max(most, partition[i] ?? -1);
  return most;
}
