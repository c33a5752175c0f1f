import type { AclsSeen } from './observed/acls.js';
import type { BrokerApisSeen, BrokerConfigsSeen, LogDirsSeen } from './observed/brokers.js';
import type { ClusterSeen } from './observed/cluster.js';
import type { ConnectSeen, ConnectorsSeen, PluginsSeen, PositionsSeen } from './observed/connect.js';
import type { CommittedSeen, GroupsDescribed, GroupsListed, ShareOffsetsSeen } from './observed/groups.js';
import type { MetricsPastSeen, MetricsSeen } from './observed/metrics.js';
import type { EpochEndsSeen, OffsetsSeen } from './observed/offsets.js';
import type { QuotasSeen } from './observed/quotas.js';
import type { RecordsSampled } from './observed/records.js';
import type { ReassignmentsSeen, TopicConfigsSeen } from './observed/topics.js';

export type * from './observed/acls.js';
export type * from './observed/answer.js';
export type * from './observed/brokers.js';
export type * from './observed/cluster.js';
export type * from './observed/connect.js';
export type * from './observed/groups.js';
export type * from './observed/metrics.js';
export type * from './observed/offsets.js';
export type * from './observed/quotas.js';
export type * from './observed/records.js';
export type * from './observed/topics.js';

/**
 * What was seen of the outside: plain data, one a response, so that a recording, a test, the demo and the live
 * screen are the same stream. Numbers a partition come as columns, not as objects.
 */
export type Observation =
  | ClusterSeen
  | OffsetsSeen
  | GroupsListed
  | GroupsDescribed
  | CommittedSeen
  | ShareOffsetsSeen
  | EpochEndsSeen
  | TopicConfigsSeen
  | LogDirsSeen
  | BrokerConfigsSeen
  | BrokerApisSeen
  | QuotasSeen
  | AclsSeen
  | ReassignmentsSeen
  | RecordsSampled
  | ConnectSeen
  | ConnectorsSeen
  | PositionsSeen
  | PluginsSeen
  | MetricsSeen
  | MetricsPastSeen;

export type ObservationKind = Observation['kind'];
