import { runJavaTool } from '../java.js';
import { adminBootstrap } from '../properties.js';
import type { LabSite } from '../site.js';
import type { Fault } from './fault.js';

/** Bytes a second that each broker of `us` takes from `mm2-user`; healthy load brings each some 180,000. */
const quota = 60_000;

async function alterQuota(site: LabSite, ...change: readonly string[]): Promise<void> {
  await runJavaTool(site, 'kafka.admin.ConfigCommand', [
    '--bootstrap-server',
    adminBootstrap(site, 'us'),
    '--alter',
    '--entity-type',
    'users',
    '--entity-name',
    'mm2-user',
    ...change,
  ]);
}

export const targetQuota: Fault = {
  name: 'target-quota',
  about: `a producer quota of ${quota} bytes/s per broker on mm2-user: poll > write, then back-pressure`,
  inject: site => alterQuota(site, '--add-config', `producer_byte_rate=${quota}`),
  heal: site => alterQuota(site, '--delete-config', 'producer_byte_rate').catch(unlessAbsent),
};

/** A quota that is not there need not be removed: whoever injected it may have been stopped before it was set. */
function unlessAbsent(error: unknown): void {
  if (!/Invalid config\(s\): producer_byte_rate/.test(String(error))) throw error;
}
