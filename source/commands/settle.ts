import type { Clock, Millis } from '../core/clock.js';
import type { SessionPort, View } from '../session/view.js';

/** Resolves true when a published view satisfies, false when `patience` is over before one does. */
export function untilView(
  session: SessionPort,
  satisfies: (view: View) => boolean,
  clock: Clock,
  patience: Millis,
): Promise<boolean> {
  return new Promise(resolve => {
    const timer = new AbortController();
    const finish = (satisfied: boolean): void => {
      leave();
      timer.abort();
      resolve(satisfied);
    };
    const leave = session.subscribe(() => {
      if (satisfies(session.view())) finish(true);
    });
    void clock.sleep(patience, timer.signal).then(() => finish(false));
  });
}
