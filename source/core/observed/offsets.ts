import type { Failure } from '../failure.js';
import type { Answer, Timing } from './answer.js';

/**
 * Offsets of some partitions of one topic. The arrays are parallel.
 * `failure[i]` is 0, or 1 + the index of the reason in the observation's `failures`; then `offset[i]` is NaN.
 */
export type OffsetColumn = {
  readonly topic: string;
  readonly partition: Int32Array;
  /** Offsets in records; NaN where not known. −1 never appears: "no offset" is NaN without failure. */
  readonly offset: Float64Array;
  readonly failure: Uint8Array;
  /** Epoch of the leader that wrote the record at `offset`; NaN where not known (OffsetFetch v5+, ListOffsets v4+). */
  readonly leaderEpoch?: Float64Array;
  /** Share groups: records not yet done with, as the broker counts them; NaN where not known (DescribeShareGroupOffsets v1). */
  readonly lag?: Float64Array;
};

/** Log-end or log-start offsets that one leader answered (ListOffsets, key 2, isolation level 0). */
export type OffsetsSeen = Timing & {
  readonly kind: 'offsets';
  readonly cluster: string;
  readonly broker: number;
  readonly which: 'log-end' | 'log-start';
  readonly topics: readonly OffsetColumn[];
  readonly failures: readonly Failure[];
};

/** `offset` is where the records of the epoch `wanted` end, or of the largest one before it, which `leaderEpoch` tells then. */
export type EpochEndColumn = OffsetColumn & { readonly wanted: Int32Array };

/**
 * Where epochs of former leaders end, of which groups have committed something (OffsetForLeaderEpoch 23, KIP-320). A commit beyond
 * the end of its epoch is of records that are no longer in the log.
 */
export type EpochEndsSeen = Timing & {
  readonly kind: 'epoch-ends';
  readonly cluster: string;
  readonly broker: number;
  readonly answer: Answer<{
    readonly topics: readonly EpochEndColumn[];
    readonly failures: readonly Failure[];
  }>;
};
