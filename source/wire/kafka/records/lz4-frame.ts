import { MalformedAnswer } from '../reader.js';
import { unpackLz4Block } from './lz4-block.js';
import { PackedBytes } from './packed-bytes.js';
import { UnpackedBytes } from './unpacked-bytes.js';

const magic = 0x184d2204;
const version = 1;
const isIndependent = 0x20;
const hasBlockChecksums = 0x10;
const hasContentSize = 0x08;
const hasDictionary = 0x01;
/** Of a block's size: its bytes were not packed. */
const isStored = 0x8000_0000;
const checksum = 4;

/**
 * Unpacks an LZ4 frame, as a batch of codec 3 holds one (LZ4 Frame Format Description 1.6). The Java client writes independent blocks
 * without checksums; others link them, and may give checksums and the size. No checksum is compared: a batch has one of its own, and
 * brokers hold it against what they are sent. Throws MalformedAnswer.
 */
export function unpackLz4Frame(bytes: Buffer): Buffer {
  const frame = new PackedBytes(bytes);
  if (frame.little(4) !== magic) throw new MalformedAnswer('it does not begin as a frame of LZ4 does');
  const flags = frame.byte();
  if (flags >> 6 !== version) throw new MalformedAnswer('a frame of LZ4 of another version');
  if ((flags & hasDictionary) !== 0) throw new MalformedAnswer('a dictionary that kmon does not have');
  const greatestBlock = 1;
  const headerChecksum = 1;
  frame.skip(greatestBlock + ((flags & hasContentSize) === 0 ? 0 : 8) + headerChecksum);
  const unpacked = new UnpackedBytes();
  for (let size = frame.little(4); size !== 0; size = frame.little(4)) {
    const block = frame.take(size % isStored);
    if ((flags & isIndependent) !== 0) unpacked.beginBlock();
    if (size >= isStored) unpacked.append(block);
    else unpackLz4Block(new PackedBytes(block), unpacked);
    if ((flags & hasBlockChecksums) !== 0) frame.skip(checksum);
  }
  return unpacked.written;
}
