const seed = 0x9747b28c;
const m = 0x5bd1e995;
const r = 24;

/** Kafka's hash of a key (`org.apache.kafka.common.utils.Utils.murmur2`), as a signed int32. */
export function murmur2(bytes: Uint8Array): number {
  const { length } = bytes;
  const whole = length - (length % 4);
  let h = seed ^ length;
  for (let i = 0; i < whole; i += 4) {
    let k = at(bytes, i) | (at(bytes, i + 1) << 8) | (at(bytes, i + 2) << 16) | (at(bytes, i + 3) << 24);
    k = Math.imul(k, m);
    k ^= k >>> r;
    h = Math.imul(h, m) ^ Math.imul(k, m);
  }
  if (length % 4 === 3) h ^= at(bytes, whole + 2) << 16;
  if (length % 4 >= 2) h ^= at(bytes, whole + 1) << 8;
  if (length % 4 >= 1) h = Math.imul(h ^ at(bytes, whole), m);
  h ^= h >>> 13;
  h = Math.imul(h, m);
  return h ^ (h >>> 15);
}

/** Where the default partitioner of the Java client puts a key, of so many partitions. */
export function partitionOfKey(key: Uint8Array, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions;
}

function at(bytes: Uint8Array, i: number): number {
  return bytes[i] ?? 0;
}
