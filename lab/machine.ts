/** What no repair of a lab can put right: a full disk, ports that others hold. */
import { statfsSync } from 'node:fs';
import { running } from './processes.js';
import { type LabSite, nameOption, portsTaken } from './site.js';

/** Bytes of disk without which a lab is not started: half an hour of healthy load takes up to 3.6 GB over all replicas. */
const leastDisk = 2e9;

/** Throws before anything is touched, saying what to do. */
export async function checkMachine(
  site: Pick<LabSite, 'name' | 'folder' | 'portBase'>,
  least = leastDisk,
): Promise<void> {
  const { bavail, bsize } = statfsSync(site.folder);
  const free = bavail * bsize;
  if (free < least)
    throw new Error(
      `The disk of ${site.folder} has ${gigabytes(free)} left; a lab needs ${gigabytes(least)} or more. ` +
        `Labs that are no longer needed (npm run lab -- list) give theirs back: npm run lab -- down --wipe --name NAME`,
    );
  if (running(site).length > 0) return;
  const taken = await portsTaken(site);
  if (taken.length > 0)
    throw new Error(
      `Nothing of this lab runs, but other programs hold its ports: ${taken.join(', ')}. ` +
        `End those, or let it choose others: npm run lab -- down --wipe${nameOption(site.name)}`,
    );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
