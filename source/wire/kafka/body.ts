import type Encoder from 'kafkajs/src/protocol/encoder.js';

/**
 * Writes the body of a request in the classic or the flexible encoding (KIP-482), so that one description of
 * a request serves both. In a classic body `tags()` writes nothing.
 */
export class Body {
  constructor(
    private readonly encoder: Encoder,
    private readonly flexible: boolean,
  ) {}

  int8(value: number): this {
    this.encoder.writeInt8(value);
    return this;
  }

  int16(value: number): this {
    this.encoder.writeInt16(value);
    return this;
  }

  int32(value: number): this {
    this.encoder.writeInt32(value);
    return this;
  }

  /** In two halves: kafkajs's own makes a BigInt and an object of each. Exact up to 2^53. */
  int64(value: number): this {
    this.encoder.writeInt32(Math.floor(value / 2 ** 32)).writeInt32(value | 0);
    return this;
  }

  flag(value: boolean): this {
    this.encoder.writeBoolean(value);
    return this;
  }

  /** IEEE 754, as two int32. */
  float64(value: number): this {
    const bytes = new DataView(new ArrayBuffer(8));
    bytes.setFloat64(0, value);
    this.encoder.writeInt32(bytes.getInt32(0)).writeInt32(bytes.getInt32(4));
    return this;
  }

  text(value: string | null): this {
    if (this.flexible) this.encoder.writeUVarIntString(value);
    else this.encoder.writeString(value);
    return this;
  }

  /** An array: its length, then each item by `write`. */
  list<T>(items: ArrayLike<T>, write: (item: T) => void): this {
    if (this.flexible) this.uvarint(items.length + 1);
    else this.encoder.writeInt32(items.length);
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
    else this.encoder.writeInt32(-1);
    return this;
  }

  tags(): this {
    if (this.flexible) this.uvarint(0);
    return this;
  }

  /** Byte by byte: kafkajs's own makes an array and a Buffer of each number, and a thousand groups are three thousand of them. */
  private uvarint(value: number): void {
    let rest = value;
    for (; rest > 0x7f; rest >>>= 7) this.encoder.writeInt8((rest & 0x7f) - 0x80);
    this.encoder.writeInt8(rest);
  }
}
