import { MalformedAnswer } from '../reader.js';

/** Bytes that a decoder goes through, never beyond their end: there it throws MalformedAnswer. */
export class PackedBytes {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  get left(): number {
    return this.bytes.length - this.at;
  }

  byte(): number {
    return this.bytes.readUInt8(this.pass(1));
  }

  /** An unsigned number of 1 to 4 bytes, the lowest first. */
  little(bytes: number): number {
    return this.bytes.readUIntLE(this.pass(bytes), bytes);
  }

  /** An unsigned number of 4 bytes, the highest first. */
  big(): number {
    return this.bytes.readUInt32BE(this.pass(4));
  }

  /** The next bytes: a view, not a copy. */
  take(length: number): Buffer {
    const at = this.pass(length);
    return this.bytes.subarray(at, at + length);
  }

  skip(length: number): void {
    this.pass(length);
  }

  private pass(length: number): number {
    const { at } = this;
    if (length > this.left) throw new MalformedAnswer('it ends too early');
    this.at = at + length;
    return at;
  }
}
