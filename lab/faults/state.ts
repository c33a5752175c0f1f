/** Which faults a lab has now: `faults.json` in its folder. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import type { LabSite } from '../site.js';

const activeFault = z.object({
  name: z.string(),
  /** Milliseconds since the epoch. */
  since: z.number(),
});
export type ActiveFault = z.infer<typeof activeFault>;

export function activeFaults(site: LabSite): ActiveFault[] {
  const { faults } = site.paths;
  return existsSync(faults) ? z.array(activeFault).parse(JSON.parse(readFileSync(faults, 'utf8'))) : [];
}

export function noteFault(site: LabSite, name: string): void {
  save(site, [...activeFaults(site), { name, since: Date.now() }]);
}

export function forgetFault(site: LabSite, name: string): void {
  save(
    site,
    activeFaults(site).filter(fault => fault.name !== name),
  );
}

function save(site: LabSite, faults: readonly ActiveFault[]): void {
  writeFileSync(site.paths.faults, `${JSON.stringify(faults, null, 2)}\n`);
}
