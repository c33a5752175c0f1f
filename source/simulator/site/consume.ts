import type { Millis } from '../../core/clock.js';
import { endOf, partitionsOf, type GroupState, type SiteState } from './state.js';

/** How long a rebalance takes: members notice at their next heartbeat. */
const rebalance: Millis = 3_000;

/** Every group reads what it can, commits at its interval, and stands still while it rebalances. */
export function consume(state: SiteState, ms: Millis): void {
  for (const group of state.groups) {
    churn(group, state.now);
    if (state.now < group.rebalancesUntil) continue;
    read(state, group, ms);
    if (state.now - group.committedAt >= group.setting.commitEvery) commit(group, state.now);
  }
}

/** The partitions of each member that is there, as the range assignor deals them. */
export function assignmentOf(group: GroupState): readonly (readonly number[])[] {
  const members = presentMembers(group);
  const partitions = group.position.map((_, i) => i);
  return Array.from({ length: members }, (_, member) =>
    partitions.filter(p => Math.floor((p * members) / partitions.length) === member),
  );
}

export function presentMembers(group: GroupState): number {
  return group.setting.members - group.away;
}

/** Members of a group that rebalances stop, commit and wait. */
export function startRebalance(group: GroupState, now: Millis): void {
  commit(group, now);
  group.epoch++;
  group.changedAt = now;
  group.rebalancesUntil = now + rebalance;
}

function churn(group: GroupState, now: Millis): void {
  if (group.churnEvery === undefined || now - group.changedAt < group.churnEvery) return;
  group.away = group.away === 0 ? 1 : 0;
  startRebalance(group, now);
}

function read(state: SiteState, group: GroupState, ms: Millis): void {
  const partitions = partitionsOf(group.setting, state.partitions);
  for (const [member, assigned] of assignmentOf(group).entries()) {
    const full = ((group.perMember[member] ?? 0) * ms) / 1000 + (group.owed[member] ?? 0);
    let left = Math.floor(full);
    group.owed[member] = full - left;
    // One that takes all it can from the first partition would starve the others.
    for (let rest = assigned.length; rest > 0; rest--) {
      const index = assigned[assigned.length - rest] ?? 0;
      const partition = partitions[index];
      if (partition === undefined) continue;
      const at = group.position[index] ?? 0;
      const taken = Math.min(
        Math.ceil(left / rest),
        Math.max(0, endOf(partition, group.setting.cluster) - at),
      );
      group.position[index] = at + taken;
      left -= taken;
    }
  }
}

function commit(group: GroupState, now: Millis): void {
  group.committed = [...group.position];
  group.committedAt = now;
}
