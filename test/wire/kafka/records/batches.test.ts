import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedAnswer } from '../../../../source/wire/kafka/reader.js';
import { readBatches } from '../../../../source/wire/kafka/records/batches.js';
import { batchesOf, javaCodecs } from './fixtures/recorded.js';

const codecs = javaCodecs.filter(codec => codec !== 'zstd');

type Seen = {
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string;
  readonly bytes: number;
};

function read(log: Buffer, from = 0): { readonly records: readonly Seen[]; readonly unread: object } {
  const records: Seen[] = [];
  const unread = readBatches(log, from, ({ key, ...rest }) =>
    records.push({ ...rest, key: Buffer.from(key ?? []).toString() }),
  );
  return { records, unread: Object.fromEntries(unread) };
}

/** A batch whose packed bytes are no longer what they were. */
function broken(batch: Buffer): Buffer {
  return Buffer.concat([batch.subarray(0, 61), Buffer.alloc(batch.length - 61, 0xff)]);
}

describe('the batches of a log', () => {
  it.each(codecs)('are read as the Java client wrote them, with %s', codec => {
    const { records, unread } = read(Buffer.concat(batchesOf(codec)));
    expect(unread).toEqual({});
    expect(records.map(r => r.offset)).toEqual(Array.from({ length: 223 }, (_, i) => 1_000 + i));
    expect(records[1]).toEqual({ offset: 1_001, timestamp: 1_700_000_001_001, key: 'k1', bytes: 12 });
    for (const { offset, timestamp, key } of records) {
      expect(timestamp).toBe(1_700_000_000_000 + offset);
      expect(key).toBe(`k${offset % 40}`);
    }
  });

  it('are read from the offset on that was asked for, and as far as the last one is whole', () => {
    const log = Buffer.concat([...batchesOf('lz4'), ...batchesOf('snappy')]);
    expect(read(log.subarray(0, -1), 1_220).records.map(r => r.offset)).toEqual([1_220, 1_221, 1_222]);
  });

  it('that do not unpack take no other with them, and say why', () => {
    const [few = Buffer.of(), many = Buffer.of()] = batchesOf('lz4');
    const [snappy = Buffer.of()] = batchesOf('snappy');
    const unknown = Buffer.from(few);
    unknown.writeInt16BE(6, 21);
    const { records, unread } = read(Buffer.concat([few, broken(many), broken(snappy), unknown, few]));
    expect(records.map(r => r.offset)).toEqual([1_000, 1_001, 1_002, 1_000, 1_001, 1_002]);
    expect(unread).toEqual({
      'lz4 (it does not begin as a frame of LZ4 does)': 220,
      'snappy (the length of a block does not end)': 3,
      'codec 6 (this kmon does not know it)': 3,
    });
  });

  it('that hold fewer records than they say give those that they hold', () => {
    const [few = Buffer.of()] = batchesOf('snappy');
    const claiming = Buffer.from(few);
    claiming.writeInt32BE(10, 57);
    const { records, unread } = read(claiming);
    expect(records).toHaveLength(3);
    expect(unread).toEqual({ 'snappy (a record ends within a number)': 7 });
  });

  it('of an older format are refused by its name', () => {
    const [few = Buffer.of()] = batchesOf('lz4');
    const old = Buffer.from(few);
    old.writeInt8(1, 16);
    expect(() => read(old)).toThrow(
      new MalformedAnswer('message format 1, kmon reads 2 (Kafka 0.11 and later)'),
    );
  });

  it('with any bytes changed are read or named: nothing else is thrown, and none is counted below zero', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.constantFrom(...codecs), changes, (codec, changed) => {
        const log = Buffer.concat([...batchesOf(codec)]);
        for (const [at, byte] of changed) log[at % 700] = byte;
        try {
          for (const records of Object.values(read(log).unread)) expect(records).toBeGreaterThanOrEqual(0);
        } catch (error) {
          if (!(error instanceof MalformedAnswer)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });
});
