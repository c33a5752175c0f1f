/** All parts of a lab, in the order in which they are started. */
import { brokerParts } from './brokers.js';
import { groupParts } from './groups.js';
import { findTools, type Tools } from './install.js';
import { monitoringParts } from './monitoring.js';
import { type Part, signal, start } from './processes.js';
import type { LabSite } from './site.js';
import { workerParts } from './workers.js';

export interface Parts {
  readonly brokers: readonly Part[];
  readonly monitoring: readonly Part[];
  readonly workers: readonly Part[];
  readonly groups: readonly Part[];
}

export function partsOf(site: LabSite, tools: Tools = findTools()): Parts {
  return {
    brokers: brokerParts(site, tools.java),
    monitoring: monitoringParts(site, tools),
    workers: workerParts(site, tools.java),
    groups: groupParts(site, tools.java),
  };
}

/** Thaws what is frozen of a lab, and starts what is not alive. Does not wait until it is ready. */
export function repairParts(site: LabSite): void {
  signal(site, 'SIGCONT');
  const parts = partsOf(site);
  for (const part of [parts.brokers, parts.monitoring, parts.workers, parts.groups].flat()) start(site, part);
}

/** Starts those of the lab's parts that are named and not alive. Does not wait until they are ready. */
export function startParts(site: LabSite, names: readonly string[]): void {
  const parts = partsOf(site);
  for (const part of [parts.brokers, parts.monitoring, parts.workers, parts.groups].flat())
    if (names.includes(part.name)) start(site, part);
}
