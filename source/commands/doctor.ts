import type { Context } from '../config/context.js';
import { systemClock, type Clock } from '../core/clock.js';
import { isKnown } from '../core/known.js';
import type { BrokerView } from '../model/snapshot.js';
import type { View } from '../session/view.js';
import { print } from '../terminal/print.js';
import { systemTerminal, type Terminal } from '../terminal/terminal.js';
import { assemble } from './assemble.js';
import { loadContext } from './context.js';
import { connectSection } from './doctor/connect.js';
import { isWell, type Report } from './doctor/examination.js';
import { Heard } from './doctor/heard.js';
import { kafkaSection } from './doctor/kafka.js';
import { metricsSections } from './doctor/metrics.js';
import { memorySection, terminalSection } from './doctor/self.js';
import { doctorText } from './doctor/text.js';
import type { Command } from './main.js';
import { isSettled, untilView } from './settle.js';
import { version } from './version.js';

/** Refusals come with the second pass at the latest, ms. */
const least = 4_000;

/** How long the session may take until everything has answered or failed, ms; a page tells rates with its second answer. */
const patience = 15_000;

/**
 * What kmon reaches, what it lacks, what is lost without it, and what repairs it. Exit code 0 when all is well, 1 when
 * something is missing or fails.
 */
export const doctor: Command = async (flags, env) => {
  const report = await examine(loadContext(flags, env), systemClock, systemTerminal());
  print(flags.json === true ? JSON.stringify(report) : doctorText(report));
  return report.well ? 0 : 1;
};

/** Runs the session as the monitor does until it has settled, and asks a few questions more. Nothing is changed. */
export async function examine(
  context: Context,
  clock: Clock,
  terminal: Pick<Terminal, 'input' | 'output' | 'env'>,
): Promise<Report> {
  const heard = new Heard();
  const { session, links, close } = assemble(context, clock, o => heard.fold(o));
  try {
    await untilView(session, view => settled(view, context, heard), clock, patience);
    const examined = { context, view: session.view(), heard, links, clock };
    const sections = [
      ...(await Promise.all(context.clusters.map(c => kafkaSection(c, examined)))),
      ...(await Promise.all(context.connects.map(c => connectSection(c, examined)))),
      ...(await metricsSections(examined)),
      terminalSection(terminal, context.glyphs),
      memorySection(examined.view.snapshot.history),
    ];
    const at = new Date(clock.now()).toISOString();
    return { kmon: version, at, context: context.name, well: isWell(sections), sections };
  } finally {
    await close();
  }
}

/** Every endpoint has answered or failed, and what can be known of brokers, groups and flows was asked. */
function settled(view: View, context: Context, heard: Heard): boolean {
  const { endpoints, snapshot, at, startedAt } = view;
  const failing = new Set(endpoints.flatMap(e => (e.status.is === 'failing' ? e.name : [])));
  const isTold = (name: string, is: () => boolean): boolean => failing.has(name) || is();
  return (
    at - startedAt >= least &&
    isSettled(view, id => heard.hasAsked(id) || heard.positions(id) !== undefined) &&
    snapshot.clusters.every(c =>
      isTold(`kafka ${c.name}`, () => isKnown(c.brokers) && c.brokers.value.every(wasAsked)),
    ) &&
    context.scrapes.every(p => isTold(`metrics ${p.name}`, () => (heard.metrics(p.name)?.times ?? 0) > 1))
  );
}

function wasAsked({ answers }: BrokerView): boolean {
  return isKnown(answers) || answers.unknown.kind !== 'early';
}
