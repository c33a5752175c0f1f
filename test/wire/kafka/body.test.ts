import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Scanner } from '../../../source/simulator/kafka/bytes.js';
import { Body } from '../../../source/wire/kafka/body.js';

const int = (bits: number): fc.Arbitrary<number> =>
  fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 });

test('writes what the simulator reads, in either encoding, however much it is', () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.array(fc.option(fc.string({ unit: 'grapheme', maxLength: 300 })), { maxLength: 40 }),
      fc.tuple(int(8), int(16), int(32), fc.maxSafeInteger(), fc.boolean()),
      (flexible, texts, [a, b, c, d, e]) => {
        const body = new Body(flexible).int8(a).int16(b).int32(c).int64(d).flag(e);
        for (const text of texts) body.text(text);
        body.tags().list([c, -1, 0], item => body.int32(item));
        const scanner = new Scanner(body.written, flexible);
        expect(scanner.int8()).toBe(a);
        expect(scanner.int16()).toBe(b);
        expect(scanner.int32()).toBe(c);
        expect(scanner.int64()).toBe(d);
        expect(scanner.flag()).toBe(e);
        for (const text of texts) expect(scanner.text()).toBe(text);
        scanner.tags();
        expect(scanner.list(() => scanner.int32())).toEqual([c, -1, 0]);
      },
    ),
  );
});

test('a text of more than 127 bytes has a length of two', () => {
  const { written } = new Body(true).text('é'.repeat(64));
  expect([...written.subarray(0, 3)]).toEqual([0x81, 0x01, 0xc3]);
  expect(written).toHaveLength(2 + 128);
});

test('a fraction is IEEE 754', () => {
  expect(new Body(false).float64(-0.1).written.readDoubleBE()).toBe(-0.1);
});

test.each([
  ['int8', 128],
  ['int16', -32_769],
  ['int32', 2 ** 31],
  ['int32', 0.5],
  ['int32', NaN],
  ['int64', NaN],
  ['int64', 0.5],
  ['int64', 2 ** 53],
] as const)('an %s of %d is not written as another number', (field, value) => {
  expect(() => new Body(true)[field](value)).toThrow(`${value} does not fit`);
});

test('a classic text that is too long for its length is refused', () => {
  expect(() => new Body(false).text('x'.repeat(32_768))).toThrow('32768 does not fit');
});
