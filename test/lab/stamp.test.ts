import { describe, expect, it } from 'vitest';
import { readStamp, stamped } from '../../lab/stamp.js';

describe('the stamp of a record', () => {
  it('is read back from a value of the wanted size', () => {
    for (const bytes of [100, 500, 2_000]) {
      const value = stamped({ sequence: 12_345_678_901, sent: 1_795_371_186_258 }, bytes);
      expect(Buffer.byteLength(value)).toBe(bytes);
      expect(JSON.parse(value)).toMatchObject({ sequence: 12_345_678_901 });
      expect(readStamp(Buffer.from(value))).toEqual({ sequence: 12_345_678_901, sent: 1_795_371_186_258 });
    }
  });

  it('is not seen in values that the load did not write', () => {
    expect(readStamp(null)).toBeUndefined();
    expect(readStamp(Buffer.from('{"sequence":"7"}'))).toBeUndefined();
    expect(readStamp(Buffer.from(' {"sequence":7,"sent":8,"padding":""}'))).toBeUndefined();
  });
});
