/** Bringing a lab up, whatever is left of it, and down. */
import { rmSync } from 'node:fs';
import { brokerNames, prepareBrokers } from './brokers.js';
import { connectorNames, putConnectors, workersAreReady } from './connectors.js';
import { writeContext } from './context.js';
import { heal } from './faults/index.js';
import { groupsAreReady, groupsOf, seedOffsets } from './groups.js';
import { install } from './install.js';
import { spreadLeaders } from './leaders.js';
import { checkMachine } from './machine.js';
import { monitoringIsReady, writeMonitoring } from './monitoring.js';
import { type Parts, partsOf } from './parts.js';
import { type Part, end, logTail, running, signal, start } from './processes.js';
import { type LabSite, withNewClusters } from './site.js';
import { clustersAreComplete, createAcls, createTopics, targetTopicsExist } from './topics.js';
import { messageOf, until } from './wait.js';
import { workerNames, writeWorkers } from './workers.js';

type Progress = (line: string) => void;

/**
 * Brings the lab up and healthy: installs, starts what is missing, thaws what is frozen, heals active faults, and waits
 * until every part is ready. Harmless when all is well. What cannot be repaired is replaced: all processes ended, the
 * data folders emptied, everything started again.
 */
export async function up(site: LabSite, progress: Progress): Promise<void> {
  await checkMachine(site);
  const tools = await install(site, progress);
  try {
    await bringUp(site, partsOf(site, tools), progress);
  } catch (error) {
    progress(`could not be repaired: ${messageOf(error)}`);
    progress('replacing it: ending all processes, emptying the data folders');
    await down(site);
    rmSync(site.paths.data, { recursive: true, force: true });
    rmSync(site.paths.control, { recursive: true, force: true });
    rmSync(site.paths.faults, { force: true });
    const fresh = withNewClusters(site);
    await bringUp(fresh, partsOf(fresh, tools), progress);
  }
}

async function bringUp(site: LabSite, parts: Parts, progress: Progress): Promise<void> {
  writeMonitoring(site);
  writeWorkers(site);
  progress('brokers and monitoring');
  await prepareBrokers(site);
  signal(site, 'SIGCONT');
  startAll(site, parts.monitoring);
  startAll(site, parts.brokers);
  await ready(site, 'the brokers', [...brokerNames('eu'), ...brokerNames('us')], () =>
    clustersAreComplete(site),
  );
  await ready(site, 'Prometheus and node_exporter', ['prometheus', 'node-exporter'], () =>
    monitoringIsReady(site),
  );

  progress('topics, ACLs and Connect workers');
  startAll(site, parts.workers);
  await createTopics(site);
  await createAcls(site);
  // A new cluster has to make its offsets topic first, and its coordinators move about meanwhile.
  await until('offsets of billing', () => seedOffsets(site).then(() => true), { timeoutMs: 60_000 });
  // Groups that need no replicated topic, and that the checkpoint connector needs.
  const sourceGroups = groupsOf(site).filter(plan => plan.cluster === 'eu');
  startAll(
    site,
    parts.groups.filter(({ name }) => sourceGroups.some(({ group }) => group === name)),
  );
  await ready(site, 'the Connect workers', workerNames, () => workersAreReady(site));

  progress(`connectors ${connectorNames.join(', ')}`);
  await heal(site);
  await putConnectors(site);
  await targetTopicsExist(site);
  // Brokers that were down lead nothing when they are back.
  await spreadLeaders(site);

  progress(
    `consumer groups ${groupsOf(site)
      .map(({ group }) => group)
      .join(', ')}`,
  );
  startAll(site, parts.groups);
  await groupsAreReady(site);
  writeContext(site);
}

function startAll(site: LabSite, parts: readonly Part[]): void {
  for (const part of parts) start(site, part);
}

/** Waits until `look` says that the parts are ready; fails at once when one of them has died, with what its log says. */
async function ready(
  site: LabSite,
  what: string,
  names: readonly string[],
  look: () => Promise<boolean>,
): Promise<void> {
  let died: string | undefined;
  await until(
    what,
    async () => {
      const alive = running(site).map(({ part }) => part);
      died = names.find(name => !alive.includes(name));
      return died !== undefined || (await look());
    },
    { timeoutMs: 120_000 },
  );
  if (died !== undefined) throw new Error(`${died} ended. Its log says:\n${logTail(site, died)}`);
}

/** Ends every process of the lab and nothing else; the data stay. Returns the names of the parts that were ended. */
export async function down(site: LabSite): Promise<string[]> {
  const brokers = [...brokerNames('eu'), ...brokerNames('us')];
  const others = running(site)
    .map(({ part }) => part)
    .filter(part => !brokers.includes(part));
  // Brokers last, and briefly: three controllers leaving together wait for a majority that will not come back.
  const ended = [...(await end(site, others)), ...(await end(site, brokers, 3_000))];
  return [...new Set(ended.map(({ part }) => part))];
}
