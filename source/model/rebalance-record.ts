import type { Millis } from '../core/clock.js';
import type { RebalanceReason } from './rebalance-view.js';

/** One episode as it was seen; it never changes, so that a snapshot may keep it. */
export type Episode = {
  readonly at: Millis;
  readonly latest: Millis;
  readonly what: readonly string[];
  readonly left: readonly string[];
  readonly joined: readonly string[];
  readonly reasons: readonly RebalanceReason[];
  /** The most members that there were. */
  readonly size: number;
  readonly sawBusy: boolean;
  readonly isOver: boolean;
  readonly seconds?: number;
  /** How many rebalances it is made of. */
  readonly times: number;
};

/** A member that came or went. */
export type MemberMove = {
  readonly at: Millis;
  readonly member: string;
  readonly came: boolean;
  /** A static member that came back as somebody else makes no rebalance. */
  readonly isStatic: boolean;
};
