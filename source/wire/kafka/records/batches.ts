import { MalformedAnswer } from '../reader.js';
import { codecOf } from './codecs.js';

/** What the header of a batch of records says of all of them (message format v2, KIP-98). */
export type BatchHeader = {
  readonly baseOffset: number;
  /** −1 where the producer is not idempotent. */
  readonly producerId: number;
  /** The broker's time, set as it was appended: it never goes back. */
  readonly isAppendTime: boolean;
};

export type RecordSeen = {
  readonly offset: number;
  /** ms since the epoch. */
  readonly timestamp: number;
  /** A view; undefined where the record has no key. */
  readonly key: Uint8Array | undefined;
  /** Bytes of key and value. */
  readonly bytes: number;
};

/** From the base offset to its length, and what that counts of the header. */
const prefix = 12;
const headerAfterPrefix = 49;
const magicTwo = 2;
/** A byte that means nothing yet. */
const attributesOfRecord = 1;
const isControl = 0x20;
const isAppendTime = 0x08;

/**
 * Reads batches as a leader answers them to Fetch, calling `look` for each record from `from` on; returns how many records it could
 * not look at, by the codec of their batch and why: what is wrong with one batch takes no other with it. The last one may be cut short,
 * as brokers do; markers of transactions are no records. Throws MalformedAnswer where it cannot be told where a batch ends, or
 * what its header means.
 */
export function readBatches(
  log: Buffer,
  from: number,
  look: (record: RecordSeen, batch: BatchHeader) => void,
): ReadonlyMap<string, number> {
  const unread = new Map<string, number>();
  let at = 0;
  while (at + prefix + headerAfterPrefix <= log.length) {
    const length = log.readInt32BE(at + 8);
    if (length < headerAfterPrefix) throw new MalformedAnswer(`a batch of ${length} bytes`);
    const end = at + prefix + length;
    if (end > log.length) break;
    readBatch(log.subarray(at, end), from, look, unread);
    at = end;
  }
  return unread;
}

function readBatch(
  batch: Buffer,
  from: number,
  look: (record: RecordSeen, batch: BatchHeader) => void,
  unread: Map<string, number>,
): void {
  const magic = batch.readInt8(16);
  if (magic !== magicTwo)
    throw new MalformedAnswer(`message format ${magic}, kmon reads 2 (Kafka 0.11 and later)`);
  const attributes = batch.readInt16BE(21);
  if ((attributes & isControl) !== 0) return;
  const header: BatchHeader = {
    baseOffset: int64(batch, 0),
    producerId: int64(batch, 43),
    isAppendTime: (attributes & isAppendTime) !== 0,
  };
  const [firstTime, latestTime] = [int64(batch, 27), int64(batch, 35)];
  const count = Math.max(0, batch.readInt32BE(57));
  const codec = codecOf(attributes);
  let read = 0;
  try {
    const reader = new Varints(codec.unpack(batch.subarray(prefix + headerAfterPrefix)));
    for (; read < count; read++) {
      const length = reader.varint();
      const end = reader.at + length;
      reader.skip(attributesOfRecord);
      const time = firstTime + reader.varint();
      const offset = header.baseOffset + reader.varint();
      const key = reader.bytes();
      const value = reader.varint();
      reader.jump(end);
      if (offset < from) continue;
      const timestamp = header.isAppendTime ? latestTime : time;
      look({ offset, timestamp, key, bytes: (key?.length ?? 0) + Math.max(0, value) }, header);
    }
  } catch (error) {
    if (!(error instanceof MalformedAnswer)) throw error;
    const what = `${codec.name} (${error.message})`;
    unread.set(what, (unread.get(what) ?? 0) + count - read);
  }
}

function int64(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
}

/** Zigzag varints, as records are written with. */
class Varints {
  at = 0;

  constructor(private readonly data: Buffer) {}

  varint(): number {
    let [value, scale] = [0, 1];
    for (let i = 0; i < 10; i++) {
      const byte = this.data[this.at];
      if (byte === undefined) throw new MalformedAnswer('a record ends within a number');
      this.at++;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      scale *= 128;
    }
    throw new MalformedAnswer('a varint does not end');
  }

  /** Bytes after their length; undefined for the length of null. */
  bytes(): Uint8Array | undefined {
    const length = this.varint();
    if (length < 0) return undefined;
    const from = this.at;
    this.jump(from + length);
    return this.data.subarray(from, this.at);
  }

  skip(bytes: number): void {
    this.jump(this.at + bytes);
  }

  jump(to: number): void {
    if (!(to >= this.at && to <= this.data.length))
      throw new MalformedAnswer('a record is longer than its batch');
    this.at = to;
  }
}
