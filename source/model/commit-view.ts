import type { Millis } from '../core/clock.js';

/**
 * What befell a committed offset. `rewind`: it went back, and `records` are read again (`recovered`: when it had passed them).
 * `jump`: it went forward by more than was read, to an end of the log; `records` were skipped. `overrun`: retention removed
 * `records` before they were read; exact in offsets, from above in records. `truncated`: the epoch of the leader under which it was
 * committed ends `records` before it: they were read, and are no longer in the log.
 */
export type CommitEvent = {
  readonly kind: 'rewind' | 'jump' | 'overrun' | 'truncated';
  readonly at: Millis;
  readonly partition: number;
  readonly from: number;
  readonly to: number;
  readonly records: number;
  /** Of a jump: time between the looks that saw it before and after. */
  readonly within?: Millis;
  /** State of the group then: offsets of an empty group are set by an operator's tool (or by MirrorMaker 2). */
  readonly state?: string;
  readonly recovered?: Millis;
};

/** Over the partitions of a group, since kmon began to look. */
export type CommitTotals = {
  readonly rewinds: CommitEventCount;
  readonly jumps: CommitEventCount;
  readonly overruns: CommitEventCount;
  readonly truncations: CommitEventCount;
  /** When retention was first found to have overrun it; what was so when kmon first looked is as old as that look. */
  readonly overrunSince?: Millis;
  /** Commits that were there and are no more, of topics that are still there; absent where there are none. */
  readonly vanished?: VanishedCommits;
};

/** Expired after `offsets.retention.minutes`, or deleted. */
export type VanishedCommits = {
  readonly partitions: number;
  readonly topics: readonly string[];
  readonly at: Millis;
};

export type CommitBehaviour = CommitTotals & {
  /**
   * Partitions that have records waiting, and whose committed offset has not moved for as long as `after`: five minutes, or ten
   * times the time between two commits. Absent where there are none.
   */
  readonly stopped?: StoppedCommits;
};

export type CommitEventCount = {
  readonly count: number;
  /** Sum over them. */
  readonly records: number;
  /** Rewinds that the group has not read past yet. */
  readonly open: number;
  readonly last?: Millis;
};

export type StoppedCommits = {
  readonly after: Millis;
  readonly partitions: number;
  /** How many of them a member owns: it is there and does not commit. */
  readonly owned: number;
  readonly lag: number;
  /** The earliest since when; `bound`: at least so long. */
  readonly since: Millis;
  readonly bound: boolean;
  /** Members of the group; undefined where they are not known. */
  readonly members?: number;
};
