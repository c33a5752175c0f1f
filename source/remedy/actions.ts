import type { Action } from './action.js';
import { pauseConnector, resumeConnector, stopConnector } from './actions/change-state.js';
import { raiseTasksMax } from './actions/raise-tasks-max.js';
import { restartAll, restartFailed, restartOne } from './actions/restart.js';
import { setKey } from './actions/set-key.js';
import { tuneConsumer } from './actions/tune-consumer.js';
import { batchSize, bufferMemory, compression, lingerMs, tuneProducer } from './actions/tune-producer.js';
import { addPartitions } from './actions/add-partitions.js';
import { electLeaders, electTopicLeaders } from './actions/elect-leaders.js';
import { deleteGroup, deleteOffsetsOfTopic, removeMember } from './actions/group-members.js';
import { moveLeader } from './actions/move-leader.js';
import {
  raiseFetchQuota,
  raiseProduceQuota,
  removeFetchQuota,
  removeProduceQuota,
  setFetchQuota,
  setProduceQuota,
} from './actions/quota.js';
import { resetOffsets } from './actions/reset-offsets.js';
import { lengthenRetention } from './actions/retention.js';
import { minInSync, setTopicKey } from './actions/topic-key.js';
import { onConnector } from './connector-action.js';

/** Every action that kmon offers, in the order of the menu. */
export const actions: readonly Action[] = [
  onConnector(restartFailed),
  onConnector(resumeConnector),
  onConnector(raiseTasksMax),
  onConnector(tuneProducer),
  onConnector(batchSize),
  onConnector(lingerMs),
  onConnector(compression),
  onConnector(bufferMemory),
  onConnector(tuneConsumer),
  onConnector(setKey),
  raiseProduceQuota,
  raiseFetchQuota,
  setProduceQuota,
  setFetchQuota,
  removeProduceQuota,
  removeFetchQuota,
  onConnector(restartOne),
  onConnector(restartAll),
  onConnector(pauseConnector),
  onConnector(stopConnector),
  lengthenRetention,
  electTopicLeaders,
  moveLeader,
  minInSync,
  setTopicKey,
  addPartitions,
  electLeaders,
  removeMember,
  resetOffsets,
  deleteOffsetsOfTopic,
  deleteGroup,
];
