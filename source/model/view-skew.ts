import type { Millis } from '../core/clock.js';
import { failure } from '../core/failure.js';
import { isKnown, mapKnown, seen, unknown, valueOf, type Known } from '../core/known.js';
import { drawn } from './lag.js';
import {
  gates,
  leaderSkewOf,
  spreadOf,
  type FlowSkew,
  type GroupSkew,
  type Item,
  type OwnerSkew,
} from './skew.js';
import type { FlowPartitionView, GroupPartitionView, MemberView, TaskView } from './snapshot.js';

/** Of a group: its partitions, what each member owns, and the brokers that lead them. */
export function groupSkewOf(
  group: string,
  partitions: readonly GroupPartitionView[],
  members: Known<readonly MemberView[]>,
  owned: (member: MemberView) => readonly string[] | undefined,
  at: Millis,
): GroupSkew {
  const arrivals = new Map(partitions.map(p => [nameOf(p), numberOf(p.arrival)]));
  return {
    lag: spreadOf(
      `spread of lag of ${group}`,
      partitions.map(p => ({ name: nameOf(p), value: numberOf(p.lag) })),
      gates.lag,
      at,
    ),
    arrival: spreadOf(`spread of arrival of ${group}`, items(arrivals), gates.rate, at),
    members: membersOf(group, members, owned, arrivals, at),
    leaders: leaderSkewOf(`leaders of ${group}`, partitions.map(led), at),
  };
}

/** Of a flow: tasks do not tell which partitions are theirs, but what they take. */
export function flowSkewOf(
  connector: string,
  partitions: readonly FlowPartitionView[],
  tasks: readonly TaskView[],
  at: Millis,
): FlowSkew {
  const rates = tasks.map(({ task, poll }) => ({ name: `task ${task}`, value: numberOf(poll) }));
  const ofTasks: OwnerSkew = {
    owners: tasks.length,
    idle: rates.filter(({ value }) => value === 0).length,
    rate: spreadOf(`spread of polls of ${connector}`, rates, gates.ownerRate, at),
  };
  return {
    lag: spreadOf(
      `spread of lag of ${connector}`,
      partitions.map(p => ({ name: nameOf(p), value: isKnown(p.lag) ? drawn(p.lag.value) : NaN })),
      gates.lag,
      at,
    ),
    arrival: spreadOf(
      `spread of arrival of ${connector}`,
      partitions.map(p => ({ name: nameOf(p), value: numberOf(p.arrival) })),
      gates.rate,
      at,
    ),
    tasks:
      tasks.length === 0
        ? unknown(failure('absent', `tasks of ${connector}`, 'it has none'), at)
        : seen(ofTasks, at),
    leaders: leaderSkewOf(`leaders of ${connector}`, partitions.map(led), at),
  };
}

function membersOf(
  group: string,
  members: Known<readonly MemberView[]>,
  owned: (member: MemberView) => readonly string[] | undefined,
  arrivals: ReadonlyMap<string, number>,
  at: Millis,
): Known<OwnerSkew> {
  const subject = `members of ${group}`;
  if (isKnown(members) && members.value.length === 0)
    return unknown(failure('absent', subject, 'it has none'), members.at);
  if (isKnown(members) && members.value.some(m => owned(m) === undefined))
    return unknown(failure('absent', subject, 'not all assignments are known'), members.at);
  return mapKnown(members, all => {
    const counts = all.map(m => owned(m)?.length ?? 0);
    const rates = all.map(m => ({
      name: m.instance ?? `${m.clientId}@${m.host.replace(/^\//, '')}`,
      value: (owned(m) ?? []).reduce((sum, p) => sum + (arrivals.get(p) ?? NaN), 0),
    }));
    return {
      owners: all.length,
      idle: counts.filter(n => n === 0).length,
      partitions: { least: Math.min(...counts), most: Math.max(...counts) },
      rate: spreadOf(`arrival by member of ${group}`, rates, gates.ownerRate, at),
    };
  });
}

function led(p: GroupPartitionView | FlowPartitionView): { readonly leader?: number; readonly rate: number } {
  return { ...(p.leader !== undefined && { leader: p.leader }), rate: numberOf(p.arrival) };
}

function items(values: ReadonlyMap<string, number>): Item[] {
  return [...values].map(([name, value]) => ({ name, value }));
}

function nameOf({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `${topic}/${partition}`;
}

function numberOf(k: Known<number>): number {
  return valueOf(k) ?? NaN;
}
