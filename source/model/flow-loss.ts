import type { Millis } from '../core/clock.js';
import { failure } from '../core/failure.js';
import { seen, unknown, type Known } from '../core/known.js';
import type { FlowPartition } from './flow-partition.js';
import type { BelowStart, Foreign, LossAhead, Unwritten } from './loss-view.js';

/** Over so long the pace of a partition is taken, ms. */
const paceWindow: Millis = 60_000;

/** (pos − start) ÷ (removal − pace) of the partition where that is soonest; `unsupported` where retention gains nowhere. */
export function lossAhead(
  connector: string,
  partitions: readonly FlowPartition[],
  at: Millis,
): Known<LossAhead> {
  const subject = `time to loss of ${connector}`;
  let soonest: LossAhead | undefined;
  let known = 0;
  for (const { topic, partition, position, removal, start, write } of partitions) {
    // First what costs nothing: of most partitions no log start has moved.
    if (Number.isNaN(removal)) continue;
    const { reached } = position;
    const pace = write.perSecond(paceWindow);
    if (reached === undefined || pace === undefined) continue;
    known++;
    const left = Math.max(0, reached - start);
    if (removal <= pace && left > 0) continue;
    const ms = left === 0 ? 0 : (left / (removal - pace)) * 1000;
    if (ms < (soonest?.ms ?? Infinity)) soonest = { ms, topic, partition, left, removal, pace };
  }
  if (soonest !== undefined) return seen(soonest, at);
  if (known > 0) return unknown(failure('unsupported', subject, 'retention does not gain on it'), at);
  return unknown(failure('early', subject, 'no log start has moved often enough'), at);
}

export function belowStart(partitions: readonly FlowPartition[]): BelowStart | undefined {
  const below = partitions.filter(p => p.position.belowStart > 0);
  const worst = most(below, p => p.position.belowStart);
  if (worst === undefined) return undefined;
  return {
    records: sum(below, p => p.position.belowStart),
    partitions: below.length,
    worst: `${worst.topic}/${worst.partition}`,
  };
}

export function unwritten(partitions: readonly FlowPartition[]): Unwritten | undefined {
  const all = partitions.flatMap(({ topic, position }) =>
    position.unwritten === undefined ? [] : { topic, ...position.unwritten },
  );
  if (all.length === 0) return undefined;
  return { ...together(all), removed: sum(all, p => p.removed) };
}

export function foreign(partitions: readonly FlowPartition[]): Foreign | undefined {
  const all = partitions.flatMap(({ topic, position }) =>
    position.foreign === undefined ? [] : { topic, ...position.foreign },
  );
  return all.length === 0 ? undefined : together(all);
}

type Counted = {
  readonly topic: string;
  readonly records: number;
  readonly times: number;
  readonly at: Millis;
};

function together(all: readonly Counted[]): Foreign {
  return {
    records: sum(all, p => p.records),
    partitions: all.length,
    times: sum(all, p => p.times),
    at: Math.max(...all.map(p => p.at)),
    topics: [...new Set(all.map(p => p.topic))].sort(),
  };
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}

function most<T>(all: readonly T[], of: (one: T) => number): T | undefined {
  return all.reduce<T | undefined>((a, b) => (a === undefined || of(b) > of(a) ? b : a), undefined);
}
