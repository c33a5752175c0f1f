import type { Millis } from '../../core/clock.js';
import { elect } from './brokers.js';
import { consume } from './consume.js';
import { produce } from './produce.js';
import { runTask } from './replicate.js';
import type { SiteState } from './state.js';
import { flush, superviseTasks } from './tasks.js';
import { write } from './write.js';

/** The length of a step: short against everything that kmon sees, as it asks once a second at most. */
export const stepLength: Millis = 100;

/**
 * Lets `ms` pass on a site. Nothing but the state decides what happens: the same state and the same steps give the same
 * course. What a step hands to a producer is acknowledged in the next one at the earliest.
 */
export function step(state: SiteState, ms: Millis): void {
  state.now += ms;
  elect(state);
  produce(state, ms);
  for (const task of state.tasks) runTask(state, task, ms);
  write(state, ms);
  superviseTasks(state);
  flush(state);
  consume(state, ms);
}
