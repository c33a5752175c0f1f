import type { Api } from '../api.js';
import { alterClientQuotas } from './alter-client-quotas.js';
import { alterReassignments } from './alter-reassignments.js';
import { apiVersions } from './api-versions.js';
import { createPartitions } from './create-partitions.js';
import { deleteGroups } from './delete-groups.js';
import { describeAcls } from './describe-acls.js';
import { describeClientQuotas } from './describe-client-quotas.js';
import { describeConfigs } from './describe-configs.js';
import { describeGroups } from './describe-groups.js';
import { describeLogDirs } from './describe-log-dirs.js';
import { describeProducers } from './describe-producers.js';
import { consumerGroupDescribe, shareGroupDescribe } from './describe-with-epochs.js';
import { electLeaders } from './elect-leaders.js';
import { fetch } from './fetch.js';
import { findCoordinator } from './find-coordinator.js';
import { incrementalAlterConfigs } from './incremental-alter-configs.js';
import { leaveGroup } from './leave-group.js';
import { listGroups } from './list-groups.js';
import { listOffsets } from './list-offsets.js';
import { listReassignments } from './list-reassignments.js';
import { metadata } from './metadata.js';
import { offsetCommit } from './offset-commit.js';
import { offsetDelete } from './offset-delete.js';
import { offsetFetch } from './offset-fetch.js';
import { offsetForLeaderEpoch } from './offset-for-leader-epoch.js';
import { produce } from './produce.js';
import { saslAuthenticate, saslHandshake } from './sasl.js';
import { describeShareGroupOffsets } from './share-group-offsets.js';
import { streamsGroupDescribe } from './streams-group-describe.js';

/** Everything that a simulated broker speaks; another API is one more line. */
export const apis: readonly Api[] = [
  produce,
  fetch,
  listOffsets,
  metadata,
  offsetCommit,
  offsetFetch,
  findCoordinator,
  leaveGroup,
  describeGroups,
  listGroups,
  saslHandshake,
  apiVersions(() => apis),
  offsetForLeaderEpoch,
  describeAcls,
  saslAuthenticate,
  createPartitions,
  deleteGroups,
  electLeaders,
  incrementalAlterConfigs,
  alterReassignments,
  listReassignments,
  offsetDelete,
  describeClientQuotas,
  alterClientQuotas,
  describeProducers,
  consumerGroupDescribe,
  describeConfigs,
  describeLogDirs,
  shareGroupDescribe,
  streamsGroupDescribe,
  describeShareGroupOffsets,
];
