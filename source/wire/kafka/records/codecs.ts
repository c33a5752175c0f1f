import zlib from 'node:zlib';
import { MalformedAnswer } from '../reader.js';
import { unpackLz4Frame } from './lz4-frame.js';
import { unpackSnappy } from './snappy-stream.js';
import { mostUnpacked, tooLarge } from './unpacked-bytes.js';

export type Codec = {
  readonly name: string;
  /** Throws MalformedAnswer, whatever the bytes are; makes `mostUnpacked` bytes at most. */
  readonly unpack: (bytes: Buffer) => Buffer;
};

/** By their numbers in a batch's attributes. Why two of them are kmon's own: decision 0011. */
const codecs: readonly Codec[] = [
  { name: 'none', unpack: bytes => bytes },
  { name: 'gzip', unpack: unpackGzip },
  { name: 'snappy', unpack: unpackSnappy },
  { name: 'lz4', unpack: unpackLz4Frame },
  { name: 'zstd', unpack: unpackZstd },
];

/** The codec of a batch with these attributes. */
export function codecOf(attributes: number): Codec {
  const number = attributes & 7;
  return codecs[number] ?? { name: `codec ${number}`, unpack: unknown };
}

function unknown(): never {
  throw new MalformedAnswer('this kmon does not know it');
}

function unpackGzip(bytes: Buffer): Buffer {
  return byNode(() => zlib.gunzipSync(bytes, { maxOutputLength: mostUnpacked }));
}

function unpackZstd(bytes: Buffer): Buffer {
  const unpack: unknown = Reflect.get(zlib, 'zstdDecompressSync');
  if (typeof unpack !== 'function') throw new MalformedAnswer('Node has it from 22.15 on');
  const out = byNode<unknown>(() => Reflect.apply(unpack, zlib, [bytes, { maxOutputLength: mostUnpacked }]));
  if (!Buffer.isBuffer(out)) throw new MalformedAnswer('Node unpacks it to no bytes');
  return out;
}

function byNode<T>(unpack: () => T): T {
  try {
    return unpack();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
      ? tooLarge()
      : new MalformedAnswer(error.message);
  }
}
