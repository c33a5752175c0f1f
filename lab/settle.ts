/** Puts a lab in order between two situations, so that nothing of the first is left in the second. */
import { clientMetricsAreThere } from './client-metrics.js';
import {
  connectorsRun,
  putConnectors,
  restartConnector,
  restartFailed,
  workersAreReady,
} from './connectors.js';
import { heal } from './faults/index.js';
import { groupsAreReady } from './groups.js';
import { spreadLeaders } from './leaders.js';
import { healthyLoad, setLoad } from './load.js';
import { repairParts } from './parts.js';
import type { LabSite } from './site.js';
import { clustersAreComplete } from './topics.js';
import { truth } from './truth.js';
import { until } from './wait.js';

/** What is written while a backlog drains that nobody watches, records/s: half of what the tasks carry is arrival otherwise. */
const drainingRate = 50;

export interface Settling {
  /** Ends the waiting for replication. */
  readonly signal?: AbortSignal;
  /** Writes little until replication has caught up: for where no kmon watches that would wonder at it. */
  readonly quickly?: boolean;
}

/** Heals what is active, starts what died, and waits until everything runs, has caught up and is measured. */
export async function settle(site: LabSite, { signal, quickly = false }: Settling = {}): Promise<void> {
  await heal(site);
  repairParts(site);
  setLoad(site, quickly ? { ...healthyLoad, rate: drainingRate } : healthyLoad);
  await until('all brokers', () => clustersAreComplete(site), { timeoutMs: 90_000 });
  await spreadLeaders(site);
  await until('the workers', () => workersAreReady(site), { timeoutMs: 90_000 });
  await until('failed tasks to be restarted', () => restartFailed(site).then(() => true), {
    timeoutMs: 60_000,
    everyMs: 2_000,
  });
  await putConnectors(site);
  await groupsAreReady(site);
  await caughtUp(site, signal);
  if (!(await clientMetricsAreThere(site))) {
    await restartConnector(site, 'mm2-source');
    await connectorsRun(site);
    await until('the metrics of the tasks', () => clientMetricsAreThere(site), { timeoutMs: 60_000 });
    await caughtUp(site, signal);
  }
  if (quickly) setLoad(site, healthyLoad);
}

/** After ten minutes of a quota that takes seven. */
async function caughtUp(site: LabSite, signal?: AbortSignal): Promise<void> {
  const isSo = async (): Promise<boolean> => signal?.aborted === true || (await truth(site)).behind < 1_000;
  await until('replication to catch up', isSo, { timeoutMs: 900_000, everyMs: 1_000 });
}
