import { z } from 'zod';
import { type Failure, failure } from '../core/failure.js';
import type { Answer, Observation } from '../core/observation.js';
import { isKind, isObservation, kindOf } from './observation-shape.js';
import { fromLine, toLine } from './text.js';

/**
 * A recording is text: one header line, then one line an observation, in the order in which they were answered.
 * Numbers, NaN included, and columns come back bit by bit (`text.ts` has the notation).
 *
 * The major version changes when a reader of the old one would misread the new; the minor one when kinds of
 * observations or optional fields are added, which an older kmon skips.
 */
export const recordingVersion = { major: 1, minor: 0 };

export type Header = {
  readonly version: { readonly major: number; readonly minor: number };
  /** The kmon that recorded. */
  readonly kmon: string;
};

export type Line =
  | { readonly observation: Observation }
  /** An observation of a kind that only a newer kmon knows. */
  | { readonly skipped: string }
  | { readonly failed: Failure };

/** One line without line break. */
export function encode(observation: Observation): string {
  return toLine(observation);
}

/** `position` is the line's number in its file, from 1; it is named where the line cannot be read. */
export function decode(line: string, position?: number): Line {
  const where = position === undefined ? 'line of a recording' : `line ${position} of the recording`;
  const value = parse(line, where);
  if ('failed' in value) return value;
  const kind = kindOf(value.ok);
  if (kind === undefined) return { failed: failure('malformed', where, 'not an observation') };
  if (!isKind(kind)) return { skipped: kind };
  if (!isObservation(kind, value.ok)) {
    return { failed: failure('malformed', where, `not what an observation of ${kind} looks like`) };
  }
  return { observation: value.ok };
}

const format = 'kmon-recording';
const header = z.object({
  format: z.literal(format),
  version: z.object({ major: z.int(), minor: z.int() }),
  kmon: z.string(),
});

/** The first line of a recording. `kmon` is the version that records. */
export function encodeHeader(kmon: string): string {
  return toLine({ format, version: recordingVersion, kmon } satisfies z.infer<typeof header>);
}

/** `malformed` where the file is no recording, `unsupported` where only a newer kmon can read it. */
export function decodeHeader(line: string): Answer<Header> {
  const where = 'header of the recording';
  const value = parse(line, where);
  if ('failed' in value) return value;
  const { data } = header.safeParse(value.ok);
  if (data === undefined) return { failed: failure('malformed', where, 'not a recording of kmon') };
  const { version, kmon } = data;
  if (version.major > recordingVersion.major) {
    const detail = `kmon ${kmon} wrote version ${version.major}.${version.minor}; this kmon reads up to ${recordingVersion.major}`;
    return { failed: failure('unsupported', where, detail) };
  }
  return { ok: { version, kmon } };
}

function parse(line: string, where: string): Answer<unknown> {
  try {
    return { ok: fromLine(line) };
  } catch (error) {
    return { failed: failure('malformed', where, error instanceof Error ? error.message : '') };
  }
}
