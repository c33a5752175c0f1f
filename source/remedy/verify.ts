import type { Clock, Millis } from '../core/clock.js';
import { sentence } from '../core/failure.js';
import type { Answer } from '../core/observation.js';
import { duration } from '../core/units.js';
import type { Draft } from './action.js';
import type { World } from './world.js';

/** After a change the outside tells of the old state for a while: one good reading proves nothing. */
const readingsInARow = 2;
const pause: Millis = 1_000;
const patience: Millis = 120_000;

export type Verdict =
  | { readonly is: 'verified'; readonly after: Millis }
  | { readonly is: 'failed' | 'stopped'; readonly text: string };

/**
 * Reads until the world is as the draft wants it, twice in a row. Answers that do not come (a rebalance of Connect gives
 * 409) are waited for; what someone else has overruled is not.
 */
export async function verify(
  draft: Draft,
  basis: World,
  read: () => Promise<Answer<World>>,
  clock: Clock,
  signal: AbortSignal,
): Promise<Verdict> {
  const started = clock.now();
  let good = 0;
  let last = 'nothing was read yet';
  while (clock.now() - started <= patience) {
    await clock.sleep(pause, signal);
    if (signal.aborted) return { is: 'stopped', text: last };
    const world = await read();
    const overruled = 'ok' in world ? draft.overruled(world.ok, basis) : undefined;
    if (overruled !== undefined) return { is: 'failed', text: overruled };
    const wrong = 'failed' in world ? sentence(world.failed) : draft.pending(world.ok);
    if (wrong === undefined) good++;
    else {
      good = 0;
      last = wrong;
    }
    if (good >= readingsInARow) return { is: 'verified', after: clock.now() - started };
  }
  return { is: 'failed', text: `not so after ${duration(patience)}: ${last}` };
}
