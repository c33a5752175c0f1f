/** The load: how much is written to the source topics, and the process that writes it. */
import { join } from 'node:path';
import * as z from 'zod';
import { type Part, end, running, start } from './processes.js';
import { type SettingsFile, settingsFile } from './settings.js';
import { type LabSite, checkout } from './site.js';

/** Records a second in health, over both topics, and bytes of each record's value. */
export const healthyRate = 1_000;
const healthyBytes = 500;

const loadSettings = z.object({
  /** Records a second over both topics, spread evenly over their partitions. */
  rate: z.number().min(0).max(50_000).default(healthyRate),
  /** Bytes of each record's value. */
  bytes: z.int().min(100).max(100_000).default(healthyBytes),
  /** The share of the records of `orders` that carry one and the same key; 0 in health. */
  hotShare: z.number().min(0).max(1).default(0),
});
export type LoadSettings = z.infer<typeof loadSettings>;

/** What is written in health. */
export const healthyLoad: LoadSettings = loadSettings.parse({});

export const loadFile: SettingsFile<LoadSettings> = settingsFile('load', loadSettings);

const partName = 'load';

/** The process of the load; `up` does not start it. */
export function loadPart(site: LabSite): Part {
  return {
    name: partName,
    address: 'orders, payments@eu',
    command: process.execPath,
    args: ['--import', 'tsx', join(checkout, 'lab/run/load.ts'), site.name],
  };
}

/**
 * Starts the load, or changes the running one (it follows within a second, without a restart).
 * What `change` leaves out keeps its present value while the load runs, and is healthy when it starts.
 */
export function setLoad(site: LabSite, change: Partial<LoadSettings> = {}): LoadSettings {
  const runs = running(site).some(process => process.part === partName);
  const settings = loadSettings.parse({ ...(runs ? loadFile.read(site) : {}), ...change });
  loadFile.write(site, settings);
  start(site, loadPart(site));
  return settings;
}

/** The settings of the running load, undefined when none runs. */
export function currentLoad(site: LabSite): LoadSettings | undefined {
  return running(site).some(process => process.part === partName) ? loadFile.read(site) : undefined;
}

/** Ends the load after its last acknowledged record; false when none ran. */
export async function stopLoad(site: LabSite): Promise<boolean> {
  return (await end(site, [partName])).length > 0;
}
