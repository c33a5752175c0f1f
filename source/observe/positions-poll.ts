import type { Clock, Millis } from '../core/clock.js';
import type { Observation } from '../core/observation.js';
import type { ConnectLink } from '../wire/connect/link.js';
import { readPositions } from '../wire/connect/reads/positions.js';
import type { Pass } from './beat.js';
import type { FlowInterest } from '../core/interest.js';
import type { KafkaSweep } from './kafka-sweep.js';
import { timed } from './timed.js';

/** A worker starts an offset store for every such question, so that it may take a tenth of the time at most. */
export const positionsEvery: Millis = 5_000;
const share = 10;

/**
 * A Connect before 3.5 has no such question, and does not learn it while it runs: then the flow is known from the growth
 * of both clusters' end offsets and from the `records-lag` of MirrorMaker 2's consumers.
 */
const unsupportedEvery: Millis = 60_000;

/** Retention moves a log's start slowly. */
const startsEvery: Millis = 60_000;

/** Until the connectors are known there is nothing to ask, and nothing to lose by looking again soon. */
const untilFlows: Millis = 250;

/**
 * For each flow, in every pass the target's end offsets T and then the source's S; before them the flushed positions N
 * when they are due. The order is what makes the bounds of the true lag valid, and the short time between the three
 * what makes them tight (docs/architecture.md, "True lag").
 */
export function positionsPoll(
  link: ConnectLink,
  sweeps: ReadonlyMap<string, KafkaSweep>,
  clock: Clock,
  emit: (o: Observation) => void,
  interests: () => readonly FlowInterest[],
  /** Between two passes, ms. */
  every: Millis,
): { readonly pass: Pass; readonly interval: () => Millis } {
  const due = new Map<string, Millis>();
  const startsAt = new Map<string, Millis>();

  /** The log's start bounds the lag of a partition from which nothing was flushed yet. */
  const readStarts = async ({ connector, source }: FlowInterest, signal: AbortSignal): Promise<void> => {
    const sweep = source && sweeps.get(source.cluster);
    if (!sweep || clock.now() - (startsAt.get(connector) ?? -Infinity) < startsEvery) return;
    startsAt.set(connector, clock.now());
    await sweep.readOffsets('log-start', new Set(source.topics), signal);
  };

  const pass: Pass = async ({ signal }) => {
    for (const known of interests()) {
      const { connector } = known;
      if (known.connect !== link.connect) continue;
      if (clock.now() >= (due.get(connector) ?? 0)) {
        const seen = await timed(clock, () => readPositions(link, connector, signal));
        emit({ kind: 'positions', connect: link.connect, connector, ...seen });
        const took = seen.answered - seen.asked;
        const unsupported = 'failed' in seen.answer && seen.answer.failed.kind === 'unsupported';
        const least = unsupported ? unsupportedEvery : positionsEvery;
        due.set(connector, seen.asked + Math.max(least, took * share));
      }
      // The first answer names the partitions whose ends are wanted.
      const flow = interests().find(f => f.connect === link.connect && f.connector === connector) ?? known;
      for (const side of [flow.target, flow.source]) {
        const sweep = side && sweeps.get(side.cluster);
        if (side && sweep) await sweep.readOffsets('log-end', new Set(side.topics), signal);
      }
      await readStarts(flow, signal);
      if (signal.aborted) break;
    }
    return undefined;
  };
  return {
    pass,
    interval: () => (interests().length === 0 ? untilFlows : every),
  };
}
