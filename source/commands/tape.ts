import type { Context } from '../config/context.js';
import { ConfigProblem } from '../config/problem.js';
import type { Clock } from '../core/clock.js';
import { bytes } from '../core/units.js';
import { openRecording, smallestRecording, type Ended, type Recorder } from '../record/recorder.js';
import type { Tick } from '../record/tick.js';
import type { SessionPort, View } from '../session/view.js';
import { siteOf } from './assemble.js';
import type { CommandFlags } from './flags.js';
import { sizeOf } from './quantities.js';
import { version } from './version.js';

/** What a recording may take where `--max-size` does not say: days of a site with a few thousand partitions. */
const usualMaxSize = '512M';

/** The most that a recording may take, bytes. @throws {ConfigProblem} */
export function maxBytesOf({ maxSize }: CommandFlags): number {
  return sizeOf('--max-size', maxSize ?? usualMaxSize, smallestRecording);
}

/** Opens the file of a recording of this context. @throws {ConfigProblem} */
export async function openTape(
  file: string,
  context: Context,
  clock: Clock,
  maxBytes: number,
): Promise<Recorder> {
  try {
    return await openRecording(
      file,
      {
        kmon: version,
        start: clock.now(),
        context: context.name,
        interval: context.interval,
        site: siteOf(context),
        ...(Object.keys(context.thresholds).length > 0 && { thresholds: context.thresholds }),
      },
      { maxBytes },
    );
  } catch (error) {
    throw new ConfigProblem(...unusable(file, error));
  }
}

/** Writes a tick for every snapshot that the session publishes from now on, and one for what it shows now. */
export function keepTicks(session: SessionPort, recorder: Pick<Recorder, 'tick'>): () => void {
  let last = session.view().snapshot;
  recorder.tick(tickOf(session.view()));
  return session.subscribe(() => {
    const view = session.live();
    // A step of a remedy publishes the same snapshot again.
    if (view.snapshot === last) return;
    last = view.snapshot;
    recorder.tick(tickOf(view));
  });
}

/** One line for people: what is in the file, and why it ended where it did. */
export function epilogue(file: string, { why, detail, ticks, bytes: size }: Ended): string {
  const held = `${file}: ${ticks} ${ticks === 1 ? 'tick' : 'ticks'}, ${bytes(size)}`;
  switch (why) {
    case 'closed':
      return `${held}; kmon replay ${file} shows it`;
    case 'full':
      return `${held}; the recording stopped there because it reached --max-size; kmon replay ${file} shows it`;
    case 'failed':
      return `${held}; the recording stopped there because it could not be written (${detail})`;
  }
}

function tickOf({ at, startedAt, endpoints, cost }: View): Tick {
  return { at, startedAt, endpoints, cost };
}

function unusable(file: string, error: unknown): [problem: string, next: string] {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'EEXIST':
    case 'ELOOP':
      return [`${file}: there is such a file already`, 'kmon replaces no recording: give another name'];
    case 'ENOENT':
      return [`${file}: its folder does not exist`, 'make the folder, or give another name'];
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return [`${file}: no permission to write there`, 'give a name in a folder of your own'];
    default:
      return [`${file}: it cannot be written (${code || 'unknown error'})`, 'give another name'];
  }
}
