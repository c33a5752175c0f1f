/** What was measured, kept after each run so that nothing is lost: beside the lab's folder, for that may be wiped. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { labFolder } from '../site.js';

const found = z.object({
  /** Seconds after the fault was begun to be made; null when it was not found. */
  after: z.number().nullable(),
  severity: z.string().optional(),
  sentence: z.string().optional(),
  certainty: z.number().optional(),
});
export type Found = z.infer<typeof found>;

const said = {
  /** Warnings and worse that nothing expects and nothing explains. */
  false: z.array(z.string()),
  /** What was listed under something expected. */
  followed: z.array(z.string()),
  /** What was declared to be true of the same fault. */
  beside: z.array(z.string()),
  /** Said for information. */
  notes: z.array(z.string()),
  /** How busy the host was, 0…1. */
  hostCpu: z.number(),
  errors: z.array(z.string()),
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
  ...said,
});
export type FaultRun = z.infer<typeof faultRun>;

const quietRun = z.object({ minutes: z.number(), ...said });
export type QuietRun = z.infer<typeof quietRun>;

const results = z.object({
  faults: z.record(z.string(), z.array(faultRun)).default({}),
  calms: z.record(z.string(), z.array(quietRun)).default({}),
});
export type Results = z.infer<typeof results>;

/** What is known of a run that could not be made. */
export function notRun(error: string): Omit<QuietRun, 'minutes'> {
  return { false: [], followed: [], beside: [], notes: [], hostCpu: 0, errors: [error] };
}

function path(lab: string): string {
  return `${labFolder(lab)}.scenarios.json`;
}

export function readResults(lab: string): Results {
  return results.parse(existsSync(path(lab)) ? JSON.parse(readFileSync(path(lab), 'utf8')) : {});
}

export function writeResults(lab: string, all: Results): void {
  const draft = `${path(lab)}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(all, null, 2)}\n`);
  renameSync(draft, path(lab));
}
