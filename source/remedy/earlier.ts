import type { Millis } from '../core/clock.js';
import { sentence } from '../core/failure.js';
import type { Answer } from '../core/observation.js';
import { nameOfTarget, type Step } from './plan.js';
import type { Unfinished } from './unfinished.js';
import { standing, type World } from './world.js';

/** A change that another run began and did not end, with what is known of it now. */
export type Earlier = { readonly change: Unfinished; readonly step: Step };

/** By the world as it was read just now; undefined where nobody looked, since the other run is still at it. */
export function whatIsKnown(change: Unfinished, world: Answer<World> | undefined, at: Millis): Earlier {
  const diff = change.changes.map(c => `${c.key} ${c.from ?? 'not set'} → ${c.to ?? 'not set'}`).join(', ');
  const begun = `${diff} of ${nameOfTarget(change.target)}: kmon ${change.pid} of ${change.who}`;
  const step = (state: Step['state'], text: string): Earlier => ({ change, step: { at, state, text } });
  if (world === undefined) return step('unknown', `${begun} is still at it (${change.state})`);
  const ended = `${begun} ended while it was ${change.state}; `;
  if ('failed' in world) return step('unknown', `${ended}it can not be read now: ${sentence(world.failed)}`);
  switch (standing(change.changes, world.ok)) {
    case 'applied':
      return step('done', `${ended}read now: it is applied`);
    case 'as before':
      return step('failed', `${ended}read now: all is as before`);
    case 'neither':
      return step('unknown', `${ended}read now: it is neither what it was nor what was to be written`);
    case 'unseen':
      return step('unknown', `${ended}whether it was done leaves no trace to see`);
  }
}
