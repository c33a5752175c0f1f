import type { Millis } from '../core/clock.js';

/** The partition of a flow that retention reaches first, and how it was reckoned. */
export type LossAhead = {
  /** Time until retention removes a record that was not read; 0 where it has. */
  readonly ms: Millis;
  readonly topic: string;
  readonly partition: number;
  /** Records between the log start and where the flow surely stands. */
  readonly left: number;
  /** Records/s that retention removes, and that the flow reads. */
  readonly removal: number;
  readonly pace: number;
};

/** Records that the source has removed behind the flushed positions of a flow; some may have been read since the last flush. */
export type BelowStart = {
  readonly records: number;
  readonly partitions: number;
  /** Where most of them are: `orders/3`. */
  readonly worst: string;
};

/**
 * Records of the source that did not reach the target, though later ones did: a fall of what was written against what was read.
 * Filtered, skipped, compacted away, the markers of transactions, or removed before they were read.
 */
export type Unwritten = {
  /** At least so many. */
  readonly records: number;
  /** Of them at most so many were removed by the source before they were read. */
  readonly removed: number;
  readonly partitions: number;
  readonly times: number;
  /** When that was last seen. */
  readonly at: Millis;
  readonly topics: readonly string[];
};

/** Records in the target's topics that the flow did not write, as far as was seen: another writer, or a restart that was not seen. */
export type Foreign = {
  /** At least so many. */
  readonly records: number;
  readonly partitions: number;
  readonly times: number;
  readonly at: Millis;
  /** Topics of the source whose copies they are in. */
  readonly topics: readonly string[];
};
