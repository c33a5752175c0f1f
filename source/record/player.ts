import { createReadStream } from 'node:fs';
import { constants, createGunzip } from 'node:zlib';
import { failure, type Failure } from '../core/failure.js';
import type { Answer, Observation } from '../core/observation.js';
import { decode, decodeHeader, type EndOfRecording, type Header } from './codec.js';
import type { Tick } from './tick.js';

export type Entry = { readonly observation: Observation } | { readonly tick: Tick };

/** How the file ended: as its recorder ended it, or cut off or damaged there; all that came before was read. */
export type FileEnd =
  { readonly is: EndOfRecording } | { readonly is: 'cut' | 'damaged'; readonly failure: Failure };

export type Recording = {
  readonly header: Header;
  /** Everything after the header, once, in order; what only a newer kmon knows is left out. */
  entries(): AsyncGenerator<Entry, FileEnd, undefined>;
  close(): void;
};

/** Opens a recording and reads its header. Never rejects: what is wrong with the file is a Failure. */
export async function openPlayback(file: string): Promise<Answer<Recording>> {
  const source = new Source(file);
  const first = await source.lines.next();
  const trouble = source.trouble();
  if (first.done) {
    source.close();
    return { failed: trouble ?? failure('malformed', file, 'the file is empty') };
  }
  const header = decodeHeader(first.value);
  if ('failed' in header) {
    source.close();
    return { failed: failure(header.failed.kind, file, header.failed.detail) };
  }
  return { ok: { header: header.ok, entries: () => entries(source), close: () => source.close() } };
}

async function* entries(source: Source): AsyncGenerator<Entry, FileEnd, undefined> {
  let position = 1;
  try {
    for await (const text of source.lines) {
      position++;
      const line = decode(text, position);
      if ('end' in line) return { is: line.end };
      if ('failed' in line) return { is: 'damaged', failure: line.failed };
      if (!('skipped' in line)) yield line;
    }
  } finally {
    source.close();
  }
  const trouble = source.trouble();
  if (trouble !== undefined) return { is: 'damaged', failure: trouble };
  const cut = failure(
    'partial',
    source.file,
    `it ends after line ${position}: its recorder was killed, or the copy is not whole`,
  );
  return { is: 'cut', failure: cut };
}

/** The lines of a gzip file as far as they can be had; what ended them early is `trouble`. */
class Source {
  readonly lines: AsyncGenerator<string, void, undefined>;
  private error: (Error & { readonly code?: string }) | undefined;
  private readonly disk;
  // What was flushed before a crash is read, though the file has no end.
  private readonly gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize: 256 * 1024 });

  constructor(readonly file: string) {
    this.disk = createReadStream(file);
    this.lines = this.read();
  }

  trouble(): Failure | undefined {
    const { error, file } = this;
    if (error === undefined) return undefined;
    switch (error.code) {
      case 'ENOENT':
        return failure('absent', file, 'no such file');
      case 'EACCES':
      case 'EPERM':
        return failure('unauthorised', file, 'no permission to read it');
      case 'EISDIR':
        return failure('malformed', file, 'a directory');
      default:
        return failure('malformed', file, 'not a recording of kmon, or damaged');
    }
  }

  close(): void {
    this.disk.destroy();
    this.gunzip.destroy();
  }

  private async *read(): AsyncGenerator<string, void, undefined> {
    const text = new TextDecoder();
    const lines = new Lines();
    this.gunzip.on('data', (chunk: Buffer) => lines.push(text.decode(chunk, { stream: true })));
    try {
      for await (const chunk of this.disk as AsyncIterable<Buffer>)
        for (let at = 0; at < chunk.length; at += morsel) {
          await this.unpack(chunk.subarray(at, at + morsel)).catch((error: unknown) => {
            this.error = asError(error);
          });
          yield* lines.take();
          if (lines.waiting > longestLine)
            this.error ??= new Error('a line that long is none of a recording');
          if (this.error !== undefined) return;
        }
    } catch (error) {
      this.error = asError(error);
    }
  }

  /** Resolves when everything that the bytes hold was handed out. */
  private unpack(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.gunzip.once('error', reject);
      this.gunzip.write(bytes, error => {
        this.gunzip.off('error', reject);
        if (error) reject(error);
        else resolve();
      });
    });
  }
}

/** Bytes that are unpacked at a time: damage takes no more than this with it of what came before. */
const morsel = 4 * 1024;

/** Characters: 100,000 lags of one coordinator are about 4 million. */
const longestLine = 128 * 1024 * 1024;

/** Cuts text into whole lines. */
class Lines {
  private whole: string[] = [];
  private rest: string[] = [];
  private length = 0;

  push(text: string): void {
    const [head = '', ...more] = text.split('\n');
    this.rest.push(head);
    this.length += head.length;
    const tail = more.pop();
    if (tail === undefined) return;
    this.whole.push(this.rest.join(''), ...more);
    this.rest = [tail];
    this.length = tail.length;
  }

  /** Characters of the line that is not whole yet. */
  get waiting(): number {
    return this.length;
  }

  take(): readonly string[] {
    return this.whole.splice(0);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
