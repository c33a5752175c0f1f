import { PackedBytes } from './packed-bytes.js';
import { unpackSnappyBlock } from './snappy-block.js';
import { UnpackedBytes } from './unpacked-bytes.js';

/** “SNAPPY” between two bytes that no text has. */
const magic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const versions = 4 + 4;

/**
 * Unpacks what a batch of codec 2 holds: the stream of snappy-java, which the Java client writes (magic and versions, then blocks with
 * their sizes before them), or the one bare block that librdkafka writes. Throws MalformedAnswer.
 */
export function unpackSnappy(bytes: Buffer): Buffer {
  const unpacked = new UnpackedBytes();
  if (bytes.subarray(0, magic.length).equals(magic)) {
    const stream = new PackedBytes(bytes);
    stream.skip(magic.length + versions);
    while (stream.left > 0) unpackSnappyBlock(stream.take(stream.big()), unpacked);
  } else unpackSnappyBlock(bytes, unpacked);
  return unpacked.written;
}
