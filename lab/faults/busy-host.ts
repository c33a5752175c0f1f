import { cpus } from 'node:os';
import { end, start } from '../processes.js';
import type { LabSite } from '../site.js';
import type { Fault } from './fault.js';

/** Busy processes for each core: what has to share it with them gets a fourth of it or less. */
const perCore = 3;
const names = Array.from({ length: perCore * cpus().length }, (_, i) => `busy-${i + 1}`);

export const busyHost: Fault = {
  name: 'busy-host',
  about: `${perCore} busy processes on each core beside the workers: no CPU is left for them`,
  inject: (site: LabSite) => {
    for (const name of names)
      start(site, { name, address: 'the host', command: process.execPath, args: ['-e', 'for (;;) {}'] });
  },
  heal: async site => {
    await end(site, names);
  },
};
