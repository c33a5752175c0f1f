import * as z from 'zod';
import type { Millis } from '../core/clock.js';
import { type Failure, failure } from '../core/failure.js';
import type { Answer, Observation } from '../core/observation.js';
import { isKind, isObservation, kindOf } from './observation-shape.js';
import { fromLine, toLine } from './text.js';
import { tickShape, type Tick } from './tick.js';

/**
 * A recording is text: one header line, then one line an observation, in the order in which they were folded, with a
 * line for every tick between them: a snapshot was taken there. Numbers, NaN included, and columns come back bit by
 * bit (`text.ts` has the notation).
 *
 * The major version changes when a reader of the old one would misread the new; the minor one when kinds of
 * observations or optional fields are added, which an older kmon skips.
 */
export const recordingVersion = { major: 1, minor: 2 };

export type Header = {
  readonly version: { readonly major: number; readonly minor: number };
  /** The kmon that recorded. */
  readonly kmon: string;
  /** When the recording began. */
  readonly start: Millis;
  /** Name of the context that was watched. */
  readonly context: string;
  /** Between two ticks, ms. */
  readonly interval: Millis;
  /** What the model must know before the first observation. */
  readonly site: {
    readonly clusters: readonly { readonly name: string; readonly bootstrap: readonly string[] }[];
    readonly connects: readonly { readonly name: string; readonly cluster?: string }[];
  };
  /**
   * Thresholds of the rules that were set then, by name, each in its own unit; for all others the defaults of the kmon
   * that plays it apply. Since 1.1.
   */
  readonly thresholds?: Readonly<Record<string, number>>;
};

/** What a recorder is told; the version of the format is the codec's own. */
export type Subject = Omit<Header, 'version'>;

/** Why nothing follows: it was closed, or the file had reached its largest size. */
export type EndOfRecording = 'closed' | 'full';

export type Line =
  | { readonly observation: Observation }
  | { readonly tick: Tick }
  /** The last line of a recording that was ended, rather than cut off. */
  | { readonly end: EndOfRecording }
  /** An observation of a kind that only a newer kmon knows. */
  | { readonly skipped: string }
  | { readonly failed: Failure };

/** One line without line break. */
export function encode(observation: Observation): string {
  return toLine(observation);
}

export function encodeTick(tick: Tick): string {
  return toLine({ kind: tickKind, ...tick });
}

export function encodeEnd(why: EndOfRecording): string {
  return toLine({ kind: endKind, why });
}

/** `position` is the line's number in its file, from 1; it is named where the line cannot be read. */
export function decode(line: string, position?: number): Line {
  const where = position === undefined ? 'line of a recording' : `line ${position} of the recording`;
  const value = parse(line, where);
  if ('failed' in value) return value;
  const tick = taggedTick.safeParse(value.ok);
  if (tick.success) {
    const { at, startedAt, endpoints, cost } = tick.data;
    return { tick: { at, startedAt, endpoints, cost } };
  }
  const end = taggedEnd.safeParse(value.ok);
  if (end.success) return { end: end.data.why };
  const kind = kindOf(value.ok);
  if (kind === undefined) return { failed: failure('malformed', where, 'not an observation') };
  if (!isKind(kind)) return { skipped: kind };
  if (!isObservation(kind, value.ok)) {
    return { failed: failure('malformed', where, `not what an observation of ${kind} looks like`) };
  }
  return { observation: value.ok };
}

const tickKind = 'tick';
const taggedTick = tickShape.extend({ kind: z.literal(tickKind) });

const endKind = 'end';
const taggedEnd = z.object({ kind: z.literal(endKind), why: z.enum(['closed', 'full']) });

const format = 'kmon-recording';
const head = z.object({
  format: z.literal(format),
  version: z.object({ major: z.int(), minor: z.int() }),
  kmon: z.string(),
});
const subject = z.object({
  kmon: z.string(),
  start: z.number(),
  context: z.string(),
  interval: z.number().positive(),
  site: z.object({
    clusters: z.array(z.object({ name: z.string(), bootstrap: z.array(z.string()) })),
    connects: z.array(z.object({ name: z.string(), cluster: z.string().exactOptional() })),
  }),
  thresholds: z.record(z.string(), z.number()).exactOptional(),
});

/** The first line of a recording. */
export function encodeHeader(recorded: Subject): string {
  return toLine({ format, version: recordingVersion, ...recorded });
}

/** `malformed` where the file is no recording, `unsupported` where only a newer kmon can read it. */
export function decodeHeader(line: string): Answer<Header> {
  const where = 'header of the recording';
  const value = parse(line, where);
  if ('failed' in value) return value;
  const claimed = head.safeParse(value.ok).data;
  if (claimed === undefined) return { failed: failure('malformed', where, 'not a recording of kmon') };
  const { version, kmon } = claimed;
  if (version.major > recordingVersion.major) {
    const detail = `kmon ${kmon} wrote version ${version.major}.${version.minor}; this kmon reads up to ${recordingVersion.major}`;
    return { failed: failure('unsupported', where, detail) };
  }
  const { data } = subject.safeParse(value.ok);
  if (data === undefined) return { failed: failure('malformed', where, 'it does not say what was watched') };
  return { ok: { version, ...data } };
}

function parse(line: string, where: string): Answer<unknown> {
  try {
    return { ok: fromLine(line) };
  } catch (error) {
    return { failed: failure('malformed', where, error instanceof Error ? error.message : '') };
  }
}
