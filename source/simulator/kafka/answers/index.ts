import type { Api } from '../api.js';
import { apiVersions } from './api-versions.js';
import { describeConfigs } from './describe-configs.js';
import { describeGroups } from './describe-groups.js';
import { describeLogDirs } from './describe-log-dirs.js';
import { consumerGroupDescribe, shareGroupDescribe } from './describe-with-epochs.js';
import { findCoordinator } from './find-coordinator.js';
import { listGroups } from './list-groups.js';
import { listOffsets } from './list-offsets.js';
import { metadata } from './metadata.js';
import { offsetFetch } from './offset-fetch.js';
import { saslAuthenticate, saslHandshake } from './sasl.js';
import { describeShareGroupOffsets } from './share-group-offsets.js';
import { streamsGroupDescribe } from './streams-group-describe.js';

/** Everything that a simulated broker speaks; another API is one more line. */
export const apis: readonly Api[] = [
  listOffsets,
  metadata,
  offsetFetch,
  findCoordinator,
  describeGroups,
  listGroups,
  saslHandshake,
  apiVersions(() => apis),
  saslAuthenticate,
  consumerGroupDescribe,
  describeConfigs,
  describeLogDirs,
  shareGroupDescribe,
  streamsGroupDescribe,
  describeShareGroupOffsets,
];
