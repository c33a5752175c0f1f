import { ConfigProblem } from '../config/problem.js';
import { systemClock } from '../core/clock.js';
import type { View } from '../session/view.js';
import { print } from '../terminal/print.js';
import { assemble } from './assemble.js';
import { loadContext } from './context.js';
import { lagReport } from './lag-report.js';
import { lagCsv, lagTable } from './lag-text.js';
import type { Command } from './main.js';
import { Owners } from './owners.js';
import { isSettled, untilView } from './settle.js';

/** How long one answer waits for endpoints that are slow, ms. */
const patience = 15_000;

/**
 * Lag of groups and flows, once or every so many seconds, as a table, as CSV, or as one JSON object a line.
 * Exit code 1 when an endpoint failed: what could be seen is printed all the same.
 */
export const lag: Command = async (flags, env) => {
  if (flags.json === true && flags.csv === true)
    throw new ConfigProblem('--json and --csv cannot be given together', 'give one of them');
  const context = loadContext(flags, env);
  const owners = new Owners();
  const { session, close } = assemble(context, systemClock, o => owners.fold(o));
  const tell = (view: View): boolean => {
    const failing = view.endpoints.flatMap(({ name, status }) =>
      status.is === 'failing' ? [{ name, failure: status.failure }] : [],
    );
    const report = lagReport(view.snapshot, failing, owners);
    print(
      flags.json === true ? JSON.stringify(report) : flags.csv === true ? lagCsv(report) : lagTable(report),
    );
    return report.failing.length === 0;
  };
  try {
    await untilView(session, view => isSettled(view), systemClock, patience);
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
