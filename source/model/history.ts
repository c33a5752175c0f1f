import type { Millis } from '../core/clock.js';
import { ChangeLog } from './change-log.js';
import { LagHistory } from './lag-history.js';
import { LagPool } from './lag-pool.js';
import { Series } from './series.js';

/** How much of the past is kept. At 10 s between sweeps 360 samples are an hour, and 90 a quarter of one. */
export type HistoryCapacity = {
  /** Samples of each number of a flow, a group, a worker, and the minutes before them. */
  readonly subject: number;
  readonly subjectMinutes: number;
  /** Samples of the lag of each partition, and the minutes before them. */
  readonly partition: number;
  readonly partitionMinutes: number;
  /** Partitions that get a history at all: those with the most lag, where there are more. */
  readonly partitions: number;
  /** Bytes for what everything looked like at past moments (`moments.ts`). */
  readonly moments: number;
};

/**
 * 36 MB for 25,000 partitions over nearly five hours, of which 16 MB are taken after the first, and 8 MB for moments. A series of a
 * subject takes up to 23 kB, for six hours and more.
 */
export const defaultCapacity: HistoryCapacity = {
  subject: 360,
  subjectMinutes: 360,
  partition: 90,
  partitionMinutes: 270,
  partitions: 28_000,
  moments: 8_000_000,
};

/** For what keeps no past. */
export const nothing: HistoryCapacity = {
  subject: 0,
  subjectMinutes: 0,
  partition: 0,
  partitionMinutes: 0,
  partitions: 0,
  moments: 0,
};

/** Readings of one sweep arrive broker by broker; those within this time are one sample. */
const sweep: Millis = 1_000;

/** Hands out memory for the past, within the budget. */
export class History {
  readonly log = new ChangeLog();
  private readonly pool: LagPool;

  constructor(private readonly capacity: HistoryCapacity) {
    this.pool = new LagPool(capacity.partition, capacity.partitions, capacity.partitionMinutes);
  }

  forFlow(): Series {
    return this.series(sweep);
  }

  forGroup(): Series {
    return this.series(sweep);
  }

  forWorker(): Series {
    return this.series(0);
  }

  /** For all partitions of one group or flow. */
  forPartitions(): LagHistory {
    return new LagHistory(this.pool, sweep);
  }

  /** To be called now and then: gives the memory to the partitions that need it most. */
  rank(at: Millis): void {
    this.pool.rank(at);
  }

  usage(): ReturnType<LagPool['usage']> {
    return this.pool.usage();
  }

  private series(resolution: Millis): Series {
    return new Series(this.capacity.subject, resolution, this.capacity.subjectMinutes);
  }
}
