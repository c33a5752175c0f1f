import { explain, sentence, type Failure } from '../core/failure.js';
import { isKnown, type Known } from '../core/known.js';
import type { FlowView, GroupView, LagBounds, Snapshot } from '../model/snapshot.js';
import type { Owner, Owners } from './owners.js';

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
      /** The member that owns it, as last described. */
      readonly owner?: Owner;
    }[];
    /** Members that own nothing. */
    readonly idle?: readonly Owner[];
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

type Group = LagReport['groups'][number];

export function lagReport(
  snapshot: Snapshot,
  failing: readonly { readonly name: string; readonly failure: Failure }[],
  owners?: Owners,
): LagReport {
  return {
    at: new Date(snapshot.at).toISOString(),
    groups: snapshot.groups.map(g => groupReport(g, owners)),
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

function groupReport(g: GroupView, owners?: Owners): Group {
  const owned = owners?.of(g.cluster, g.group);
  const committed = g.partitions.map(p => ({
    topic: p.topic,
    partition: p.partition,
    committed: isKnown(p.committed) ? p.committed.value : null,
    end: isKnown(p.end) ? p.end.value : null,
    ...valueOrReason(p.lag),
    ...ownedBy(owned?.ownerOf(p.topic, p.partition)),
  }));
  const named = new Set(committed.map(p => `${p.topic}/${p.partition}`));
  const idle = owned?.idle ?? [];
  return {
    cluster: g.cluster,
    group: g.group,
    type: g.type,
    state: isKnown(g.state) ? g.state.value : null,
    ...valueOrReason(g.lag),
    unknownPartitions: g.unknownPartitions,
    partitions: [
      ...committed,
      ...(owned?.partitions ?? [])
        .filter(p => !named.has(`${p.topic}/${p.partition}`))
        .map(({ topic, partition, owner }) => ({
          topic,
          partition,
          committed: null,
          end: null,
          lag: null,
          reason: 'it has an owner, and no committed offset',
          owner,
        })),
    ],
    ...(idle.length > 0 && { idle }),
  };
}

function ownedBy(owner: Owner | undefined): { readonly owner?: Owner } {
  return owner === undefined ? {} : { owner };
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
