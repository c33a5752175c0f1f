/** Parts of a lab that work a while and stand still a while, in turn: slow as a whole, and never gone. */
import { join } from 'node:path';
import { end, signal, start } from './processes.js';
import { type LabSite, checkout } from './site.js';

export interface Duty {
  readonly begin: (site: LabSite) => void;
  readonly end: (site: LabSite) => Promise<void>;
}

/** `name` is that of the process which keeps stopping them. */
export function duty(
  name: string,
  parts: readonly string[],
  { stoppedMs, runningMs }: { readonly stoppedMs: number; readonly runningMs: number },
): Duty {
  return {
    begin: site =>
      start(site, {
        name,
        address: parts.join(', '),
        command: process.execPath,
        args: [
          '--import',
          'tsx',
          join(checkout, 'lab/run/duty.ts'),
          site.name,
          String(stoppedMs),
          String(runningMs),
          ...parts,
        ],
      }),
    end: async site => {
      await end(site, [name]);
      signal(site, 'SIGCONT', parts);
    },
  };
}
