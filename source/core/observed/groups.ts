import type { Failure } from '../failure.js';
import type { Answer, Timing } from './answer.js';
import type { OffsetColumn } from './offsets.js';

export type GroupType = 'classic' | 'consumer' | 'share' | 'streams' | 'unknown';

/** Groups that one broker coordinates (ListGroups, key 16; types since v5, KIP-848). */
export type GroupsListed = Timing & {
  readonly kind: 'groups';
  readonly cluster: string;
  readonly broker: number;
  readonly answer: Answer<
    readonly {
      readonly group: string;
      readonly type: GroupType;
      /** `consumer`, `connect`, `share`, … as the group's founder named it. */
      readonly protocolType: string;
      /** Empty where the list tells none (before Kafka 2.6): the description does. */
      readonly state: string;
    }[]
  >;
};

export type MemberSeen = {
  readonly member: string;
  readonly instance?: string;
  readonly clientId: string;
  readonly host: string;
  /** What the member owns; absent where the state or the protocol does not tell. */
  readonly assignment?: readonly { readonly topic: string; readonly partitions: Int32Array }[];
  /** Connect worker: the URL it advertises. */
  readonly url?: string;
  /** KIP-848: what the coordinator wants it to own; differs from `assignment` while the group reconciles. */
  readonly target?: readonly { readonly topic: string; readonly partitions: Int32Array }[];
  /** KIP-848: the epoch that the member has reached. */
  readonly epoch?: number;
};

export type GroupDescription = {
  readonly group: string;
  readonly state: string;
  readonly protocolType: string;
  readonly assignor?: string;
  /** KIP-848 and share groups only. */
  readonly epoch?: number;
  readonly assignmentEpoch?: number;
  readonly members: readonly MemberSeen[];
};

/** State and members (DescribeGroups 15, ConsumerGroupDescribe 69, ShareGroupDescribe 77). */
export type GroupsDescribed = Timing & {
  readonly kind: 'described';
  readonly cluster: string;
  readonly broker: number;
  readonly groups: readonly { readonly group: string; readonly answer: Answer<GroupDescription> }[];
};

/** An offset by partition of the groups of one coordinator; `failures` are what its columns refer to. */
type OffsetsOfGroups = Timing & {
  readonly cluster: string;
  readonly broker: number;
  readonly groups: readonly {
    readonly group: string;
    readonly answer: Answer<readonly OffsetColumn[]>;
  }[];
  readonly failures: readonly Failure[];
};

/** Committed offsets of the groups of one coordinator (OffsetFetch 9, v8). */
export type CommittedSeen = OffsetsOfGroups & { readonly kind: 'committed' };

/**
 * Start offsets of the share partitions of the groups of one coordinator (DescribeShareGroupOffsets 90). Records below
 * are done with; what lies between it and the log end is lag from above, for some of it may be acknowledged already.
 */
export type ShareOffsetsSeen = OffsetsOfGroups & { readonly kind: 'share-offsets' };
