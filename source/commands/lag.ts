import { loadContext } from '../config/load.js';
import { systemClock } from '../core/clock.js';
import { isKnown } from '../core/known.js';
import type { SessionPort, View } from '../session/view.js';
import { print } from '../terminal/print.js';
import { assemble } from './assemble.js';
import { lagReport, lagTable } from './lag-report.js';
import type { Command } from './main.js';

/** How long one answer waits for endpoints that are slow, ms. */
const patience = 15_000;

/**
 * Lag of groups and flows, once or every so many seconds, as a table or as one JSON object a line.
 * Exit code 1 when an endpoint failed: what could be seen is printed all the same.
 */
export const lag: Command = async (flags, env) => {
  const context = loadContext(flags, env);
  const { session, close } = assemble(context, systemClock);
  const tell = (view: View): boolean => {
    const failing = view.endpoints.flatMap(({ name, status }) =>
      status.is === 'failing' ? [{ name, failure: status.failure }] : [],
    );
    const report = lagReport(view.snapshot, failing);
    print(flags.json === true ? JSON.stringify(report) : lagTable(report));
    return report.failing.length === 0;
  };
  try {
    await settled(session);
    let well = tell(session.view());
    if (flags.every === undefined) return well ? 0 : 1;
    for (;;) {
      await systemClock.sleep(flags.every * 1000);
      well = tell(session.view());
    }
  } finally {
    await close();
  }
};

/** Resolves when every endpoint has answered or failed, and nothing that can be known is still being asked. */
function settled(session: SessionPort): Promise<void> {
  const enough = (view: View): boolean =>
    view.endpoints.every(e => e.status.is !== 'asking') &&
    view.snapshot.groups.every(g => isKnown(g.lag) || g.type === 'share' || g.lag.since < view.startedAt) &&
    view.snapshot.flows.every(
      f => f.kind !== 'mirror-source' || isKnown(f.lag) || f.source?.cluster === undefined,
    );
  return new Promise(resolve => {
    const finish = (): void => {
      leave();
      timer.abort();
      resolve();
    };
    const timer = new AbortController();
    const leave = session.subscribe(() => {
      if (enough(session.view())) finish();
    });
    void systemClock.sleep(patience, timer.signal).then(finish);
  });
}
