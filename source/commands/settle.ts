import type { Clock, Millis } from '../core/clock.js';
import { isKnown } from '../core/known.js';
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

/** Every endpoint has answered or failed, and no lag that can be known is still being asked for. */
export function isSettled(
  { endpoints, snapshot }: View,
  /** Whether a flow or a group (by id) whose lag is not known yet was asked, and will not be known by waiting. */
  wasAsked: (id: string) => boolean = () => false,
): boolean {
  return (
    endpoints.every(e => e.status.is !== 'asking') &&
    snapshot.groups.every(g => isKnown(g.lag) || g.lag.unknown.kind !== 'early' || wasAsked(g.id)) &&
    snapshot.flows.every(
      f => f.kind !== 'mirror-source' || isKnown(f.lag) || f.source?.cluster === undefined || wasAsked(f.id),
    )
  );
}
