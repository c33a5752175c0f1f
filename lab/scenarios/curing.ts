/** One fault that kmon cures: made, found, and then what its finding says first, as often as it stands. */
import type { Clock, Millis } from '../../source/core/clock.js';
import type { LiveFinding } from '../../source/diagnose/finding.js';
import type { SessionPort } from '../../source/session/view.js';
import { cure, type Tried } from './cure.js';
import type { Curable } from './expected.js';
import type { CureRun, Dose } from './results.js';
import { firing } from './told.js';

/** Where it is tried: a lab, or the simulated site of a test. */
export interface Ward {
  /** Read-write, and silent about what is to be cured. */
  readonly session: SessionPort;
  readonly clock: Clock;
  /** Makes the fault. */
  make(): Promise<unknown>;
  /** Records that the target has not got yet. */
  behind(): Promise<number>;
  readonly note: (line: string) => void;
  readonly signal: AbortSignal;
}

const look: Millis = 500;
/** After the finding: rates are means of half a minute, and a remedy planned sooner reckons with the health before the fault. */
const ripens: Millis = 45_000;
/** A quota that grows by half each time is six times as large after so many. */
const mostDoses = 5;
/** What is refused is asked for again a little later: Connect may be moving tasks, or a plan may ask to wait. */
const mostRefusals = 4;
const askAgain: Millis = 20_000;
/** The finding is over when it fired for so long no more, and stands when it fires so long after the effect was watched. */
const stays: Millis = 15_000;
const patience: Millis = 30_000;
/** Behind by less than a second of healthy load. */
const little = 1_000;
const drainPatience: Millis = 120_000;

export type Treatment = Omit<CureRun, 'commit' | 'hostCpu' | 'errors'>;

/** What is known of a fault that was made, or was to be made, and not found. */
export function untreated(injected: Millis): Treatment {
  return { injected, found: null, doses: [], gone: null, drained: null };
}

/** @throws where the fault cannot be made, or the session does not answer */
export async function cureFault(ward: Ward, expectation: Curable): Promise<Treatment> {
  const { session, clock, note } = ward;
  const [wanted] = expectation.expected;
  const injected = clock.now();
  if (wanted === undefined) return untreated(injected);
  await ward.make();
  const within = wanted.within * 1_000 + 30_000;
  const first = await soon(ward, () => firing(session.live(), wanted), injected + within);
  if (first === undefined) {
    note('the finding never fired');
    return untreated(injected);
  }
  const found = seconds(clock.now() - injected);
  note(`found after ${found} s`);
  await clock.sleep(ripens, ward.signal);

  // Another cause of the same would not be the end of it.
  const { rule, subject } = wanted;
  const stands = (): LiveFinding | undefined =>
    firing(session.live(), { rule, ...(subject !== undefined && { subject }) });
  let fired = clock.now();
  const leave = session.subscribe(() => {
    if (stands() !== undefined) fired = clock.now();
  });
  try {
    const isOver = (): boolean => clock.now() - fired >= stays;
    const { tried, not } = await treat(ward, expectation.cure.by, stands, isOver);
    const last = tried.at(-1);
    const over = isOver();
    const drained = over && last !== undefined ? await drain(ward) : undefined;
    const applied = tried[0]?.applied;
    return {
      injected,
      found,
      finding: `${first.subject.name}: ${first.sentence}`,
      doses: tried.map(doseOf),
      ...(not !== undefined && { not }),
      gone: applied !== undefined && over ? seconds(Math.max(0, fired - applied)) : null,
      drained: last !== undefined && drained !== undefined ? seconds(drained - last.applied) : null,
      ...(last?.drainSeconds !== undefined && { drains: Math.round(last.drainSeconds) }),
    };
  } finally {
    leave();
  }
}

/**
 * Applies the remedy that was expected, as long as the finding stands and names it first; and no other one: what the lab can bear of it was
 * thought of before.
 */
async function treat(
  ward: Ward,
  by: string,
  stands: () => LiveFinding | undefined,
  isOver: () => boolean,
): Promise<{ readonly tried: readonly Tried[]; readonly not?: string }> {
  const { session, clock, note, signal } = ward;
  const tried: Tried[] = [];
  let refusals = 0;
  while (tried.length < mostDoses && !signal.aborted) {
    const finding = stands();
    if (finding === undefined) {
      if (isOver())
        return tried.length > 0 ? { tried } : { tried, not: 'it was over before anything was applied' };
      await clock.sleep(look, signal);
      continue;
    }
    const first = finding.remedies.find(({ cures }) => cures)?.action;
    const done =
      first === by
        ? await cure(session, finding, signal)
        : { not: `the finding names ${first ?? 'nothing'} as its cure, and not ${by}` };
    if ('not' in done) {
      note(`nothing was applied: ${done.not}`);
      if (++refusals === mostRefusals) return { tried, not: done.not };
      await clock.sleep(askAgain, signal);
      continue;
    }
    tried.push(done);
    note(`${done.remedy}: ${done.steps.at(-1)?.text ?? 'nothing was told'}`);
    await soon(ward, () => (isOver() ? true : undefined), clock.now() + patience);
  }
  return { tried };
}

/** When the target had everything; undefined where that is not waited for any longer. */
async function drain(ward: Ward): Promise<Millis | undefined> {
  const { clock } = ward;
  // What cannot be read for a moment is no reason to lose what was measured.
  const isThere = async (): Promise<Millis | undefined> =>
    (await ward.behind().catch(() => Infinity)) < little ? clock.now() : undefined;
  return soon(ward, isThere, clock.now() + drainPatience);
}

/** The first answer, now or until the deadline; undefined where there was none. */
async function soon<T>(
  { clock, signal }: Ward,
  ask: () => T | undefined | Promise<T | undefined>,
  deadline: Millis,
): Promise<T | undefined> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined || clock.now() >= deadline || signal.aborted) return answer;
    await clock.sleep(look, signal);
  }
}

function doseOf({ remedy, plan, steps, effect }: Tried): Dose {
  return {
    action: plan.action,
    title: remedy,
    changes: plan.changes.map(({ key, from, to }) => `${key} ${from ?? 'not set'} → ${to ?? 'not set'}`),
    verdict: plan.cure.verdict,
    ...(effect && {
      effect: { what: effect.what, before: effect.before, after: effect.after, expected: effect.expected },
    }),
    ended: steps.at(-1)?.text ?? '',
  };
}

function seconds(ms: Millis): number {
  return Math.round(ms / 1_000);
}
