import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { constants as zlib, createGzip } from 'node:zlib';
import type { Observation } from '../core/observation.js';
import { encode, encodeEnd, encodeHeader, encodeTick, type Subject } from './codec.js';
import type { Tick } from './tick.js';

/** How a recording ended, and what is in it. */
export type Ended = {
  readonly why: 'closed' | 'full' | 'failed';
  /** With `failed`: the system's own words. */
  readonly detail: string;
  readonly ticks: number;
  /** On the disk, compressed. */
  readonly bytes: number;
};

export type Recorder = {
  readonly file: string;
  observation(o: Observation): void;
  /** Also brings all that was written so far to the file, so that a crash loses what came after this tick only. */
  tick(t: Tick): void;
  /** Settles when nothing more is recorded: it was closed, the file is full, or the disk refused. Never rejects. */
  readonly ended: Promise<Ended>;
  close(): Promise<Ended>;
};

/** What may wait for a disk that is slower than the site, bytes; beyond it the recording ends rather than the memory. */
const mostWaiting = 64 * 1024 * 1024;

/** For what the compressor holds back, and for the last line. */
const reserve = 128 * 1024;

/** Below this there is no room for anything but the reserve. */
export const smallestRecording = 1024 * 1024;

/**
 * Records into a new file, which its owner alone can read (0600): gzip, flushed at every tick. It never replaces a file
 * and follows no symbolic link. When the next line could pass
 * `maxBytes` the recording ends there, whole and readable.
 *
 * @throws where the file cannot be made
 */
export async function openRecording(
  file: string,
  subject: Subject,
  { maxBytes }: { readonly maxBytes: number },
): Promise<Recorder> {
  const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = constants;
  const handle = await open(file, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600);
  const disk = handle.createWriteStream();
  const gzip = createGzip();
  gzip.pipe(disk);

  let ticks = 0;
  let closing: Omit<Ended, 'ticks' | 'bytes'> | undefined;
  let settle: (ended: Ended) => void = () => undefined;
  const ended = new Promise<Ended>(resolve => {
    settle = resolve;
  });
  const finish = (why: Ended['why'], detail = ''): void => {
    if (closing !== undefined) return;
    closing = { why, detail };
    if (why === 'failed') {
      gzip.destroy();
      disk.destroy();
    } else gzip.end(`${encodeEnd(why)}\n`);
  };
  const failed = (error: Error): void => {
    if (closing !== undefined) closing = { why: 'failed', detail: error.message };
    finish('failed', error.message);
  };
  gzip.on('error', failed);
  disk.on('error', failed);
  disk.on('close', () =>
    settle({ ...(closing ?? { why: 'closed', detail: '' }), ticks, bytes: disk.bytesWritten }),
  );

  const write = (line: string): void => {
    if (closing !== undefined) return;
    // Text that is not compressed yet counts in full: the file may end a little early, and never late.
    const waiting = gzip.writableLength + gzip.readableLength + disk.writableLength;
    const next = Buffer.byteLength(line);
    if (disk.bytesWritten + waiting + next + reserve > maxBytes) finish('full');
    else if (waiting > mostWaiting) finish('failed', 'the disk does not keep up');
    else gzip.write(`${line}\n`);
  };

  write(encodeHeader(subject));
  return {
    file,
    observation: o => write(encode(o)),
    tick: t => {
      write(encodeTick(t));
      if (closing !== undefined) return;
      ticks++;
      gzip.flush(zlib.Z_SYNC_FLUSH);
    },
    ended,
    close: () => {
      finish('closed');
      return ended;
    },
  };
}
