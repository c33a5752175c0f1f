import { keepShape } from '../../core/keep-shape.js';

/** Most requests are smaller; room grows by doubling. */
const firstRoom = 512;

/**
 * Writes the body of a request in the classic or the flexible encoding (KIP-482), so that one description of
 * a request serves both. In a classic body `tags()` writes nothing.
 *
 * kafkajs has an encoder too; it makes an array and a Buffer of every varint, a BigInt of every int64, and checks and grows through
 * several calls a number. A sweep asks for a thousand groups and ten thousand partitions. What does not fit throws, as there.
 */
export class Body {
  private bytes = Buffer.alloc(firstRoom);
  private at = 0;

  constructor(private readonly flexible: boolean) {}

  /** What was written until now: a view, not a copy. */
  get written(): Buffer {
    return this.bytes.subarray(0, this.at);
  }

  int8(value: number): this {
    this.byte(fitting(value, (value << 24) >> 24));
    return this;
  }

  int16(value: number): this {
    const at = this.room(2);
    this.bytes[at] = fitting(value, (value << 16) >> 16) >> 8;
    this.bytes[at + 1] = value;
    return this;
  }

  int32(value: number): this {
    this.word(this.room(4), fitting(value, value | 0));
    return this;
  }

  /** Up to 2^53: beyond it a number is no exact offset any more. */
  int64(value: number): this {
    fitting(value, Number.isSafeInteger(value) ? value : NaN);
    const at = this.room(8);
    this.word(at, Math.floor(value / 2 ** 32));
    this.word(at + 4, value);
    return this;
  }

  flag(value: boolean): this {
    return this.int8(value ? 1 : 0);
  }

  /** IEEE 754. */
  float64(value: number): this {
    const at = this.room(8);
    this.bytes.writeDoubleBE(value, at);
    return this;
  }

  text(value: string | null): this {
    const length = value === null ? -1 : Buffer.byteLength(value);
    if (this.flexible) this.uvarint(length + 1);
    else this.int16(length);
    if (value !== null) {
      const at = this.room(length);
      this.bytes.write(value, at);
    }
    return this;
  }

  /** The length of an array, whose items come next. */
  length(items: number): this {
    if (this.flexible) this.uvarint(items + 1);
    else this.int32(items);
    return this;
  }

  /** An array: its length, then each item by `write`. */
  list<T>(items: ArrayLike<T>, write: (item: T) => void): this {
    this.length(items.length);
    // By their index: of a typed array, an iterator makes two objects of each number.
    for (let i = 0; i < items.length; i++) {
      const item = items[i];
      if (item !== undefined) write(item);
    }
    return this;
  }

  /** The null array, which means "all" where Kafka takes one. */
  all(): this {
    if (this.flexible) this.uvarint(0);
    else this.int32(-1);
    return this;
  }

  tags(): this {
    if (this.flexible) this.uvarint(0);
    return this;
  }

  private uvarint(value: number): void {
    let rest = value;
    for (; rest > 0x7f; rest >>>= 7) this.byte((rest & 0x7f) | 0x80);
    this.byte(rest);
  }

  private byte(value: number): void {
    const at = this.room(1);
    this.bytes[at] = value;
  }

  private word(at: number, value: number): void {
    this.bytes[at] = value >> 24;
    this.bytes[at + 1] = value >> 16;
    this.bytes[at + 2] = value >> 8;
    this.bytes[at + 3] = value;
  }

  /** Where the next `length` bytes go. To be called before `bytes` is read: they may be others afterwards. */
  private room(length: number): number {
    const { at } = this;
    this.at = at + length;
    if (this.at > this.bytes.length) {
      const wider = Buffer.alloc(Math.max(this.at, this.bytes.length * 2));
      wider.set(this.bytes);
      this.bytes = wider;
    }
    return at;
  }
}

/** A number that its field cannot hold would be another one on the broker's side. */
function fitting(value: number, held: number): number {
  if (value !== held) throw new RangeError(`${value} does not fit`);
  return held;
}

keepShape(new Body(false));
