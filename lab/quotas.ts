/** Quotas of the user `mm2-user`. */
import { runJavaTool } from './java.js';
import { adminBootstrap } from './properties.js';
import type { ClusterName, LabSite } from './site.js';

type QuotaKey = 'producer_byte_rate' | 'consumer_byte_rate';

async function alterQuota(site: LabSite, cluster: ClusterName, ...change: readonly string[]): Promise<void> {
  await runJavaTool(site, 'kafka.admin.ConfigCommand', [
    '--bootstrap-server',
    adminBootstrap(site, cluster),
    '--alter',
    '--entity-type',
    'users',
    '--entity-name',
    'mm2-user',
    ...change,
  ]);
}

/** Limits what each broker of the cluster takes from the user, or gives to it, bytes a second. */
export function setQuota(site: LabSite, cluster: ClusterName, key: QuotaKey, value: number): Promise<void> {
  return alterQuota(site, cluster, '--add-config', `${key}=${value}`);
}

/** A quota that is not there need not be removed: whoever injected it may have been stopped before it was set. */
export async function removeQuota(site: LabSite, cluster: ClusterName, key: QuotaKey): Promise<void> {
  try {
    await alterQuota(site, cluster, '--delete-config', key);
  } catch (error) {
    if (!String(error).includes(`Invalid config(s): ${key}`)) throw error;
  }
}
