/** The faults of a lab. A new one is a file beside this one and a line in the list. */
import type { LabSite } from '../site.js';
import { busyWorkers } from './busy-workers.js';
import { churn } from './churn.js';
import { connectDown } from './connect-down.js';
import { connectorPaused } from './connector-paused.js';
import { consumerRewound } from './consumer-rewound.js';
import { consumerStopped } from './consumer-stopped.js';
import type { Fault } from './fault.js';
import { filter } from './filter.js';
import { freezeBroker } from './freeze-broker.js';
import { killWorker } from './kill-worker.js';
import { leadersAway } from './leaders-away.js';
import { leadersMoved } from './leaders-moved.js';
import { overloadAllTasks } from './overload-all-tasks.js';
import { overload } from './overload.js';
import { partitionsAdded } from './partitions-added.js';
import { poison } from './poison.js';
import { prometheusDown } from './prometheus-down.js';
import { retentionOverrun } from './retention-overrun.js';
import { skew } from './skew.js';
import { slowBrokers } from './slow-brokers.js';
import { slowConsumer } from './slow-consumer.js';
import { slowMemberFault } from './slow-member.js';
import { smallBuffer } from './small-buffer.js';
import { sourceAcl } from './source-acl.js';
import { sourceQuota } from './source-quota.js';
import { activeFaults, forgetFault, noteFault } from './state.js';
import { stopBroker } from './stop-broker.js';
import { stopCluster } from './stop-cluster.js';
import { targetQuota } from './target-quota.js';
import { topicRecreated } from './topic-recreated.js';
import { uncleanElection } from './unclean-election.js';
import { unevenAssignment } from './uneven-assignment.js';
import { writeDenied } from './write-denied.js';

export const faults: readonly Fault[] = [
  targetQuota,
  slowBrokers,
  stopBroker,
  freezeBroker,
  stopCluster,
  leadersMoved,
  uncleanElection,
  leadersAway,
  sourceQuota,
  sourceAcl,
  topicRecreated,
  overload,
  overloadAllTasks,
  busyWorkers,
  smallBuffer,
  filter,
  poison,
  writeDenied,
  connectorPaused,
  killWorker,
  connectDown,
  skew,
  slowConsumer,
  consumerStopped,
  consumerRewound,
  retentionOverrun,
  unevenAssignment,
  slowMemberFault,
  churn,
  partitionsAdded,
  prometheusDown,
];

/** The fault of that name. Throws when there is none. */
export function findFault(name: string): Fault {
  const fault = faults.find(each => each.name === name);
  if (!fault) throw new Error(`No fault "${name}": ${faults.map(each => each.name).join(', ')}`);
  return fault;
}

/**
 * Makes the named fault and waits until it is there; returns what it did in a few words, when there is more to say than
 * its name. Throws when it is active already.
 */
export async function inject(site: LabSite, name: string): Promise<string | undefined> {
  const fault = findFault(name);
  if (activeFaults(site).some(active => active.name === name)) throw new Error(`${name} is active already`);
  // Noted first: a fault that got half-way has to be healed too.
  noteFault(site, name);
  await fault.prepare?.(site);
  let note: string | undefined;
  await fault.inject(site, text => (note = text));
  return note;
}

/** Heals the named fault, or every active one; returns the names of those that were active. */
export async function heal(site: LabSite, name?: string): Promise<string[]> {
  if (name !== undefined) findFault(name);
  // The last one first: one fault may have been made in a site that another had changed.
  const healed = activeFaults(site)
    .map(active => active.name)
    .filter(active => name === undefined || active === name)
    .reverse();
  for (const active of healed) {
    await findFault(active).heal(site);
    forgetFault(site, active);
  }
  return healed;
}
