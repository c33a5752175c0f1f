import { keepShape } from '../../core/keep-shape.js';

/** The answer does not have the shape that its version promises. */
export class MalformedAnswer extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'MalformedAnswer';
  }
}

/** Twenty times what a topic has been seen with; Kafka's own limits for a whole cluster are lower. */
const greatestPartition = 1_000_000;

const noUuid = 'A'.repeat(22);

/**
 * Reads an answer in the classic or the flexible encoding (KIP-482). kafkajs has a decoder too; this one turns an
 * int64 into a number without a BigInt between, reads either encoding with one description, and throws
 * MalformedAnswer instead of reading beyond the end.
 */
export class Reader {
  /** How long the broker asks this client to wait before the next request (KIP-219), ms. */
  throttled = 0;
  private at = 0;
  /** The engine reads numbers out of a view at once; a Buffer's own methods are calls, and cost three times as much. */
  private readonly view: DataView;

  constructor(
    private readonly bytes: Buffer,
    private readonly flexible: boolean,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  /** All that was not read yet: a view, not a copy. */
  get rest(): Buffer {
    return this.bytes.subarray(this.at);
  }

  int8(): number {
    return this.view.getInt8(this.take(1));
  }

  flag(): boolean {
    return this.int8() !== 0;
  }

  int16(): number {
    return this.view.getInt16(this.take(2));
  }

  int32(): number {
    return this.view.getInt32(this.take(4));
  }

  /**
   * The number of a partition. What is kept by partition has as many rows as the greatest number, so that a broker's garbage
   * must not become gigabytes of memory.
   */
  partition(): number {
    const number = this.int32();
    if (number < 0 || number > greatestPartition)
      throw new MalformedAnswer(`there is no partition ${number}`);
    return number;
  }

  /** Exact up to 2^53, which no offset reaches. */
  int64(): number {
    const at = this.take(8);
    return this.view.getInt32(at) * 2 ** 32 + this.view.getUint32(at + 4);
  }

  float64(): number {
    return this.bytes.readDoubleBE(this.take(8));
  }

  uvarint(): number {
    const first = this.view.getUint8(this.take(1));
    // Lengths and counts of tags: two in each row of an answer, and nearly always one byte.
    if (first < 0x80) return first;
    let value = first & 0x7f;
    for (let shift = 7; shift < 35; shift += 7) {
      const byte = this.view.getUint8(this.take(1));
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new MalformedAnswer('a varint does not end');
  }

  throttle(): void {
    this.throttled = this.int32();
  }

  /** A string that may be null. */
  text(): string | undefined {
    const length = this.flexible ? this.uvarint() - 1 : this.int16();
    if (length < 0) return undefined;
    const at = this.take(length);
    return this.bytes.toString('utf8', at, at + length);
  }

  /** A string; null reads as empty. */
  name(): string {
    return this.text() ?? '';
  }

  /** Whether a struct that may be null follows. */
  isPresent(): boolean {
    return this.int8() >= 0;
  }

  /** Bytes that may be null; a view, not a copy. */
  blob(): Buffer | undefined {
    const length = this.flexible ? this.uvarint() - 1 : this.int32();
    if (length < 0) return undefined;
    const at = this.take(length);
    return this.bytes.subarray(at, at + length);
  }

  /** The length of an array of items of so many bytes at least; the null array reads as empty. */
  length(itemBytes = 1): number {
    const length = this.flexible ? this.uvarint() - 1 : this.int32();
    if (length * itemBytes > this.left)
      throw new MalformedAnswer(`an array of ${length} items in ${this.left} bytes`);
    return Math.max(0, length);
  }

  list<T>(read: () => T): T[] {
    const length = this.length();
    const items: T[] = [];
    for (let i = 0; i < length; i++) items.push(read());
    return items;
  }

  int32s(): Int32Array {
    const length = this.length(4);
    const values = new Int32Array(length);
    for (let i = 0; i < length; i++) values[i] = this.int32();
    return values;
  }

  /** Passes over an array of int32, and says how many there were. */
  skipInt32s(): number {
    return this.firstInt32().count;
  }

  /** The first of an array of numbers, of which the rest is passed over, and how many there are; NaN where it is empty. */
  firstInt32(): { readonly first: number; readonly count: number } {
    const count = this.length(4);
    const first = count === 0 ? NaN : this.int32();
    this.skip(4 * Math.max(0, count - 1));
    return { first, count };
  }

  /** Passes over a string that may be null. */
  skipText(): void {
    const length = this.flexible ? this.uvarint() - 1 : this.int16();
    if (length > 0) this.skip(length);
  }

  /** As Kafka prints it: base64url without padding. The id of zeros, which means none, is undefined. */
  uuid(): string | undefined {
    const at = this.take(16);
    const id = this.bytes.toString('base64url', at, at + 16);
    return id === noUuid ? undefined : id;
  }

  skip(bytes: number): void {
    this.take(bytes);
  }

  /** Tagged fields: none is of use to kmon yet. In a classic answer there are none. */
  tags(): void {
    if (!this.flexible) return;
    for (let count = this.uvarint(); count > 0; count--) {
      this.uvarint();
      this.skip(this.uvarint());
    }
  }

  private take(length: number): number {
    const at = this.at;
    if (length < 0 || at + length > this.bytes.length) throw this.tooShort(at + length);
    this.at = at + length;
    return at;
  }

  private tooShort(needed: number): MalformedAnswer {
    return new MalformedAnswer(`it ends after ${this.bytes.length} bytes, ${needed} are needed`);
  }
}

keepShape(new Reader(Buffer.alloc(0), false));
