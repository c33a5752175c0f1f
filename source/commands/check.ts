import { ConfigProblem } from '../config/problem.js';
import { systemClock } from '../core/clock.js';
import { duration, plural } from '../core/units.js';
import type { View } from '../session/view.js';
import { complain, print } from '../terminal/print.js';
import { systemTerminal } from '../terminal/terminal.js';
import { assemble } from './assemble.js';
import { wantedMark } from './baseline.js';
import { limitsOf, loadContext } from './context.js';
import type { CommandFlags } from './flags.js';
import type { Command } from './main.js';
import { durationOf } from './quantities.js';
import { untilView } from './settle.js';
import { exitCodes, isRipe, noVerdict, verdictOf, type Verdict } from './verdict.js';
import { version } from './version.js';

/** Long enough for a trend (15 s of samples) and for a finding to ripen (10 s). */
const usualSpan = '30s';

/**
 * Watches for `--for`, and then says one verdict. What is not ripe then is waited for once more as long, at most; what
 * cannot be judged even then makes the verdict unknown. It prints a verdict whatever happens: exit code 0 means ok.
 */
export const check: Command = async (flags, env) => {
  const say = (verdict: Verdict): number => {
    print(flags.json === true ? JSON.stringify(verdict) : checkText(verdict));
    return exitCodes[verdict.verdict];
  };
  try {
    return say(await watched(flags, env));
  } catch (error) {
    const [problem, next] =
      error instanceof ConfigProblem
        ? [error.problem, error.next]
        : [`an error of kmon's own: ${error instanceof Error ? error.message : String(error)}`, 'report it'];
    if (flags.json !== true) complain(`kmon: ${problem}\n${next}`);
    return flags.json === true ? say(noVerdict('anything', problem, next, version, systemClock.now())) : 3;
  }
};

async function watched(flags: CommandFlags, env: NodeJS.ProcessEnv): Promise<Verdict> {
  const span = durationOf('--for', flags.for ?? usualSpan);
  const context = loadContext(flags, env);
  const { session, memory, close } = assemble(context, systemClock);
  const broken = new Promise<never>((_, reject) => {
    systemTerminal().events.on('uncaughtException', reject);
    systemTerminal().events.on('unhandledRejection', reject);
  });
  try {
    const wanted = await wantedMark(flags, memory, systemClock.now());
    const comparison = wanted && { ...wanted, limits: limitsOf(context.thresholds) };
    const ripe = (view: View): boolean => isRipe(view, comparison);
    await Promise.race([broken, systemClock.sleep(span)]);
    if (!ripe(session.view()))
      await Promise.race([broken, untilView(session, ripe, systemClock, Math.min(span, 30_000))]);
    return verdictOf(session.view(), version, comparison);
  } finally {
    await close();
  }
}

export function checkText({
  verdict,
  reason,
  watchedSeconds,
  seen,
  findings,
  notJudged,
  since,
}: Verdict): string {
  const scope = `${seen.flows} flows, ${seen.groups} groups, watched for ${watchedSeconds}s`;
  return [
    `${verdict}: ${reason} (${scope})`,
    ...sinceText(since),
    ...findings.map(
      f =>
        `${standing(f, since)}${f.severity} ${f.phase}  ${f.subject.name}: ${f.sentence}, ${f.consequence}`,
    ),
    ...notJudged.map(m => `not judged${standingOf(m)}  ${m.what}: ${m.reason}; ${m.next}`),
  ].join('\n');
}

function standingOf({ required, state }: Verdict['notJudged'][number]): string {
  if (required) return state === 'early' ? ' yet' : '';
  return state === 'unavailable' ? ' here' : ' (not required)';
}

/** What it is compared with, and what is worse. */
function sinceText(since: Verdict['since']): readonly string[] {
  if (since === null) return [];
  const { mark, seconds, changes, newFindings, endedFindings } = since;
  return [
    `since ${mark.label ?? 'the mark'} of ${mark.at} (${duration(seconds * 1000)}): ${plural(newFindings.length, 'new finding')}, ${endedFindings.length} ended`,
    ...changes.flatMap(({ subject, worse }) =>
      worse.map(one => `worse  ${subject.kind} ${subject.name}: ${one}`),
    ),
  ];
}

function standing({ key, phase }: Verdict['findings'][number], since: Verdict['since']): string {
  if (since === null || phase === 'pending') return '';
  return since.newFindings.includes(key) ? 'new  ' : 'as then  ';
}
