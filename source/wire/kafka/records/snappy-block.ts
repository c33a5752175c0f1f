import { MalformedAnswer } from '../reader.js';
import { PackedBytes } from './packed-bytes.js';
import type { UnpackedBytes } from './unpacked-bytes.js';

/** Lengths of literal bytes up to here are in the tag itself; beyond it the tag says in how many bytes the length follows. */
const mostInTag = 60;

/**
 * Unpacks one block of snappy: its length, then literal bytes and repeats, each behind a tag whose two low bits say which (Snappy
 * compressed format description). Throws MalformedAnswer.
 */
export function unpackSnappyBlock(bytes: Buffer, to: UnpackedBytes): void {
  const block = new PackedBytes(bytes);
  const end = to.length + lengthOf(block);
  to.beginBlock();
  while (block.left > 0) {
    const tag = block.byte();
    const rest = tag >> 2;
    switch (tag & 3) {
      case 0:
        to.append(block.take(1 + (rest < mostInTag ? rest : block.little(rest - mostInTag + 1))));
        break;
      case 1:
        to.repeat(((rest >> 3) << 8) | block.byte(), 4 + (rest & 7));
        break;
      default:
        to.repeat(block.little((tag & 3) === 2 ? 2 : 4), 1 + rest);
    }
  }
  if (to.length !== end) throw new MalformedAnswer('a block has another length than it says');
}

/** A varint of 32 bits. */
function lengthOf(block: PackedBytes): number {
  let [length, scale] = [0, 1];
  for (let i = 0; i < 5; i++) {
    const byte = block.byte();
    length += (byte & 0x7f) * scale;
    if (byte < 0x80) return length;
    scale *= 0x80;
  }
  throw new MalformedAnswer('the length of a block does not end');
}
