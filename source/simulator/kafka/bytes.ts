/**
 * The simulator's own encoding of the Kafka protocol, so that it can disagree with what kmon believes. Both classes
 * write and read the classic encoding, or the flexible one (KIP-482) when told so.
 */
export class Writer {
  private readonly parts: Buffer[] = [];

  constructor(readonly flexible = false) {}

  int8(value: number): this {
    return this.put(1, b => b.writeInt8(value));
  }

  flag(value: boolean): this {
    return this.int8(value ? 1 : 0);
  }

  int16(value: number): this {
    return this.put(2, b => b.writeInt16BE(value));
  }

  int32(value: number): this {
    return this.put(4, b => b.writeInt32BE(value));
  }

  int64(value: number): this {
    return this.put(8, b => b.writeBigInt64BE(BigInt(value)));
  }

  float64(value: number): this {
    return this.put(8, b => b.writeDoubleBE(value));
  }

  uvarint(value: number): this {
    const bytes: number[] = [];
    let rest = value;
    while (rest >= 0x80) {
      bytes.push((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    return this.raw(Buffer.from([...bytes, rest]));
  }

  text(value: string | null): this {
    if (value === null) return this.flexible ? this.uvarint(0) : this.int16(-1);
    const bytes = Buffer.from(value);
    return (this.flexible ? this.uvarint(bytes.length + 1) : this.int16(bytes.length)).raw(bytes);
  }

  blob(value: Buffer): this {
    return (this.flexible ? this.uvarint(value.length + 1) : this.int32(value.length)).raw(value);
  }

  list<T>(items: readonly T[] | null, write: (item: T) => void): this {
    const length = items === null ? -1 : items.length;
    if (this.flexible) this.uvarint(length + 1);
    else this.int32(length);
    for (const item of items ?? []) write(item);
    return this;
  }

  int32s(values: readonly number[]): this {
    return this.list(values, value => this.int32(value));
  }

  /** No tagged fields; nothing at all in the classic encoding. */
  tags(): this {
    return this.flexible ? this.uvarint(0) : this;
  }

  raw(bytes: Buffer): this {
    this.parts.push(bytes);
    return this;
  }

  bytes(): Buffer {
    return Buffer.concat(this.parts);
  }

  private put(size: number, write: (buffer: Buffer) => void): this {
    const buffer = Buffer.alloc(size);
    write(buffer);
    return this.raw(buffer);
  }
}

export type Asked<T> = { readonly topic: string; readonly partitions: readonly T[] };

export class Scanner {
  private at = 0;

  constructor(
    private readonly bytes: Buffer,
    readonly flexible = false,
  ) {}

  int8(): number {
    return this.bytes.readInt8(this.step(1));
  }

  flag(): boolean {
    return this.int8() === 1;
  }

  int16(): number {
    return this.bytes.readInt16BE(this.step(2));
  }

  int32(): number {
    return this.bytes.readInt32BE(this.step(4));
  }

  int64(): number {
    return Number(this.bytes.readBigInt64BE(this.step(8)));
  }

  float64(): number {
    return this.bytes.readDoubleBE(this.step(8));
  }

  uvarint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.bytes.readUInt8(this.step(1));
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  }

  text(): string | null {
    return this.sized(this.flexible ? this.uvarint() - 1 : this.int16())?.toString() ?? null;
  }

  name(): string {
    return this.text() ?? '';
  }

  blob(): Buffer {
    return this.sized(this.flexible ? this.uvarint() - 1 : this.int32()) ?? Buffer.alloc(0);
  }

  /** The items, or null for the null array, which is how "all" is asked. */
  list<T>(read: () => T): T[] | null {
    const length = this.flexible ? this.uvarint() - 1 : this.int32();
    if (length < 0) return null;
    return Array.from({ length }, read);
  }

  /** Structs: tagged fields stand behind each. */
  structs<T>(read: () => T): T[] | null {
    return this.list(() => {
      const item = read();
      this.tags();
      return item;
    });
  }

  /** What is asked of partitions, by topic; `read` reads what is said of one of them, its index included. */
  topics<T>(read: () => T): Asked<T>[] {
    return this.structs(() => ({ topic: this.name(), partitions: this.structs(read) ?? [] })) ?? [];
  }

  /** Nothing but indexes of partitions, by topic; null where all are asked for. */
  partitions(): Asked<number>[] | null {
    return this.structs(() => ({ topic: this.name(), partitions: this.list(() => this.int32()) ?? [] }));
  }

  raw(size: number): Buffer {
    const at = this.step(size);
    return this.bytes.subarray(at, at + size);
  }

  tags(): void {
    if (!this.flexible) return;
    for (let n = this.uvarint(); n > 0; n--) {
      this.uvarint();
      this.step(this.uvarint());
    }
  }

  /** All was read: a request with something left was written in another version than it claims. */
  get isAtEnd(): boolean {
    return this.at === this.bytes.length;
  }

  rest(): Buffer {
    return this.bytes.subarray(this.at);
  }

  private sized(length: number): Buffer | undefined {
    if (length < 0) return undefined;
    const at = this.step(length);
    return this.bytes.subarray(at, at + length);
  }

  private step(size: number): number {
    const at = this.at;
    this.at += size;
    if (this.at > this.bytes.length) throw new RangeError(`a request ends after ${this.bytes.length} bytes`);
    return at;
  }
}
