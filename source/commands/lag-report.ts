import { explain, sentence, type Failure } from '../core/failure.js';
import { isKnown, type Known } from '../core/known.js';
import { count } from '../core/units.js';
import type { FlowView, GroupView, LagBounds, Snapshot } from '../model/snapshot.js';

/**
 * Lag of everything at one moment, for scripts: `kmon lag --json` prints one such object a line. Offsets and lag are
 * records. What is not known is `null`, and `reason` says why; it is never 0.
 */
export type LagReport = {
  readonly at: string;
  readonly groups: readonly {
    readonly cluster: string;
    readonly group: string;
    readonly type: string;
    readonly state: string | null;
    readonly lag: number | null;
    readonly reason?: string;
    /** Partitions with a commit whose lag is not known; their lag is missing from `lag`. */
    readonly unknownPartitions: number;
    readonly partitions: readonly {
      readonly topic: string;
      readonly partition: number;
      readonly committed: number | null;
      readonly end: number | null;
      readonly lag: number | null;
      readonly reason?: string;
    }[];
  }[];
  readonly flows: readonly {
    readonly connect: string;
    readonly connector: string;
    readonly lag: LagBounds | null;
    readonly reason?: string;
    readonly partitions: readonly {
      readonly topic: string;
      readonly partition: number;
      readonly lag: LagBounds | null;
      /** When the offsets that the bounds rest on were answered. */
      readonly asOf?: string;
      readonly reason?: string;
    }[];
  }[];
  readonly failing: readonly { readonly endpoint: string; readonly reason: string; readonly next: string }[];
};

export function lagReport(
  snapshot: Snapshot,
  failing: readonly { readonly name: string; readonly failure: Failure }[],
): LagReport {
  return {
    at: new Date(snapshot.at).toISOString(),
    groups: snapshot.groups.map(groupReport),
    flows: snapshot.flows.filter(f => f.kind === 'mirror-source').map(flowReport),
    failing: [
      ...failing.map(f => ({ name: f.name, failure: f.failure })),
      ...snapshot.clusters.flatMap(c => (c.blind ? [{ name: `kafka ${c.name}`, failure: c.blind }] : [])),
    ].map(({ name, failure }) => ({
      endpoint: name,
      reason: sentence(failure),
      next: explain(failure).nextStep,
    })),
  };
}

function groupReport(g: GroupView): LagReport['groups'][number] {
  return {
    cluster: g.cluster,
    group: g.group,
    type: g.type,
    state: isKnown(g.state) ? g.state.value : null,
    ...valueOrReason(g.lag),
    unknownPartitions: g.unknownPartitions,
    partitions: g.partitions.map(p => ({
      topic: p.topic,
      partition: p.partition,
      committed: isKnown(p.committed) ? p.committed.value : null,
      end: isKnown(p.end) ? p.end.value : null,
      ...valueOrReason(p.lag),
    })),
  };
}

function flowReport(f: FlowView): LagReport['flows'][number] {
  return {
    connect: f.connect,
    connector: f.connector,
    ...valueOrReason(f.lag),
    partitions: f.partitions.map(p => ({
      topic: p.topic,
      partition: p.partition,
      ...(isKnown(p.lag) && { asOf: new Date(p.lag.at).toISOString() }),
      ...valueOrReason(p.lag),
    })),
  };
}

function valueOrReason<T>(k: Known<T>): { readonly lag: T | null; readonly reason?: string } {
  return isKnown(k) ? { lag: k.value } : { lag: null, reason: sentence(k.unknown) };
}

/** The same as a table for people, widest column first as `kafka-consumer-groups` has them. */
export function lagTable(report: LagReport): string {
  const rows: string[][] = [['SITE', 'GROUP OR FLOW', 'TOPIC', 'PARTITION', 'COMMITTED', 'END', 'LAG']];
  for (const g of report.groups) {
    rows.push([g.cluster, g.group, '', '', '', '', g.lag === null ? '–' : String(g.lag)]);
    for (const p of g.partitions)
      rows.push([
        g.cluster,
        g.group,
        p.topic,
        String(p.partition),
        count(p.committed ?? undefined),
        count(p.end ?? undefined),
        p.lag === null ? '–' : String(p.lag),
      ]);
  }
  for (const f of report.flows) {
    rows.push([f.connect, f.connector, '', '', '', '', bounds(f.lag)]);
    for (const p of f.partitions)
      rows.push([f.connect, f.connector, p.topic, String(p.partition), '', '', bounds(p.lag)]);
  }
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map(row => row[i]?.length ?? 0)));
  const table = rows.map(row =>
    row
      .map((cell, i) => (i < 3 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  const reasons = [
    ...report.failing.map(f => `${f.endpoint}: ${f.reason}; ${f.next}`),
    ...report.groups.flatMap(g => (g.reason === undefined ? [] : [`${g.group}: ${g.reason}`])),
    ...report.flows.flatMap(f => (f.reason === undefined ? [] : [`${f.connector}: ${f.reason}`])),
  ];
  return [...table, ...(reasons.length > 0 ? ['', ...reasons] : [])].join('\n');
}

function bounds(lag: LagBounds | null): string {
  if (lag === null) return '–';
  return lag.low === lag.high ? String(lag.low) : `${lag.low}..${lag.high}`;
}
