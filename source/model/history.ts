import { Series } from './series.js';

/** How much of the past is kept, in samples; at 5 s between sweeps 720 samples are an hour. */
export type HistoryCapacity = {
  /** Of each number of a flow, a group, a worker. */
  readonly subject: number;
  /** Of the lag of each partition. */
  readonly partition: number;
  /** Partitions that get a history at all; the first to be seen do. */
  readonly partitions: number;
};

export const defaultCapacity: HistoryCapacity = { subject: 1_440, partition: 360, partitions: 10_000 };

/** Readings of one sweep arrive broker by broker; those within this time are one sample of a sum. */
const sweep = 1_000;

/** Hands out series within the memory budget. */
export class History {
  private given = 0;
  private readonly none = new Series(0);

  constructor(private readonly capacity: HistoryCapacity) {}

  forFlow(): Series {
    return new Series(this.capacity.subject, sweep);
  }

  forGroup(): Series {
    return new Series(this.capacity.subject, sweep);
  }

  forWorker(): Series {
    return new Series(this.capacity.subject);
  }

  forPartition(): Series {
    if (this.given >= this.capacity.partitions) return this.none;
    this.given++;
    return new Series(this.capacity.partition);
  }
}
