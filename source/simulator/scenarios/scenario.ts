import type { Clock } from '../../core/clock.js';
import type { SimulatedSite } from '../site/site.js';

/** A course of events on a simulated site. */
export type Scenario = {
  readonly name: string;
  /** What happens, and when. */
  readonly happens: string;
  /** What kmon should show of it. */
  readonly see: string;
  readonly events: readonly Event[];
};

export type Event = {
  /** Seconds after the start. */
  readonly at: number;
  readonly make: (site: SimulatedSite) => void | Promise<void>;
};

/** Lets the events happen at their time, until the last or the signal. */
export async function play(
  site: SimulatedSite,
  { events }: Scenario,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const start = clock.now();
  for (const { at, make } of [...events].sort((a, b) => a.at - b.at)) {
    await clock.sleep(start + at * 1000 - clock.now(), signal);
    if (signal.aborted) return;
    await make(site);
  }
}
