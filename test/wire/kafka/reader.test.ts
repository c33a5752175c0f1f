import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Scanner, Writer } from '../../../source/simulator/kafka/bytes.js';
import { MalformedAnswer, Reader } from '../../../source/wire/kafka/reader.js';

test('reads what the simulator writes, in either encoding', () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.option(fc.string({ unit: 'grapheme' })),
      fc.maxSafeInteger(),
      fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
      (flexible, text, offset, values) => {
        const bytes = new Writer(flexible).text(text).int64(offset).int32s(values).tags().flag(true).bytes();
        const reader = new Reader(bytes, flexible);
        expect(reader.text()).toBe(text ?? undefined);
        expect(reader.int64()).toBe(offset);
        expect([...reader.int32s()]).toEqual(values);
        reader.tags();
        expect(reader.flag()).toBe(true);
        expect(reader.left).toBe(0);
        const scanner = new Scanner(bytes, flexible);
        expect(scanner.text()).toBe(text);
        expect(scanner.int64()).toBe(offset);
      },
    ),
  );
});

test.each([-1, 1_000_001, 2 ** 31 - 1])(
  'partition %i is malformed: its rows would fill the memory',
  number => {
    const bytes = new Writer(true).int32(number).bytes();
    expect(() => new Reader(bytes, true).partition()).toThrow(MalformedAnswer);
  },
);

test('an answer that was cut off anywhere is malformed, never read beyond its end', () => {
  const whole = new Writer(true).text('orders').int64(7).int32s([1, 2, 3]).tags().bytes();
  const read = (bytes: Buffer): void => {
    const reader = new Reader(bytes, true);
    reader.text();
    reader.int64();
    reader.int32s();
    reader.tags();
  };
  read(whole);
  for (let length = 0; length < whole.length; length++) {
    expect(() => read(whole.subarray(0, length))).toThrow(MalformedAnswer);
  }
});

test('a length that no answer can hold is malformed before memory is asked for', () => {
  const huge = new Writer(true).uvarint(4_000_000_000).bytes();
  expect(() => new Reader(huge, true).int32s()).toThrow(MalformedAnswer);
  expect(() => new Reader(huge, true).text()).toThrow(MalformedAnswer);
});

test('tagged fields of a newer broker are skipped', () => {
  const bytes = new Writer(true)
    .uvarint(2)
    .uvarint(0)
    .uvarint(3)
    .raw(Buffer.from('abc'))
    .uvarint(9)
    .uvarint(0);
  const reader = new Reader(bytes.int8(5).bytes(), true);
  reader.tags();
  expect(reader.int8()).toBe(5);
});
