import type { Clock } from '../core/clock.js';
import { sentence, type Failure } from '../core/failure.js';
import type { Answer } from '../core/observation.js';
import { duration } from '../core/units.js';
import type { Change, Step } from './plan.js';
import { standing, type World } from './world.js';

/**
 * How often, and how long apart, the world is read after a write of which no answer came. What broke the connection may well break
 * the first readings too: as many again are allowed to fail.
 */
const looks = 5;
const attempts = 2 * looks;
const betweenLooks = 3_000;

/** What a write did of which no answer came. It is never sent again: it may still be on its way. */
export async function findOut(
  changes: readonly Change[],
  read: () => Promise<Answer<World>>,
  why: Failure,
  clock: Clock,
  signal: AbortSignal,
): Promise<Step> {
  const step = (state: Step['state'], text: string): Step => ({ at: clock.now(), state, text });
  const cause = sentence(why);
  let last = 'it could not be read again';
  let [readings, unchanged] = [0, 0];
  const started = clock.now();
  for (let i = 0; i < attempts && readings < looks && !signal.aborted; i++) {
    const now = await read();
    if ('failed' in now) last = sentence(now.failed);
    else {
      readings++;
      const is = standing(changes, now.ok);
      if (is === 'applied')
        return step('applied', `the answer did not confirm it (${cause}); read again: it is applied`);
      if (is === 'unseen')
        return step('unknown', `whether it was done is not known: ${cause}; it leaves no trace to see`);
      if (is === 'as before') unchanged++;
      last = is === 'as before' ? 'all is as before' : 'it is neither what it was nor what was written';
    }
    await clock.sleep(betweenLooks, signal);
  }
  const certain = unchanged === looks;
  const later = duration(clock.now() - started);
  return certain
    ? step('failed', `not applied: ${cause}; ${last}, ${later} later too; it was not sent again`)
    : step('unknown', `whether it was applied is not known: ${cause}; ${last}`);
}
