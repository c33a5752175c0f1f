import { ConfigProblem } from '../config/problem.js';
import type { Millis } from '../core/clock.js';
import { nearest } from '../core/nearest.js';
import { duration } from '../core/units.js';
import { Lifecycle } from '../diagnose/lifecycle.js';
import { SiteModel } from '../model/site-model.js';
import { openPlayback } from '../record/player.js';
import { baselineOf, type Baseline, type Mark } from '../session/mark.js';
import type { MemoryPort } from '../session/memory.js';
import { limitsOf } from './context.js';
import type { CommandFlags } from './flags.js';
import { pastMomentOf } from './quantities.js';

/** A mark may be named by a time that is so far from it: nobody remembers the second. */
const tolerance: Millis = 60_000;

/** With what a check compares, as its flags say; undefined where they ask for no comparison. @throws {ConfigProblem} */
export async function wantedMark(
  { sinceMark, since, from }: CommandFlags,
  memory: MemoryPort,
  now: Millis,
): Promise<{ readonly mark: Mark; readonly from: 'mark' | 'recording' } | undefined> {
  if (since !== undefined && sinceMark !== undefined)
    throw new ConfigProblem('--since and --since-mark cannot be given together', 'give one of them');
  if (from !== undefined && since === undefined)
    throw new ConfigProblem('--from needs --since', 'for example --since 14:05 --from incident.kmon');
  if (since !== undefined && from !== undefined) {
    const at = pastMomentOf('--since', since, now);
    return { mark: await recorded(from, at), from: 'recording' };
  }
  const wanted = since ?? sinceMark;
  if (wanted === undefined) return undefined;
  const read = await memory.read();
  if ('broken' in read) throw new ConfigProblem(read.broken, 'without it no mark is known');
  if (since !== undefined) {
    const at = pastMomentOf('--since', since, now);
    return {
      mark: byTime(read.marks, at) ?? missing(read.marks, `no mark of ${clock(at)}`, now),
      from: 'mark',
    };
  }
  return { mark: named(read.marks, wanted, now), from: 'mark' };
}

/** By its label, the newest of that name; else by its time; the newest of all where nothing is given. */
function named(marks: readonly Mark[], wanted: string, now: Millis): Mark {
  const newest = marks.at(-1);
  if (wanted === '') return newest ?? missing(marks, 'there is no mark of this context', now);
  const labelled = marks.findLast(mark => mark.label === wanted);
  if (labelled !== undefined) return labelled;
  const at = timeIn(wanted, now);
  const found = at === undefined ? undefined : byTime(marks, at);
  return found ?? missing(marks, `there is no mark ${wanted}`, now, wanted);
}

function byTime(marks: readonly Mark[], at: Millis): Mark | undefined {
  const near = (mark: Mark): Millis => Math.abs(mark.at - at);
  const [closest] = [...marks].sort((a, b) => near(a) - near(b));
  return closest !== undefined && near(closest) <= tolerance ? closest : undefined;
}

function timeIn(text: string, now: Millis): Millis | undefined {
  try {
    return pastMomentOf('--since-mark', text, now);
  } catch (error) {
    if (error instanceof ConfigProblem) return undefined;
    throw error;
  }
}

/** @throws {ConfigProblem} */
function missing(marks: readonly Mark[], problem: string, now: Millis, wanted = ''): never {
  const labels = marks.flatMap(({ label }) => label ?? []);
  const meant = nearest(wanted, labels);
  const known = marks.map(
    ({ at, label }) => `${label ?? 'mark'} of ${clock(at)} (${duration(now - at)} ago)`,
  );
  const next =
    meant !== undefined
      ? `did you mean --since-mark=${meant}?`
      : known.length > 0
        ? `there are: ${known.join(', ')}`
        : 'kmon mark [LABEL] sets one before a deployment, and so does m in the screen';
  throw new ConfigProblem(problem, next);
}

/**
 * What a recording has of a moment: everything folded and judged at its ticks, as its replay does. @throws {ConfigProblem} where the
 * moment is not in it.
 */
async function recorded(file: string, at: Millis): Promise<Mark> {
  const opened = await openPlayback(file);
  if ('failed' in opened)
    throw new ConfigProblem(
      `${opened.failed.subject}: ${opened.failed.detail || opened.failed.kind}`,
      'give a file that kmon record wrote',
    );
  const recording = opened.ok;
  const { header } = recording;
  try {
    const model = new SiteModel(header.site);
    const rules = new Lifecycle(undefined, limitsOf(header.thresholds));
    let last: { readonly at: Millis; readonly baseline: () => Baseline } | undefined;
    for await (const entry of recording.entries()) {
      if ('observation' in entry) {
        if (entry.observation.answered > at) break;
        model.fold(entry.observation);
        continue;
      }
      const { tick } = entry;
      if (tick.at > at) break;
      const snapshot = model.snapshot(tick.at);
      const { findings } = rules.judge(snapshot);
      last = { at: tick.at, baseline: () => baselineOf({ snapshot, findings, endpoints: tick.endpoints }) };
    }
    if (last !== undefined && at - last.at <= tolerance) return { at: last.at, baseline: last.baseline() };
    const end = last === undefined ? 'it begins later' : `it ends at ${clock(last.at)}`;
    throw new ConfigProblem(
      `${file}: it has nothing of ${clock(at)}: ${end}`,
      `it begins at ${clock(header.start)}`,
    );
  } finally {
    recording.close();
  }
}

function clock(at: Millis): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}
