import type { Millis } from '../core/clock.js';
import type { Known } from '../core/known.js';

/**
 * Why a group rebalanced, as far as two looks at it can tell.
 * `restarted`: who left came back under the same name; `static-return`: a static member came back, nobody's partitions moved;
 * `replaced`: others came for those that left; `worker-lost`: a Connect worker left and did not come back;
 * `subscription`: members own other topics than before; `partitions-added`: all partitions of the same topics are more;
 * `tasks-changed`: connectors of the workers were configured anew; `assignor`: the members agreed on another one;
 * `coordinator`: another broker coordinates the group; `by-metrics`: the workers' own count rose, and nothing else was seen.
 */
export type RebalanceReason =
  | 'restarted'
  | 'static-return'
  | 'replaced'
  | 'worker-lost'
  | 'left'
  | 'joined'
  | 'subscription'
  | 'partitions-added'
  | 'tasks-changed'
  | 'assignor'
  | 'coordinator'
  | 'by-metrics'
  | 'unknown';

/** One episode: signs within 30 s of each other. Rebalances that run into each other are one that goes on. */
export type Rebalance = {
  readonly at: Millis;
  /** The signs, in words. */
  readonly what: string;
  readonly reason: RebalanceReason;
  /** Members by what stays the same when they restart: instance id, worker URL, else `client-id@host`. */
  readonly joined: readonly string[];
  readonly left: readonly string[];
  /** How many rebalances it is made of: as many as one and the same member left and came back, and one at least. */
  readonly times: number;
  /** The last sign; absent where all came within 30 s. */
  readonly until?: Millis;
  /** From the first sign until it was found at rest; absent while it is not, and where it was over between two looks. */
  readonly seconds?: number;
  /** A lost Connect worker: until then Connect keeps its tasks for it (5 min by default; the setting cannot be read). */
  readonly waitsUntil?: Millis;
};

/**
 * What the rebalances of the last ten minutes (of a rolling restart: of the last hour, as long as they follow each other) make together.
 * `rolling-restart`: each member leaves and returns once, or is replaced once; `scaling`: members only come, or only go;
 * `recurring`: some member left and came back more than once, or there were more rebalances than restarts explain.
 */
export type RebalancePattern = {
  readonly kind: 'quiet' | 'single' | 'rolling-restart' | 'scaling' | 'recurring' | 'mixed';
  /** Rebalances that it is made of. */
  readonly count: number;
  /** When the first of them began. */
  readonly since?: Millis;
  /** Members that left, and of them those that came back or were replaced; `of`: the most members there were. */
  readonly left: number;
  readonly returned: number;
  readonly of: number;
  /** The most often that one and the same member came back after it had left. */
  readonly recidivism: number;
};

/** How often one member left and came back in the last hour. */
export type MemberChurn = {
  readonly member: string;
  readonly left: number;
  readonly returned: number;
  readonly last: Millis;
};

/** All counts are of rebalances (`Rebalance.times`), by when each began: what the screen shows is what the rules judge. */
export type RebalanceView = {
  readonly total: number;
  readonly lastHour: number;
  /** When the newest one began. */
  readonly last?: Millis;
  /** When kmon began to count: a count of 0 over a minute says little. */
  readonly since: Millis;
  /** Newest last; bounded. */
  readonly recent: readonly Rebalance[];
  readonly lastTenMinutes: number;
  /** The most often that one and the same member left and came back in the last ten minutes; no static ones, for which nothing moves. */
  readonly returns: number;
  readonly pattern: RebalancePattern;
  /** Members that left in the last hour, the most restless first; bounded. */
  readonly churn: readonly MemberChurn[];
  /**
   * Share of the last ten minutes in which the group was found rebalancing, 0…1: from below, for a rebalance that is
   * over between two looks is not found.
   */
  readonly busyShare: Known<number>;
  /** Connect workers: rebalances that they completed by their own count while kmon looked; one episode may take several. */
  readonly completed: Known<number>;
};
