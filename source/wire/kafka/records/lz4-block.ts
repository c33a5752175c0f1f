import type { PackedBytes } from './packed-bytes.js';
import type { UnpackedBytes } from './unpacked-bytes.js';

const shortestRepeat = 4;
/** In four bits: more of the length follows. */
const goesOn = 15;

/**
 * Unpacks one block of LZ4, to its end: sequences of literal bytes and of a repeat, the last one without the repeat (LZ4 Block Format
 * Description). Throws MalformedAnswer.
 */
export function unpackLz4Block(block: PackedBytes, to: UnpackedBytes): void {
  while (block.left > 0) {
    const token = block.byte();
    to.append(block.take(lengthFrom(token >> 4, block)));
    if (block.left === 0) return;
    const distance = block.little(2);
    to.repeat(distance, lengthFrom(token & 0xf, block) + shortestRepeat);
  }
}

function lengthFrom(bits: number, block: PackedBytes): number {
  let length = bits;
  if (bits === goesOn)
    for (let more = 0xff; more === 0xff; length += more) {
      more = block.byte();
    }
  return length;
}
