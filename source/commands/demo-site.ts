import { systemClock } from '../core/clock.js';
import { defaultScenario, scenarioNamed } from '../simulator/scenarios/index.js';
import { play } from '../simulator/scenarios/scenario.js';
import { SimulatedSite, type SiteAddresses } from '../simulator/site/site.js';
import type { Command } from './main.js';

/** What the site says to the process that started it, once. */
export type SiteReady = { readonly addresses: SiteAddresses };

/**
 * The simulated site of `kmon demo`, which starts it as a process of its own and is told its addresses. It ends with
 * that process, however that one ends: their channel closes.
 */
export const demoSite: Command = async flags => {
  const send = process.send?.bind(process);
  if (send === undefined) return 2;
  const stop = new AbortController();
  process.once('disconnect', () => stop.abort());
  const site = await SimulatedSite.start(systemClock);
  const ready: SiteReady = { addresses: site.addresses };
  send(ready);
  await Promise.all([
    site.run(stop.signal),
    play(site, scenarioNamed(flags.scenario ?? '') ?? defaultScenario, systemClock, stop.signal),
  ]);
  return 0;
};
