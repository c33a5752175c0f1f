import { ConfigProblem } from '../config/problem.js';
import { sentence } from '../core/failure.js';
import { systemClock } from '../core/clock.js';
import { plural } from '../core/units.js';
import { timeOfDay } from '../screen/format.js';
import { baselineOf, type Mark } from '../session/mark.js';
import { withMark } from '../session/memory.js';
import type { View } from '../session/view.js';
import { complain, print } from '../terminal/print.js';
import { assemble } from './assemble.js';
import { loadContext } from './context.js';
import type { Command } from './main.js';
import { durationOf } from './quantities.js';
import { isSettled, untilView } from './settle.js';
import { isRipe, verdictOf } from './verdict.js';

/** As long as a check takes, at most: what it compares with must be known as well as what it will see. */
const usualSpan = '60s';

/**
 * Marks the moment from a script: looks until everything is known that can be, for `--for` at most, and keeps what it was like for
 * `kmon check --since-mark`. What is not known then is told; where nothing answers, nothing is marked.
 */
export const mark: Command = async (flags, env, [label]) => {
  const span = durationOf('--for', flags.for ?? usualSpan);
  if (label !== undefined && (label.trim() === '' || label.length > 80))
    throw new ConfigProblem('a label has 1 to 80 characters', 'for example kmon mark v42');
  const context = loadContext(flags, env);
  const { session, memory, close } = assemble(context, systemClock);
  try {
    await untilView(session, view => isSettled(view) && isRipe(view), systemClock, span);
    const view = session.view();
    const silent = view.endpoints.filter(({ status }) => status.is !== 'live');
    if (silent.length === view.endpoints.length) {
      const why = silent.flatMap(({ status }) => (status.is === 'failing' ? [sentence(status.failure)] : []));
      complain(`kmon: nothing answers, so nothing is marked\n${why[0] ?? 'watch longer: --for'}`);
      return 1;
    }
    const set: Mark = {
      at: view.at,
      ...(label !== undefined && { label: label.trim() }),
      baseline: baselineOf(view),
    };
    const kept = await memory.change(before => withMark(before, set));
    if ('broken' in kept) {
      complain(`kmon: ${kept.broken}\nnothing is marked`);
      return 1;
    }
    const unknown = unknownOf(view);
    print(flags.json === true ? JSON.stringify(reportOf(set, unknown)) : textOf(set, unknown));
    return 0;
  } finally {
    await close();
  }
};

/** What a check will not be able to compare, or say anything of. */
function unknownOf(view: View): readonly string[] {
  return verdictOf(view, '')
    .notJudged.filter(one => one.required)
    .map(({ what, reason }) => `${what}: ${reason}`);
}

function reportOf({ at, label, baseline }: Mark, unknown: readonly string[]): object {
  return {
    at: new Date(at).toISOString(),
    label: label ?? null,
    flows: baseline.flows.length,
    groups: baseline.groups.length,
    findings: baseline.findings.map(one => one.key),
    unknown,
  };
}

function textOf({ at, label, baseline }: Mark, unknown: readonly string[]): string {
  const { flows, groups, findings } = baseline;
  const fires =
    findings.length === 0 ? 'nothing fires' : `${plural(findings.length, 'finding')} there already`;
  return [
    `marked ${timeOfDay(at)}${label === undefined ? '' : ` as ${label}`}: ${plural(flows.length, 'flow')}, ${plural(groups.length, 'group')}, ${fires}`,
    ...unknown.map(one => `not known  ${one}`),
  ].join('\n');
}
