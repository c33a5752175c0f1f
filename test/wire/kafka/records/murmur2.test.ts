import { describe, expect, it } from 'vitest';
import { murmur2, partitionOfKey } from '../../../../source/wire/kafka/records/murmur2.js';

describe('the hash of a key', () => {
  // From org.apache.kafka.common.utils.UtilsTest.testMurmur2.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('is Kafka’s own: %s', (key, hash) => {
    expect(murmur2(Buffer.from(key))).toBe(hash);
  });

  it('gives a partition even where it is negative', () => {
    expect(partitionOfKey(Buffer.from('foobar'), 6)).toBe((-790332482 & 0x7fffffff) % 6);
  });
});
