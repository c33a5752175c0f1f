/** One scenario on a lab: quiet first, the fault, what kmon says of it, healing, and what it says then. */
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../source/core/clock.js';
import { findFault, heal, inject } from '../faults/index.js';
import { settle } from '../settle.js';
import type { LabSite } from '../site.js';
import { truth } from '../truth.js';
import { messageOf } from '../wait.js';
import { hostCpu } from './host-cpu.js';
import { cureFault, untreated } from './curing.js';
import { type Curable, type Expectation, calmSays, nameOf } from './expected.js';
import { endCalms, isPrepared, prepareCalms, type Calm } from './calm.js';
import type { CureRun, FaultRun, Found, QuietRun } from './results.js';
import { matches, type Wanted } from './wanted.js';
import type { Said, Watch } from './watch.js';

/** Where kmon comes from: the one that watches already, or another one. */
export interface Watches {
  readonly current: () => Promise<Watch>;
  readonly fresh: () => Promise<Watch>;
  /** Ends the one that watches, so that a fault grows without it. */
  readonly none: () => Promise<void>;
}

export interface Run {
  readonly site: LabSite;
  readonly watches: Watches;
  readonly note: (line: string) => void;
  readonly signal: AbortSignal;
}

/** kmon judges rates over half a minute. */
const warmUpMs = 45_000;
/** How long it must have been silent before a fault is made. */
const silentMs = 5_000;
const silencePatienceMs = 120_000;
const lookMs = 500;
/** After the last expected finding: what follows from it, and what it wrongly brings, comes a little later. */
const aftermathMs = 15_000;

/**
 * A kmon that has watched for a while and is silent. One that goes on about what was is replaced by one that knows
 * nothing of it; what even that one says is there before the fault.
 */
async function silentWatch({ watches, note, signal }: Run): Promise<{ watch: Watch; before: Set<string> }> {
  let watch = await watches.current();
  for (const isFresh of [false, true]) {
    if (isFresh) watch = await watches.fresh();
    const deadline = Date.now() + (isFresh ? warmUpMs : 0) + silencePatienceMs / (isFresh ? 1 : 4);
    let silentSince = Date.now();
    while (Date.now() < deadline && !signal.aborted) {
      const now = Date.now();
      if (watch.loud().length > 0) silentSince = now;
      if (now - watch.startedAt >= warmUpMs && now - silentSince >= silentMs)
        return { watch, before: new Set() };
      await sleep(lookMs);
    }
  }
  const loud = watch.loud();
  note(`before it: ${loud.map(f => `${f.subject.name}: ${f.sentence}`).join('; ')}`);
  return { watch, before: new Set(loud.map(f => f.key)) };
}

/** The lab in order, and a kmon that is silent about it. */
async function ready(run: Run): Promise<{ watch: Watch; before: Set<string> }> {
  await settle(run.site, run);
  return silentWatch(run);
}

/** One of the faults that are made at once, and what became of it. */
interface Trial {
  readonly expectation: Expectation;
  injected: number;
  found: Found[];
  cleared: number | null;
}

/**
 * Makes one fault or several at once: each must be found as if it were the only one. What is false is so of all of them.
 * One that kmon is started after (`startAfter`) must be alone. What fails after the lab was put in order is told in `errors`.
 *
 * @throws when the lab cannot be put in order before it.
 */
export async function runFaults(run: Run, expectations: readonly Expectation[]): Promise<FaultRun[]> {
  const { site, watches, note, signal } = run;
  const errors: string[] = [];
  let { watch, before } = await ready(run);
  const trials = expectations.map((expectation): Trial => ({
    expectation,
    injected: Date.now(),
    found: expectation.expected.map(() => ({ after: null })),
    cleared: null,
  }));
  let cpu = 0;
  try {
    const prepared = expectations.map(({ fault }) => findFault(fault)).filter(fault => 'prepare' in fault);
    for (const fault of prepared) await fault.prepare?.(site);
    if (prepared.length > 0) await sleep(20_000);
    watch.forget();
    const startAfter = expectations.find(each => each.startAfter !== undefined)?.startAfter;
    if (startAfter !== undefined) await watches.none();
    const readCpu = hostCpu();
    for (const trial of trials) {
      trial.injected = Date.now();
      const what = await inject(site, trial.expectation.fault);
      note(`made${what === undefined ? '' : `: ${what}`}`);
    }
    if (startAfter !== undefined) {
      await sleep(startAfter * 1_000, undefined, { signal }).catch(() => undefined);
      watch = await watches.fresh();
      before = new Set();
    }
    while (trials.some(isLooked) && !signal.aborted) {
      for (const trial of trials) look(watch, trial);
      if (trials.every(isFound)) break;
      await sleep(lookMs);
    }
    for (const { expectation, found } of trials)
      note(
        `${nameOf(expectation)} found after ${found.map(({ after }) => (after === null ? 'never' : `${after} s`)).join(', ')}`,
      );
    await sleep(aftermathMs);
    cpu = readCpu();
  } catch (error) {
    errors.push(messageOf(error));
  }
  try {
    await heal(site);
  } catch (error) {
    errors.push(`healing: ${messageOf(error)}`);
  }
  await watchThemClear(run, watch, trials);
  for (const error of errors) note(`failed: ${error}`);
  const sorted = sort(watch.said(), {
    expected: expectations.flatMap(({ expected }) => expected),
    companions: expectations.flatMap(({ companions = [] }) => companions),
    before,
  });
  if (sorted.false.length > 0) note(`FALSE ${sorted.false.join('; ')}`);
  const names = expectations.map(nameOf);
  return trials.map(({ expectation, injected, found, cleared }) => {
    const others = names.filter(name => name !== nameOf(expectation));
    return {
      injected,
      found,
      cleared,
      ...(others.length > 0 && { with: others }),
      ...sorted,
      before: [...before],
      hostCpu: cpu,
      errors,
    };
  });
}

/** Whether there is still time for it to be found. */
function isLooked({ expectation, injected }: Trial): boolean {
  const limit = Math.max(...expectation.expected.map(({ within }) => within)) * 1_000 + 30_000;
  return Date.now() - injected < limit;
}

function isFound({ found }: Trial): boolean {
  return found.every(({ after }) => after !== null);
}

function look(watch: Watch, trial: Trial): void {
  const { expectation, injected, found } = trial;
  trial.found = expectation.expected.map((wanted, i) => {
    const already = found[i];
    return already && already.after !== null ? already : foundOf(watch, wanted, injected);
  });
}

/** Waits until what was found of each is gone, as long as that may take. */
async function watchThemClear({ note, signal }: Run, watch: Watch, trials: readonly Trial[]): Promise<void> {
  const healed = Date.now();
  const waited = trials.filter(
    ({ expectation, found }) => expectation.clears !== undefined && found.some(({ after }) => after !== null),
  );
  const isOver = ({ expectation: { clears = 0 }, cleared }: Trial): boolean =>
    cleared !== null || Date.now() - healed >= clears * 1_000;
  while (!waited.every(isOver) && !signal.aborted) {
    for (const trial of waited) {
      // Another cause of the same is not the end of it.
      const isTold = trial.expectation.expected.some(({ rule, subject }) =>
        watch.tells({ rule, ...(subject && { subject }) }),
      );
      if (!isOver(trial) && !isTold) trial.cleared = seconds(healed);
    }
    await sleep(lookMs);
  }
  for (const { expectation, cleared } of waited)
    note(
      `${nameOf(expectation)} cleared after ${cleared === null ? `more than ${expectation.clears} s` : `${cleared} s`}`,
    );
}

/**
 * The fault made, cured by kmon, and healed. @throws when the lab cannot be put in order before it. What fails later is told in `errors`.
 */
export async function runCure(run: Run, expectation: Curable): Promise<CureRun> {
  const { site, note, signal } = run;
  const { watch, before } = await ready(run);
  const errors = before.size > 0 ? [`kmon was not silent before it: ${[...before].join(', ')}`] : [];
  const readCpu = hostCpu();
  let cured = untreated(Date.now());
  try {
    cured = await cureFault(
      {
        session: watch.session,
        clock: systemClock,
        make: () => inject(site, expectation.fault),
        behind: async () => (await truth(site)).behind,
        note,
        signal,
      },
      expectation,
    );
  } catch (error) {
    errors.push(messageOf(error));
  }
  const cpu = readCpu();
  try {
    await heal(site);
  } catch (error) {
    errors.push(`healing: ${messageOf(error)}`);
  }
  const { gone, not } = cured;
  note(
    gone === null
      ? `not cured: ${not ?? 'the finding stands'}`
      : `cured: the finding is gone after ${gone} s`,
  );
  for (const error of errors) note(`failed: ${error}`);
  return { ...cured, hostCpu: cpu, errors };
}

function foundOf(watch: Watch, wanted: Wanted, injected: number): Found {
  const said = watch.said().find(each => matches(wanted, each));
  if (!said) return { after: null };
  const { firedAt, severity, sentence, certainty } = said;
  return { after: Math.round((firedAt - injected) / 1_000), severity, sentence, certainty };
}

/**
 * Calm for so many minutes, in all these situations at once: what fires is told; nothing louder than a note may.
 *
 * @throws when the lab cannot be put in order before it. What fails later is told in `errors`.
 */
export async function runCalm(run: Run, calms: readonly Calm[], minutes: number): Promise<QuietRun> {
  const { site, watches, note, signal } = run;
  const errors: string[] = [];
  const over = new AbortController();
  let began = Date.now();
  let silentFor = 0;
  let said: readonly Said[] = [];
  let cpu = 0;
  await settle(site, { signal });
  try {
    await prepareCalms(site, calms);
    const watch = isPrepared(calms) ? await watches.fresh() : (await silentWatch(run)).watch;
    watch.forget();
    const readCpu = hostCpu();
    began = Date.now();
    const during = Promise.all(
      calms.map(calm =>
        Promise.resolve(calm.during?.(site, over.signal)).catch((error: unknown) => {
          if (!over.signal.aborted) errors.push(`${calm.name}: ${messageOf(error)}`);
        }),
      ),
    );
    while (Date.now() - began < minutes * 60_000 && !signal.aborted) await sleep(1_000);
    silentFor = Math.round((Date.now() - began) / 6_000) / 10;
    said = watch.said();
    cpu = readCpu();
    over.abort();
    await during;
  } catch (error) {
    errors.push(messageOf(error));
  } finally {
    over.abort();
    await endCalms(site, calms).catch((error: unknown) => errors.push(`ending it: ${messageOf(error)}`));
  }
  for (const error of errors) note(`failed: ${error}`);
  const sorted = sort(said, {
    expected: calms.flatMap(({ name }) => calmSays[name] ?? []),
    companions: [],
    before: new Set(),
  });
  note(sorted.false.length === 0 ? `silent for ${silentFor} min` : `FALSE ${sorted.false.join('; ')}`);
  // Who looks into it needs the moment, and what it rested on.
  for (const each of said.filter(one => sorted.false.includes(textOf(one)))) {
    const because = each.evidence.map(({ what, value }) => `${what} ${value}`).join('; ');
    note(`${each.subject}, fired ${seconds(began, each.firedAt)} s after it began: ${because}`);
  }
  return { began, minutes: silentFor, ...sorted, hostCpu: cpu, errors };
}

/** What was said beside what was expected: listed under it, true as well, wrong, or a note. */
function sort(
  said: readonly Said[],
  known: {
    readonly expected: readonly Wanted[];
    readonly companions: readonly Wanted[];
    readonly before: ReadonlySet<string>;
  },
): Pick<FaultRun, 'false' | 'followed' | 'beside' | 'notes'> {
  const isOf = (wanted: readonly Wanted[], each: Said): boolean => wanted.some(one => matches(one, each));
  const causes = new Set(
    said.filter(each => isOf([...known.expected, ...known.companions], each)).map(({ key }) => key),
  );
  const lists = {
    false: [] as string[],
    followed: [] as string[],
    beside: [] as string[],
    notes: [] as string[],
  };
  for (const each of said) {
    if (isOf(known.expected, each) || known.before.has(each.key)) continue;
    const text = textOf(each);
    if (isOf(known.companions, each)) lists.beside.push(text);
    else if (!each.alone || [...each.under].some(key => causes.has(key))) lists.followed.push(text);
    else if (each.severity === 'info') lists.notes.push(text);
    else lists.false.push(text);
  }
  return lists;
}

function textOf({ severity, rule, verdict, subject, sentence }: Said): string {
  return `${severity} ${rule} ${verdict}, ${subject}: ${sentence}`;
}

function seconds(since: number, until = Date.now()): number {
  return Math.round((until - since) / 1_000);
}
