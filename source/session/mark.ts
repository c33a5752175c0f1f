import type { Millis } from '../core/clock.js';
import { fingerprint } from '../core/fingerprint.js';
import { isKnown, valueOf, type Known } from '../core/known.js';
import type { Severity } from '../diagnose/finding.js';
import { busiest, type Machine } from '../model/machines.js';
import {
  noCommits,
  type BrokerView,
  type FlowView,
  type GroupView,
  type TopicView,
  type WorkerView,
} from '../model/snapshot.js';
import { withConsequences } from './consequences.js';
import type { View } from './view.js';

/** A moment that someone wants to compare with, a deployment first of all, and what everything was like then. */
export type Mark = {
  readonly at: Millis;
  readonly label?: string;
  readonly baseline: Baseline;
};

/** What is compared with later, also by another process: numbers alone. Null is not known. */
export type Baseline = {
  /** Whether all flows and groups were seen: then one that is not here was not there. */
  readonly complete: boolean;
  readonly flows: readonly FlowThen[];
  readonly groups: readonly GroupThen[];
  /** Absent in a mark of a kmon that kept neither. */
  readonly topics?: readonly TopicThen[];
  readonly machines?: readonly MachineThen[];
  /** All that fired or was about to end. What only formed is none of them: it may have been the first of it. */
  readonly findings: readonly FindingThen[];
};

export type FlowThen = {
  readonly id: string;
  readonly lag: Interval | null;
  /** Of other than MirrorMaker's source connectors: there is no lag to tell. */
  readonly lagless?: true;
  readonly poll: number | null;
  readonly write: number | null;
  readonly arrival: number | null;
  readonly rebalances: CountThen;
  /** Of which task runs on which worker; null where it is not known. */
  readonly assignment: string | null;
};

export type GroupThen = {
  readonly id: string;
  readonly lag: Interval | null;
  /** It had none to tell: no commits, or a kind of group without. */
  readonly lagless?: true;
  readonly consume: number | null;
  readonly rebalances: CountThen;
  /** Of its members; null where they are not known. */
  readonly assignment: string | null;
};

export type TopicThen = {
  readonly id: string;
  readonly arrival: number | null;
  /** Over all replicas. */
  readonly bytes: number | null;
  readonly underReplicated: number | null;
};

/** A Connect worker or a broker; shares 0…1. */
export type MachineThen = {
  /** As `pinOf` of its subject. */
  readonly id: string;
  readonly cpu: number | null;
  readonly heap: number | null;
  /** Bytes/s. */
  readonly network: number | null;
  /** Tasks that a worker runs; partitions that a broker leads. */
  readonly work: number | null;
};

/** Lag in records: exact where both are the same. */
export type Interval = { readonly low: number; readonly high: number };

/** A count, and since when it was counted: two of one beginning are of one process, and can be subtracted. */
export type CountThen = { readonly total: number; readonly since: Millis };

export type FindingThen = { readonly key: string; readonly verdict: string; readonly severity: Severity };

export function baselineOf({
  snapshot,
  findings,
  endpoints,
}: Pick<View, 'snapshot' | 'findings' | 'endpoints'>): Baseline {
  return {
    complete:
      endpoints.every(({ status }) => status.is === 'live') &&
      snapshot.clusters.every(({ groupListing, blind }) => isKnown(groupListing) && blind === undefined) &&
      snapshot.connects.every(({ connectors }) => isKnown(connectors)),
    flows: snapshot.flows.map(flowThen),
    groups: snapshot.groups.map(groupThen),
    topics: snapshot.topics.map(topicThen),
    machines: [
      ...snapshot.workers.map(workerNow),
      ...snapshot.clusters.flatMap(({ name, brokers }) =>
        (valueOf(brokers) ?? []).map(broker => brokerNow(name, broker)),
      ),
    ],
    findings: findings
      .flatMap(withConsequences)
      .filter(({ phase }) => phase !== 'pending')
      .map(({ key, verdict, severity }) => ({ key, verdict, severity })),
  };
}

/** A mark that is older is not compared with unless it is chosen. */
const fresh: Millis = 24 * 3_600_000;

/** The mark that numbers are compared with; of a past moment it is the newest of then. */
export function comparedWith({ memory, at }: Pick<View, 'memory' | 'at'>): Mark | undefined {
  const { marks, compares } = memory;
  if (compares !== 'newest') return marks.find(mark => mark.at === compares && mark.at <= at);
  const newest = marks.findLast(mark => mark.at <= at);
  return newest !== undefined && at - newest.at <= fresh ? newest : undefined;
}

/** What the mark is called: its label, else `mark`. */
export function nameOf({ label }: Mark): string {
  return label ?? 'mark';
}

export function flowLag({ lag }: FlowView): Interval | null {
  const bounds = valueOf(lag);
  if (bounds === undefined) return null;
  return bounds.rested ? { low: bounds.low, high: bounds.low } : { low: bounds.low, high: bounds.high };
}

export function groupLag({ lag }: GroupView): Interval | null {
  const records = valueOf(lag);
  return records === undefined ? null : { low: records, high: records };
}

export function flowAssignment({ state, tasks }: FlowView): string | null {
  return valueOf(state) === undefined ? null : fingerprint(tasks.map(t => `${t.task} ${t.worker}`));
}

export function groupAssignment({ members }: GroupView): string | null {
  const known = valueOf(members);
  return known === undefined ? null : fingerprint(known.map(member => member.member));
}

/** Whether there is no lag to tell, rather than one that is not known. */
export function isLagless(lag: Known<unknown>): boolean {
  if ('value' in lag) return false;
  return lag.unknown.kind === 'unsupported' || lag.unknown.detail === noCommits;
}

function flowThen(flow: FlowView): FlowThen {
  const { id, poll, write, arrival, rebalances } = flow;
  return {
    id,
    lag: flowLag(flow),
    ...((flow.kind !== 'mirror-source' || isLagless(flow.lag)) && { lagless: true }),
    poll: rate(poll.now),
    write: rate(write.now),
    arrival: rate(arrival.now),
    rebalances: { total: rebalances.total, since: rebalances.since },
    assignment: flowAssignment(flow),
  };
}

function groupThen(group: GroupView): GroupThen {
  const { id, consume, rebalances } = group;
  return {
    id,
    lag: groupLag(group),
    ...(isLagless(group.lag) && { lagless: true }),
    consume: rate(consume),
    rebalances: { total: rebalances.total, since: rebalances.since },
    assignment: groupAssignment(group),
  };
}

function topicThen(topic: TopicView): TopicThen {
  return {
    id: topic.id,
    arrival: rate(topic.arrival),
    bytes: rate(topic.bytes),
    underReplicated: underReplicated(topic),
  };
}

/** Null where the state of some of its partitions is not known. */
export function underReplicated(topic: TopicView): number | null {
  return topic.failed || topic.unknownPartitions > 0 ? null : topic.underReplicated;
}

export function workerNow(worker: WorkerView): MachineThen {
  const { connect, id, tasks } = worker;
  return { id: `worker ${connect}/${id}`, ...loadNow(worker), work: tasks };
}

export function brokerNow(cluster: string, { id, machine, leaders }: BrokerView): MachineThen {
  return { id: `broker ${cluster}/${id}`, ...loadNow(machine), work: leaders };
}

function loadNow(machine: Machine): Omit<MachineThen, 'id' | 'work'> {
  return { cpu: rate(busiest(machine)), heap: rate(machine.heap), network: rate(machine.network) };
}

/** A number, as exactly as anyone will read it. */
function rate(known: Known<number>): number | null {
  const value = valueOf(known);
  return value === undefined || !Number.isFinite(value) ? null : Math.round(value * 100) / 100;
}
