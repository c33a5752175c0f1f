import zlib from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedAnswer } from '../../../../source/wire/kafka/reader.js';
import { codecOf } from '../../../../source/wire/kafka/records/codecs.js';
import { batchesOf, framedText, lz4Frames } from './fixtures/recorded.js';

const numbers = { gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const;
type Name = keyof typeof numbers;
const hasZstd = 'zstdDecompressSync' in zlib;
const here = (Object.keys(numbers) as Name[]).filter(name => name !== 'zstd' || hasZstd);
const most = 16 << 20;

const unpack = (name: Name, bytes: Buffer): Buffer => codecOf(numbers[name]).unpack(bytes);

/** What follows the header of a batch. */
const packed = (name: Name): readonly Buffer[] => batchesOf(name).map(batch => batch.subarray(61));

/** Node’s own gzip says what the Java client packed: it is the same in all codecs. */
const plain = packed('gzip').map(bytes => zlib.gunzipSync(bytes));

/** Bytes of it, or the reason why not: what else is thrown comes through. */
function attempt(name: Name, bytes: Buffer): Buffer | string {
  try {
    return unpack(name, bytes);
  } catch (error) {
    if (error instanceof MalformedAnswer) return error.message;
    throw error;
  }
}

const lz4Header = [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82];
const endMark = [0, 0, 0, 0];
const block = (bytes: readonly number[]): number[] => [
  bytes.length & 0xff,
  bytes.length >> 8,
  0,
  0,
  ...bytes,
];

describe('what is compressed', () => {
  it.each(here)('by the Java client with %s is unpacked, of one block and of several', name => {
    const unpacked = packed(name).map(bytes => unpack(name, bytes));
    expect(unpacked.map(bytes => bytes.length)).toEqual([57, 135_115]);
    expect(unpacked.every((bytes, i) => bytes.equals(plain[i] ?? Buffer.of()))).toBe(true);
  });

  it('by snappy alone, without the stream around it, is unpacked too', () => {
    const [bare] = batchesOf('bare snappy');
    expect(bare && unpack('snappy', bare).equals(plain[1] ?? Buffer.of())).toBe(true);
  });

  it.each(lz4Frames)('by the lz4 of C is unpacked, with %s', (_, frame) => {
    expect(unpack('lz4', frame).toString()).toBe(framedText);
  });

  it('by a codec from after this kmon is named', () => {
    const codec = codecOf(5);
    expect(codec.name).toBe('codec 5');
    expect(() => codec.unpack(Buffer.of(1))).toThrow('this kmon does not know it');
  });
});

describe('what does not unpack is named, and never more than its bytes say', () => {
  it.each(['snappy', 'lz4'] as const)('cut short anywhere: %s', name => {
    const [whole = Buffer.of()] = packed(name);
    for (let length = 0; length < whole.length; length++)
      // Between two blocks a stream of snappy may end: nothing says how many there are.
      expect(attempt(name, whole.subarray(0, length))).toSatisfy(
        (got: Buffer | string) => typeof got === 'string' || (name === 'snappy' && got.length === 0),
      );
  });

  it('in frames of lz4, cut short anywhere', () => {
    for (const [, frame] of lz4Frames) {
      const needed = (frame[4] ?? 0) & 4 ? frame.length - 4 : frame.length;
      for (let length = 0; length < needed; length += 7)
        expect(typeof attempt('lz4', frame.subarray(0, length))).toBe('string');
    }
  });

  it('bytes of anything, and bytes that begin well', () => {
    const snappyStream = [...Buffer.from('\x82SNAPPY\0', 'latin1'), 0, 0, 0, 1, 0, 0, 0, 1];
    const beginnings = fc.constantFrom<number[][]>([], snappyStream, lz4Header, [0x1f, 0x8b, 8, 0]);
    fc.assert(
      fc.property(
        fc.constantFrom(...here),
        beginnings,
        fc.uint8Array({ maxLength: 400 }),
        (name, first, rest) => {
          const got = attempt(name, Buffer.concat([Buffer.from(first), rest]));
          expect(got.length).toBeLessThanOrEqual(most);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('what the Java client wrote, with some bytes changed', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 });
    const which = fc.constantFrom(...here.flatMap(name => packed(name).map(bytes => [name, bytes] as const)));
    fc.assert(
      fc.property(which, changes, ([name, bytes], changed) => {
        const damaged = Buffer.from(bytes);
        for (const [at, byte] of changed) damaged[at % damaged.length] = byte;
        expect(attempt(name, damaged).length).toBeLessThanOrEqual(most);
      }),
      { numRuns: 200 },
    );
  });

  it('a bomb, whichever codec it has', () => {
    const tooMuch = Buffer.alloc(most + 1);
    const repeats = Array.from({ length: 70_000 }, () => 0xff);
    const lz4 = [...lz4Header, ...le32(70_005), 0x1f, 0x61, 1, 0, ...repeats, 0, ...endMark];
    const snappy = [
      0x81,
      0x80,
      0x80,
      8,
      0,
      0x61,
      ...Array.from({ length: 270_000 }, () => [0xfe, 1, 0]).flat(),
    ];
    const bombs: Readonly<Record<Name, () => Buffer>> = {
      gzip: () => zlib.gzipSync(tooMuch),
      snappy: () => Buffer.from(snappy),
      lz4: () => Buffer.from(lz4),
      zstd: () => {
        const pack = Reflect.get(zlib, 'zstdCompressSync') as (bytes: Buffer) => Buffer;
        return pack(tooMuch);
      },
    };
    for (const name of here) expect(attempt(name, bombs[name]())).toBe('it unpacks to more than 16 MiB');
  });

  it('a repeat of what was not there, of nothing, or of what lies before a block that stands alone', () => {
    const abcd = [0x40, 0x61, 0x62, 0x63, 0x64];
    const back = (distance: number): number[] => [0x00, distance, 0, 0x10, 0x65];
    const frame = (flags: number, ...blocks: readonly number[][]): Buffer =>
      Buffer.from([...lz4Header.with(4, flags), ...blocks.flatMap(block), ...endMark]);
    const [alone, linked] = [0x60, 0x40];
    expect(attempt('lz4', frame(linked, abcd, back(4))).toString()).toBe('abcdabcde');
    const absent = 'it repeats what was not there';
    expect(attempt('lz4', frame(alone, abcd, back(4)))).toBe(absent);
    expect(attempt('lz4', frame(linked, abcd, back(5)))).toBe(absent);
    expect(attempt('lz4', frame(linked, abcd, back(0)))).toBe(absent);
  });

  it('lengths of snappy that wrap, or are not those that a block says', () => {
    // Read as a signed number the length of the second literal is negative, and leads back to where it stands.
    const wraps = [20, 0x08, 0x61, 0x61, 0x61, 0xfc, 0xf6, 0xff, 0xff, 0xff];
    expect(attempt('snappy', Buffer.from(wraps))).toBe('it ends too early');
    const other = 'a block has another length than it says';
    expect(attempt('snappy', Buffer.from([20, 0x08, 0x61, 0x61, 0x61]))).toBe(other);
    expect(attempt('snappy', Buffer.from([2, 0x08, 0x61, 0x61, 0x61]))).toBe(other);
    expect(attempt('snappy', Buffer.alloc(9, 0xff))).toBe('the length of a block does not end');
  });

  it('a frame of lz4 that needs a dictionary, or is of another version, or none', () => {
    const frame = (flags: number): Buffer => Buffer.from([...lz4Header.with(4, flags), ...endMark]);
    expect(attempt('lz4', frame(0x61))).toBe('a dictionary that kmon does not have');
    expect(attempt('lz4', frame(0x20))).toBe('a frame of LZ4 of another version');
    expect(attempt('lz4', Buffer.from('plain text'))).toBe('it does not begin as a frame of LZ4 does');
  });
});

function le32(value: number): number[] {
  return [value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, value >>> 24];
}
