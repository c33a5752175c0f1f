import type { Millis } from '../../core/clock.js';
import { failure, type Failure } from '../../core/failure.js';
import { isKnown, valueOf } from '../../core/known.js';
import { count, duration } from '../../core/units.js';
import type { GroupPartitionView, GroupView } from '../../model/snapshot.js';
import { growth } from '../evidence.js';
import type { Evidence } from '../finding.js';
import type { Limits } from '../limits.js';
import type { Judgement } from '../rule.js';
import { ofGroup } from '../subject.js';
import { listed } from './make.js';

/** What several rules ask of a group. None of it looks at single partitions. */

/**
 * Share groups acknowledge records and deal each to any member, and Connect's workers commit nothing as a group: neither has a commit a
 * partition that its owner moves.
 */
export function commitsOffsets({ type, protocol }: GroupView): boolean {
  return type !== 'share' && protocol !== 'connect';
}

export function hasNobody(group: GroupView): boolean {
  const state = valueOf(group.state);
  return state === 'Empty' || state === 'Dead';
}

export function isRebalancing(group: GroupView): boolean {
  const state = valueOf(group.state);
  return state !== undefined && state !== 'Stable' && !hasNobody(group);
}

/** When its last rebalance was over, as far as was seen; −Infinity where there was none. */
export function settledSince({ rebalances }: GroupView): Millis {
  const last = rebalances.recent[rebalances.recent.length - 1];
  return last === undefined ? -Infinity : last.at + (last.seconds ?? 0) * 1000;
}

/** Records/s that arrive in what it has committed in: what it consumes and what its lag grows by, of the last minute. */
export function arrivalAt({ consume, lagSlope }: GroupView): number | undefined {
  const [consumed, slope] = [valueOf(consume), valueOf(lagSlope)];
  return consumed === undefined || slope === undefined ? undefined : Math.max(0, consumed + slope);
}

/** Seconds that it is behind: how old its first unread record is, or else how long its lag took to arrive. */
export function secondsBehind(group: GroupView): number | undefined {
  const timeLag = valueOf(group.timeLag);
  if (timeLag !== undefined) return timeLag.ms / 1000;
  const [lag, arrival] = [valueOf(group.lag), arrivalAt(group)];
  return lag === undefined || arrival === undefined || arrival === 0 ? undefined : lag / arrival;
}

/** Whether its lag is worth a word: enough records, and they wait long enough. Asked of every group at every tick, so without the evidence. */
export function isBehind(group: GroupView, limits: Limits): boolean {
  const [lag, behind] = [valueOf(group.lag) ?? NaN, secondsBehind(group) ?? NaN];
  return lag >= limits.value('volume-lag') && behind >= limits.value('time-lag');
}

/** What {@link isBehind} rests on. */
export function behindBecause(group: GroupView, limits: Limits): readonly Evidence[] {
  return [
    limits.compare('lag', valueOf(group.lag), '≥', 'volume-lag'),
    limits.compare('behind', secondsBehind(group), '≥', 'time-lag'),
  ];
}

/** Growth of its lag in the last `window` ms, by two samples alone; NaN where either is not known. */
export function rose({ lagSeries }: GroupView, window: Millis, at: Millis): number {
  return lagSeries.at(at) - lagSeries.at(at - window);
}

/** How long nothing may move before that means something, ms. */
export function patience(group: GroupView, limits: Limits): Millis {
  const period = valueOf(group.commitPeriod) ?? 0;
  return Math.max(limits.millis('commit-stop'), limits.value('commit-periods') * period);
}

/** What to say of a group whose lag or state is not known: nothing of one that has no lag, else why not. */
export function withoutLag(group: GroupView): readonly Judgement[] {
  const { lag, state } = group;
  if (!isKnown(lag)) {
    const { kind } = lag.unknown;
    return kind === 'absent' || kind === 'unsupported'
      ? []
      : [{ subject: ofGroup(group), unjudged: lag.unknown }];
  }
  return isKnown(state) ? [] : [{ subject: ofGroup(group), unjudged: state.unknown }];
}

export function tooEarlyFor(group: GroupView, what: string): Failure {
  return failure('early', `${what} of ${group.group}`, 'not read often enough yet');
}

/** `lag 88.2k, +120/s`. */
export function lagNow({ lag, lagSlope }: GroupView): string {
  const slope = valueOf(lagSlope);
  return `lag ${count(valueOf(lag))}${slope === undefined || slope === 0 ? '' : `, ${growth(slope)}`}`;
}

/** `≥ 14m`. */
export function ageText(ms: Millis, bound: boolean): string {
  return `${bound ? '≥ ' : ''}${duration(ms)}`;
}

/** `orders/3, orders/5 and 4 more`. */
export function named(partitions: readonly Pick<GroupPartitionView, 'topic' | 'partition'>[]): string {
  return listed(partitions.map(({ topic, partition }) => `${topic}/${partition}`));
}
