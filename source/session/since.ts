import type { Millis } from '../core/clock.js';
import { valueOf, type Known } from '../core/known.js';
import type { LiveFinding, Severity } from '../diagnose/finding.js';
import type { FlowView, GroupView, RebalanceView, TopicView } from '../model/snapshot.js';
import {
  flowAssignment,
  flowLag,
  groupAssignment,
  groupLag,
  type CountThen,
  underReplicated,
  type Interval,
  type MachineThen,
  type Mark,
} from './mark.js';

/** By how much a number changed, as an interval where one of the two was one. */
export type Change = { readonly least: number; readonly most: number };

/** Rebalances since a mark: so many were seen, and whether they are all there were. */
export type Seen = { readonly seen: number; readonly all: boolean };

/** What of a flow or a group is another than at a mark; a part is absent where then or now is not known. */
export type Since = {
  readonly lag?: Change;
  /** The number then, for people: its upper end. */
  readonly lagThen?: number;
  readonly rebalances?: Seen;
};

export type FlowSince = Since & Readonly<Partial<Record<'poll' | 'write' | 'arrival', Pair>>>;
export type GroupSince = Since & { readonly consume?: Pair };

/** A number, then and now. */
export type Pair = { readonly then: number; readonly now: number };

/** A series that was sampled so shortly before the mark tells of it. */
const near: Millis = 60_000;

/** Undefined where the flow was not there at the mark. */
export function flowSince(mark: Mark, flow: FlowView, at: Millis): FlowSince | undefined {
  const then = mark.baseline.flows.find(one => one.id === flow.id);
  if (then === undefined) return undefined;
  const moved = bySeries(mark, flow, at);
  const lag = moved ?? difference(then.lag, flowLag(flow));
  const rebalances = seenSince(mark, then.rebalances, flow.rebalances, then.assignment, flowAssignment(flow));
  return {
    ...(lag && { lag }),
    ...(then.lag && { lagThen: then.lag.high }),
    ...(rebalances && { rebalances }),
    ...pair('poll', then.poll, flow.poll.now),
    ...pair('write', then.write, flow.write.now),
    ...pair('arrival', then.arrival, flow.arrival.now),
  };
}

export function groupSince(mark: Mark, group: GroupView): GroupSince | undefined {
  const then = mark.baseline.groups.find(one => one.id === group.id);
  if (then === undefined) return undefined;
  const lag = difference(then.lag, groupLag(group));
  const members = groupAssignment(group);
  const rebalances = seenSince(mark, then.rebalances, group.rebalances, then.assignment, members);
  return {
    ...(lag && { lag }),
    ...(then.lag && { lagThen: then.lag.high }),
    ...(rebalances && { rebalances }),
    ...pair('consume', then.consume, group.consume),
  };
}

/** Numbers then and now; a part is absent where one of them is not known. */
export type TopicSince = Readonly<Partial<Record<'arrival' | 'bytes' | 'underReplicated', Pair>>>;
export type MachineSince = Readonly<Partial<Record<'cpu' | 'heap' | 'network' | 'work', Pair>>>;

/** Nothing is known of it where the mark has no topics; undefined where the topic was not there. */
export function topicSince({ baseline }: Mark, topic: TopicView): TopicSince | undefined {
  if (baseline.topics === undefined) return {};
  const then = baseline.topics.find(one => one.id === topic.id);
  if (then === undefined) return undefined;
  return {
    ...pair('arrival', then.arrival, topic.arrival),
    ...pair('bytes', then.bytes, topic.bytes),
    ...pairOf('underReplicated', then.underReplicated, underReplicated(topic)),
  };
}

/** The same of a worker or a broker, as `workerNow` and `brokerNow` of `mark.ts` tell what it is like now. */
export function machineSince({ baseline }: Mark, now: MachineThen): MachineSince | undefined {
  if (baseline.machines === undefined) return {};
  const then = baseline.machines.find(one => one.id === now.id);
  if (then === undefined) return undefined;
  return {
    ...pairOf('cpu', then.cpu, now.cpu),
    ...pairOf('heap', then.heap, now.heap),
    ...pairOf('network', then.network, now.network),
    ...pairOf('work', then.work, now.work),
  };
}

const weight: Readonly<Record<Severity, number>> = { info: 0, warning: 1, critical: 2 };

/** Whether it is new since the mark: it did not fire then, or another verdict did, or a milder one. */
export function isNew(mark: Mark, finding: LiveFinding): boolean {
  return finding.phase !== 'pending' && !isKnownThen(mark, finding);
}

/** Whether it fired at the mark already, with the same verdict and no milder; whatever it does now. */
export function isKnownThen({ baseline }: Mark, { key, verdict, severity }: LiveFinding): boolean {
  const then = baseline.findings.find(one => one.key === key);
  return then?.verdict === verdict && weight[severity] <= weight[then.severity];
}

/**
 * While kmon looks, the bounds of a flow's lag narrow though the lag stays: the line of its lower end tells what it moved by.
 * Undefined where this process did not look at the time of the mark.
 */
function bySeries(mark: Mark, { lag, lagSeries }: FlowView, at: Millis): Change | undefined {
  if (valueOf(lag) === undefined || !(mark.at - lagSeries.timeBefore(mark.at) <= near)) return undefined;
  const moved = lagSeries.at(at) - lagSeries.at(mark.at);
  return Number.isNaN(moved) ? undefined : { least: moved, most: moved };
}

function difference(then: Interval | null, now: Interval | null): Change | undefined {
  if (then === null || now === null) return undefined;
  return { least: now.low - then.high, most: now.high - then.low };
}

/**
 * What one process counted can be subtracted; what was counted before this one began cannot, but it shows in other members.
 * Undefined where nothing tells of that time.
 */
function seenSince(
  mark: Mark,
  then: CountThen,
  now: RebalanceView,
  before: string | null,
  after: string | null,
): Seen | undefined {
  if (then.since === now.since) return { seen: Math.max(0, now.total - then.total), all: true };
  if (now.since <= mark.at) {
    const seen = now.recent.filter(({ at }) => at > mark.at).length;
    return { seen, all: seen < now.recent.length || now.total === now.recent.length };
  }
  if (now.total > 0) return { seen: now.total, all: false };
  if (before === null || after === null) return undefined;
  return { seen: before === after ? 0 : 1, all: false };
}

function pair<K extends string>(
  name: K,
  then: number | null,
  known: Known<number>,
): Partial<Record<K, Pair>> {
  return pairOf(name, then, valueOf(known) ?? null);
}

function pairOf<K extends string>(
  name: K,
  then: number | null,
  now: number | null,
): Partial<Record<K, Pair>> {
  if (then === null || now === null) return {};
  return { [name]: { then, now } } as Record<K, Pair>;
}
