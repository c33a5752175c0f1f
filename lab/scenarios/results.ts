/** What was measured, kept after each run so that nothing is lost. A whole round takes hours: rounds add up in one file. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { checkout, labFolder } from '../site.js';

const found = z.object({
  /** Seconds after the fault was begun to be made; null when it was not found. */
  after: z.number().nullable(),
  severity: z.string().optional(),
  sentence: z.string().optional(),
  certainty: z.number().optional(),
});
export type Found = z.infer<typeof found>;

const circumstances = {
  /** Of what was run; `+` after it where files differed from it. Absent where that is not known. */
  commit: z.string().optional(),
  /** How busy the host was, 0…1. */
  hostCpu: z.number(),
  errors: z.array(z.string()),
};

const said = {
  /** Warnings and worse that nothing expects and nothing explains. */
  false: z.array(z.string()),
  /** What was listed under something expected. */
  followed: z.array(z.string()),
  /** What was declared to be true of the same fault. */
  beside: z.array(z.string()),
  /** Said for information. */
  notes: z.array(z.string()),
  ...circumstances,
};

const faultRun = z.object({
  /** When the fault was begun to be made, milliseconds since the epoch. */
  injected: z.number(),
  /** In the order of what was expected. */
  found: z.array(found),
  /** Seconds after healing; null when it was not gone in time, or not waited for. */
  cleared: z.number().nullable(),
  /** Keys of what fired before the fault was made. */
  before: z.array(z.string()),
  /** Faults that were made at the same time. */
  with: z.array(z.string()).optional(),
  ...said,
});
export type FaultRun = z.infer<typeof faultRun>;

const quietRun = z.object({
  /** When it began, milliseconds since the epoch. */
  began: z.number(),
  minutes: z.number(),
  /** Situations that were made at the same time. */
  with: z.array(z.string()).optional(),
  ...said,
});
export type QuietRun = z.infer<typeof quietRun>;

/** One remedy that was applied. */
const dose = z.object({
  /** Id of the action: `raise-quota`. */
  action: z.string(),
  title: z.string(),
  /** Lines of its diff: `tasks.max 4 → 6`. */
  changes: z.array(z.string()),
  /** What its plan said of the cause. */
  verdict: z.enum(['cures', 'may-cure', 'will-not-cure']),
  /** What was expected to move; absent where it was not watched to the end. */
  effect: z
    .object({ what: z.string(), before: z.number(), after: z.number(), expected: z.string() })
    .optional(),
  /** The last that was told of it. */
  ended: z.string(),
});
export type Dose = z.infer<typeof dose>;

const cureRun = z.object({
  /** When the fault was begun to be made, milliseconds since the epoch. */
  injected: z.number(),
  /** Seconds until the finding fired; null when it did not. */
  found: z.number().nullable(),
  /** Its subject and sentence. */
  finding: z.string().optional(),
  doses: z.array(dose),
  /** Why nothing more was applied, where the finding stood. */
  not: z.string().optional(),
  /** Seconds after the first remedy was applied until the finding fired no more; null when it stood at the end. */
  gone: z.number().nullable(),
  /** Seconds after the last remedy was applied until the target had everything; null when that took longer than was waited for. */
  drained: z.number().nullable(),
  /** Seconds that were left to drain, by kmon's pace at the end of the last watch; absent where the lag did not fall. */
  drains: z.number().optional(),
  ...circumstances,
});
export type CureRun = z.infer<typeof cureRun>;

const results = z.object({
  faults: z.record(z.string(), z.array(faultRun)).default({}),
  calms: z.record(z.string(), z.array(quietRun)).default({}),
  cures: z.record(z.string(), z.array(cureRun)).default({}),
});
export type Results = z.infer<typeof results>;

/** Those of all labs that `docs/scenarios.md` is made of. */
export const published = join(checkout, 'docs/scenarios.json');

/** Those of one lab, beside its folder, for that may be wiped. */
export function resultsOf(lab: string): string {
  return `${labFolder(lab)}.scenarios.json`;
}

/** Adds a run to those of its scenario, of which the newest are kept, good or not. */
export function keep<R>(runs: readonly R[] | undefined, run: R, most: number): R[] {
  return [...(runs ?? []), run].slice(-most);
}

/** All but the runs of these kinds of these scenarios. */
export function without(all: Results, names: readonly string[], kinds: readonly (keyof Results)[]): Results {
  const others = <R>(kind: keyof Results, runs: Record<string, R>): Record<string, R> =>
    kinds.includes(kind)
      ? Object.fromEntries(Object.entries(runs).filter(([name]) => !names.includes(name)))
      : runs;
  return {
    faults: others('faults', all.faults),
    calms: others('calms', all.calms),
    cures: others('cures', all.cures),
  };
}

export function readResults(file: string): Results {
  return results.parse(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {});
}

export function writeResults(file: string, all: Results): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(all, null, 2)}\n`);
  renameSync(draft, file);
}

/** The commit that is run, short; undefined outside of a repository. */
export function commitOfCheckout(): string | undefined {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, {
      cwd: checkout,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    // The results themselves change at each run.
    const changed = git(
      'status',
      '--porcelain',
      '--untracked-files=no',
      '--',
      'source',
      'lab',
      'package-lock.json',
    );
    return `${git('rev-parse', '--short', 'HEAD')}${changed === '' ? '' : '+'}`;
  } catch {
    return undefined;
  }
}
