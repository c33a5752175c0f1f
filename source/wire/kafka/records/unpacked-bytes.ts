import { MalformedAnswer } from '../reader.js';

/** Of one batch: a hostile one must not become gigabytes. */
export const mostUnpacked = 16 << 20;

/** Most batches are smaller; room grows by doubling. */
const firstRoom = 64 << 10;

/** Why a batch that would become more is left out, whichever codec it has. */
export function tooLarge(): MalformedAnswer {
  return new MalformedAnswer(`it unpacks to more than ${mostUnpacked >> 20} MiB`);
}

/**
 * What was unpacked until now. LZ4 and snappy know two things to say: these bytes, and those from so far back once more. Throws
 * MalformedAnswer where that reaches before the block, or beyond `mostUnpacked`.
 */
export class UnpackedBytes {
  private bytes = Buffer.allocUnsafe(firstRoom);
  private at = 0;
  private blockAt = 0;

  get length(): number {
    return this.at;
  }

  /** All of it: a view, not a copy. */
  get written(): Buffer {
    return this.bytes.subarray(0, this.at);
  }

  /** What comes now may not repeat what came before. */
  beginBlock(): void {
    this.blockAt = this.at;
  }

  append(bytes: Uint8Array): void {
    const at = this.room(bytes.length);
    this.bytes.set(bytes, at);
  }

  /** Repeats what was written from `distance` bytes ago on; where `length` is more, what this writes as well. */
  repeat(distance: number, length: number): void {
    if (distance === 0 || distance > this.at - this.blockAt)
      throw new MalformedAnswer('it repeats what was not there');
    const from = this.at - distance;
    let to = this.room(length);
    while (to < this.at) {
      const there = Math.min(to - from, this.at - to);
      this.bytes.copyWithin(to, from, from + there);
      to += there;
    }
  }

  /** Where the next `length` bytes go. To be called before `bytes` is read: they may be others afterwards. */
  private room(length: number): number {
    const { at } = this;
    const needed = at + length;
    if (needed > mostUnpacked) throw tooLarge();
    if (needed > this.bytes.length) {
      const wider = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2));
      wider.set(this.written);
      this.bytes = wider;
    }
    this.at = needed;
    return at;
  }
}
