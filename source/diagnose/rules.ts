import type { Rule } from './rule.js';
import { anotherWriter } from './rules/another-writer.js';
import { brokerLeaders } from './rules/broker-leaders.js';
import { brokerLost } from './rules/broker-lost.js';
import { commitJump } from './rules/commit-jump.js';
import { connectRebalances } from './rules/connect-rebalances.js';
import { consumerOverrun } from './rules/consumer-overrun.js';
import { flowLimits } from './rules/flow-limits.js';
import { flowRunning } from './rules/flow-running.js';
import { groupCommits } from './rules/group-commits.js';
import { groupLag } from './rules/group-lag.js';
import { groupRebalances } from './rules/group-rebalances.js';
import { groupRewind } from './rules/group-rewind.js';
import { groupSkew } from './rules/group-skew.js';
import { groupTruncated } from './rules/group-truncated.js';
import { halfExactlyOnce } from './rules/half-exactly-once.js';
import { inFlightOrder } from './rules/in-flight-order.js';
import { keyOrder } from './rules/key-order.js';
import { keySpread } from './rules/key-spread.js';
import { logTruncated } from './rules/log-truncated.js';
import { mirrorOverrun } from './rules/mirror-overrun.js';
import { mirrorRepeats } from './rules/mirror-repeats.js';
import { offsetsExpired } from './rules/offsets-expired.js';
import { partitionsAdded } from './rules/partitions-added.js';
import { partitionsImpaired } from './rules/partitions-impaired.js';
import { producerAcks } from './rules/producer-acks.js';
import { producerRetries } from './rules/producer-retries.js';
import { recordsNotWritten } from './rules/records-not-written.js';
import { recordsSkipped } from './rules/records-skipped.js';
import { replicationPosture } from './rules/replication-posture.js';
import { retentionRisk } from './rules/retention-risk.js';
import { sightOver } from './rules/sight.js';
import { topicRecreated } from './rules/topic-recreated.js';
import { topicSkew } from './rules/topic-skew.js';
import { uncleanElection } from './rules/unclean-election.js';

/** What judges the site, one line each. */
const ofTheSite: readonly Rule[] = [
  flowRunning,
  flowLimits,
  groupCommits,
  groupLag,
  groupRewind,
  groupRebalances,
  connectRebalances,
  groupSkew,
  topicSkew,
  keySpread,
  keyOrder,
  brokerLeaders,
  brokerLost,
  partitionsImpaired,
  replicationPosture,
  topicRecreated,
  uncleanElection,
  logTruncated,
  groupTruncated,
  consumerOverrun,
  retentionRisk,
  commitJump,
  offsetsExpired,
  mirrorOverrun,
  recordsNotWritten,
  recordsSkipped,
  producerAcks,
  mirrorRepeats,
  anotherWriter,
  producerRetries,
  halfExactlyOnce,
  partitionsAdded,
  inFlightOrder,
];

/** Every rule; the last one tells which of the others are blind. */
export const rules: readonly Rule[] = [...ofTheSite, sightOver(ofTheSite)];
