import type { Millis } from '../core/clock.js';
import { LagHistory } from './lag-history.js';
import { LagPool } from './lag-pool.js';
import { Series } from './series.js';

/** How much of the past is kept. At 10 s between sweeps 360 samples are an hour. */
export type HistoryCapacity = {
  /** Samples of each number of a flow, a group, a worker. */
  readonly subject: number;
  /** Samples of the lag of each partition. */
  readonly partition: number;
  /** Partitions that get a history at all: those with the most lag, where there are more. */
  readonly partitions: number;
};

/** 48 MB for partitions, when it is full. */
export const defaultCapacity: HistoryCapacity = { subject: 720, partition: 360, partitions: 34_000 };

/** Readings of one sweep arrive broker by broker; those within this time are one sample. */
const sweep: Millis = 1_000;

/** Hands out memory for the past, within the budget. */
export class History {
  private readonly pool: LagPool;

  constructor(private readonly capacity: HistoryCapacity) {
    this.pool = new LagPool(capacity.partition, capacity.partitions);
  }

  forFlow(): Series {
    return new Series(this.capacity.subject, sweep);
  }

  forGroup(): Series {
    return new Series(this.capacity.subject, sweep);
  }

  forWorker(): Series {
    return new Series(this.capacity.subject);
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
}
