import { gzipSync } from 'node:zlib';
import { Writer } from './bytes.js';
import type { SimulatedRecord } from './state.js';

const noEpoch = -1;
const noSequence = -1;
const magic = 2;
const appendTime = 0x08;
const gzip = 1;

/** Records of one producer, as a log holds them: message format v2 (KIP-98). `records` is not empty. */
export function recordBatch(records: readonly SimulatedRecord[], baseOffset: number): Buffer {
  const [first] = records;
  const baseTime = first?.timestamp ?? 0;
  const packed = first?.gzip === true;
  const plain = Buffer.concat(records.map((record, delta) => encoded(record, delta, baseTime)));
  const body = new Writer()
    .int16((first?.appendTime === true ? appendTime : 0) | (packed ? gzip : 0))
    .int32(records.length - 1)
    .int64(baseTime)
    .int64(Math.max(...records.map(r => r.timestamp)))
    .int64(first?.producerId ?? -1)
    .int16(noEpoch)
    .int32(noSequence)
    .int32(records.length)
    .raw(packed ? gzipSync(plain) : plain)
    .bytes();
  const epochMagicAndChecksum = 9;
  return new Writer()
    .int64(baseOffset)
    .int32(epochMagicAndChecksum + body.length)
    .int32(noEpoch)
    .int8(magic)
    .int32(crc32c(body) | 0)
    .raw(body)
    .bytes();
}

function encoded({ key, value, timestamp }: SimulatedRecord, delta: number, baseTime: number): Buffer {
  const attributes = 0;
  const record = Buffer.concat([
    Buffer.from([attributes]),
    varint(timestamp - baseTime),
    varint(delta),
    sized(key),
    sized(value),
    varint(0),
  ]);
  return Buffer.concat([varint(record.length), record]);
}

function sized(text: string | null): Buffer {
  if (text === null) return varint(-1);
  const bytes = Buffer.from(text);
  return Buffer.concat([varint(bytes.length), bytes]);
}

/** Zigzag. */
function varint(value: number): Buffer {
  let rest = value >= 0 ? 2n * BigInt(value) : -2n * BigInt(value) - 1n;
  const bytes: number[] = [];
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return Buffer.from([...bytes, Number(rest)]);
}

const castagnoli = 0x82f63b78;
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let c = byte;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ castagnoli : c >>> 1;
  return c;
});

function crc32c(bytes: Buffer): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = (c >>> 8) ^ (table[(c ^ byte) & 0xff] ?? 0);
  return (c ^ 0xffffffff) >>> 0;
}
