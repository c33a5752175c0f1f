/** Three real brokers for the bench: the cluster `us` of a lab of its own, and nothing else of it. */
import { rmSync } from 'node:fs';
import { brokerNames, brokerParts, prepareBrokers } from '../../lab/brokers.js';
import { install } from '../../lab/install.js';
import { writeMonitoring } from '../../lab/monitoring.js';
import { end, start } from '../../lab/processes.js';
import { type LabSite, openOrCreateLab } from '../../lab/site.js';
import { clustersAreComplete } from '../../lab/topics.js';
import { until } from '../../lab/wait.js';

/** Brokers that hold 10,000 partitions need more than a lab's. */
const heapMegabytes = 1_024;

/** The name of that lab. */
export const benchLab = 'bench';

/** Brings up empty brokers: what an earlier bench left is removed. */
export async function startBrokers(progress: (line: string) => void): Promise<LabSite> {
  await removeSite(await openOrCreateLab({ name: benchLab }));
  const site = await openOrCreateLab({ name: benchLab });
  const { java } = await install(site, progress);
  writeMonitoring(site);
  await prepareBrokers(site, { of: 'us' });
  for (const part of brokerParts(site, java, { of: 'us', heapMegabytes })) start(site, part);
  await until('the brokers', () => clustersAreComplete(site, ['us']), { timeoutMs: 180_000 });
  return site;
}

export async function removeSite(site: LabSite): Promise<void> {
  await end(site, brokerNames('us'), 3_000);
  rmSync(site.folder, { recursive: true, force: true });
}
